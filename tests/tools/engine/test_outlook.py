"""After a round nothing is looked at again that is known, and what comes out is the same as if it were."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine import grafts, progress
from archaeologist_tools.engine.base import Evidence, Refusal, Span, make_edit
from archaeologist_tools.engine.candidates import Candidates, own_candidates
from archaeologist_tools.engine.guard import Checked, read_for
from archaeologist_tools.engine.outlook import Outlook, outlook
from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.engine.sieve import Sieve
from archaeologist_tools.engine.sweep import FileRewrite, rewrite_files
from archaeologist_tools.engine.trial import Trial
from archaeologist_tools.engine.view import View
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source import module as modules
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import rewrite

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from archaeologist_tools.engine.parts import Part

ROOT = Path(__file__).parents[3]
ALL = [rule.code for rule in all_rules()]
TEXTS = [text for rule in all_rules() for text in (*rule.valid, *(pair[0] for pair in rule.invalid))]
SNIPPETS = [text for text in TEXTS if isinstance(read_module("app.py", text.encode(), (3, 8)), Module)]
PLAIN = "x = '%s!' % (y,)\n"


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files of which a tree was made."""
    seen: list[bytes] = []
    parse, graft = modules.parse, grafts.graft

    def noted(data: bytes | str, *, feature_version: tuple[int, int] | None = None) -> ast.Module:
        seen.extend([data] * isinstance(data, bytes))  # type: ignore[list-item]  # bytes, when there is one
        return parse(data, feature_version=feature_version)

    def noted_graft(before: Module, after: Module, changed: Sequence[Part]) -> None:
        seen.append(after.data)
        graft(before, after, changed)

    monkeypatch.setattr(modules, "parse", noted)
    monkeypatch.setattr(progress, "graft", noted_graft)
    return seen


@pytest.mark.parametrize(
    ("source", "times"),
    [
        (PLAIN, 1),
        (PLAIN + "z = '%s!' % y\n", 1),
        ("z = '%s!' % y\n" + PLAIN + "z = '%s!' % y\n", 1),
        ("class A(object):\n    def f(self):\n        super(A, self).f()\n        return '%s' % y\n", 1),
        ("from __future__ import division\nimport a\n" + PLAIN, 1),
        ("# coding: utf-8\nfrom __future__ import division\n\nimport a\n", 1),
        # What rests on values and names alone, though its rules may change both.
        (PLAIN + "d.iteritems()\nz = unicode(1)\n", 1),
        (PLAIN + "import sys\nif sys.version_info >= (3, 9):\n    f()\n", 1),
        (PLAIN + "z = 'at ' + a + '.'\nz = ' '.join(['at', a])\n", 1),
        # What may come of another look: an edit that waits, something on the same lines, a rule that sees more than
        # values and found something, edits that change values, a class that is seen as a whole.
        ("x = '%d %s!' % (len('%s!' % (y,)), x)\n", 2),
        ("x = '%s!' % (y,), '%s!' % y\n", 2),
        (PLAIN + "f = open('a')\nf.read()\n", 2),
        ("x = '%s!' % (y,), d.iteritems()\n", 2),
        ("x = ' '.join(['at', str(len(a))])\nz = 'a' in y\n", 2),
        ("class A(object):\n    X = 1\n    Y = 2\n    Z = 3\n", 2),
    ],
)
def test_tree_is_made_again_only_where_more_may_come_of_it(source: str, times: int, whole: list[bytes]) -> None:
    result = rewrite(source, *ALL)
    assert result.layers
    assert len(whole) == times
    again = rewrite(result.layers[-1].data, *ALL)
    assert (again.layers, again.refusals) == ((), result.refusals)


CLASS = "class A(object):\n    X = 1\n    Y = y\n    Z = 3\n"


def asked(source: str, *changes: tuple[str, str], rule: str = "AR001", left: str = "") -> set[str] | None:
    """The rules that have to be asked after a rule made some edits, each of a text that is there once.

    AR002 may have left something in the last line alone, for a reason.
    """
    module = read_for("app.py", source.encode(), (3, 8))
    assert isinstance(module, Module)
    edits = []
    for before, after in changes:
        start = source.index(before)
        span = Span(start, start + len(before), *module.position(start))
        edits.append(
            make_edit(rule, "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")
        )
    rules = [rule for rule in all_rules() if rule.rewrites]
    outcome = Trial(rules, Checked(module), ProjectFacts()).run(edits)
    assert len(outcome.own) == len(edits)
    view = View(module, (3, 8), ProjectFacts())
    sieve = Sieve(rules, ProjectFacts())
    found = {rule.code: own_candidates(rule, view) for rule in sieve.through(module) if not rule.adopts}
    last = Span(len(source) - 1, len(source) - 1, source.count("\n"), 1)
    found["AR002"] = Candidates(refusals=[Refusal("AR002", "app.py", last, left, "said so")] if left else [])
    result = outlook(sieve, {**found, rule: Candidates(edits)}, outcome, view).asked
    return None if result is None else {*result}


@pytest.mark.parametrize(
    ("source", "before", "after", "expected"),
    [
        ("x = y\nz = 1\n", "y", "w", set()),
        ("x = y\nz = 1\n", "y", "'%s' % w", {"AR001"}),
        ("x = (y,\n     1)\n", "1", "'%s' % w", {"AR001"}),
        ("def f():\n    x = y\n    return '%s' % z\n", "y", "w", set()),
        ("x = y\n", "y", "super(A, B)", {"AR021"}),
        ("x = y\n", "y", "f'''\n\n{super(A, B)}'''", {"AR021"}),
        ("import socket\nx = y\n", "y", "socket.error", {"AR036"}),
        ("import socket\nx = y\n", "y", "sockets.error", set()),
        ("class A:\n    def f(self):\n        x = y\n", "y", "super(A, B)", {"AR021"}),
        ("class A(B):\n    x = 1\n", "(B)", "(object, B)", {"AR020"}),
        ("class A:\n    class B(C):\n        x = 1\n", "(C)", "(object, C)", {"AR020"}),
        ("@y\ndef f():\n    pass\n", "y", "super(A, B)", {"AR021"}),
        (CLASS, "y", "2", {"AR020", "AR067"}),
        (CLASS.replace("(object)", ""), "y", "2", {"AR067"}),
        (CLASS.replace("object", "B"), "y", "2", set()),
        ("if z:\n    class A:\n        X = 1\n        Y = y\n        Z = 3\n", "y", "2", {"AR067"}),
        ("class A:\n    def f(self):\n        if z:\n            x = y\n", "y", "super(A, B)", {"AR021"}),
        # A class in a function ends above the line that went.
        (
            "def f():\n    class A:\n        X = 1\n        Y = 2\n        Z = 3\n        pass\n",
            "        pass\n",
            "",
            {"AR067"},
        ),
        # What an object is cannot be told from an excerpt.
        ("x = y\n", "y", "z.error('%s' % w)", {"AR001", "AR003"}),
        ("x = y\n", "y", "log.info('%s' % w)", {"AR001", "AR003"}),
    ],
)
def test_rule_is_asked_again_where_edits_leave_it_something(
    source: str, before: str, after: str, expected: set[str]
) -> None:
    assert asked(source, (before, after)) == expected


def test_class_is_seen_with_all_that_edits_did_to_it() -> None:
    source = CLASS.replace("object", "B")
    assert asked(source, ("(B)", "(object, B)"), ("y", "2")) == {"AR020"}


LONG = f"x = y + {'1' * 90}\nz = 1\n"


@pytest.mark.parametrize(
    ("change", "left", "again"),
    [
        (("y", "w"), "too-long", False),
        (("1" * 90, "1" * 80), "too-long", True),
        (("1" * 90, "1" * 80), "bare-operand", False),
        (("y", "w"), "nested-legacy", True),
    ],
)
def test_what_rests_on_the_length_of_lines_is_asked_again_when_that_changed(
    change: tuple[str, str], left: str, again: bool
) -> None:
    assert asked(LONG, change, left=left) == ({"AR002"} if again else set())


def test_all_rules_are_asked_after_edits_that_change_values() -> None:
    assert asked("x = y\n", ("y", "w"), rule="AR005") is None


def rewritten(sources: list[bytes]) -> list[FileRewrite]:
    files = [(f"app{number}.py", source) for number, source in enumerate(sources)]
    return rewrite_files(files, rules=ALL, target=(3, 8), facts=ProjectFacts())


def joined(count: int, seed: int) -> list[str]:
    """Files of examples of the rules, in functions and classes; one at least is of a rule that keeps values."""
    draw = random.Random(seed)
    heads = ["", "", "def f(self):\n", "class A(object):\n", "class A:\n", "if y:\n"]
    anywhere = [snippet for snippet in SNIPPETS if "__future__" not in snippet and "coding" not in snippet]
    keeping = [pair[0] for rule in all_rules() if rule.keeps_values for pair in rule.invalid if pair[0] in anywhere]
    found = []
    for _ in range(count):
        parts = draw.sample([draw.choice(keeping), *draw.choices(anywhere, k=2)], k=3)
        found.append("".join(indented(part, draw.choice(heads)) for part in parts))
    return found


def indented(text: str, head: str) -> str:
    return head + "".join(("    " if head and line.strip() else "") + line for line in text.splitlines(keepends=True))


BOUND_ONCE = """\
import os, sys
class A:
    if sys.version_info[0] < 3:
        X = 'a/'
    else:
        X = 'b'
    Y = os.path.exists(os.path.join('y', X))
"""


def test_what_comes_out_is_the_same_as_if_all_was_read_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = (ROOT / "fixtures", ROOT / "tests", ROOT / "tools" / "archaeologist_tools" / "rules")
    sources = [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.py"))]
    sources += [text.encode() for text in (*SNIPPETS, *joined(300, seed=1), BOUND_ONCE)]
    skipped = 0

    def counted(*given: object) -> Outlook:
        nonlocal skipped
        found = outlook(*given)  # type: ignore[arg-type]  # handed through
        skipped += found.asked is not None
        return found

    monkeypatch.setattr(progress, "outlook", counted)
    results = rewritten(sources)
    monkeypatch.setattr(progress, "outlook", lambda *_: Outlook())
    monkeypatch.setattr(progress, "graft", lambda *_: None)
    expected = rewritten(sources)
    assert [one for one, other in zip(results, expected, strict=True) if one != other] == []
    assert skipped > len(SNIPPETS) // 2
