"""What a wrong edit meets: it is taken out alone, and nothing is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.base import AnyRule, Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.comments import drop_head_comments
from archaeologist_tools.engine.guard import Checked, read_for
from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.engine.trial import Trial
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.module import Module

if TYPE_CHECKING:
    from archaeologist_tools.engine.trial import Outcome

RULE: AnyRule = find_rule("AR020")
SOURCE = b"a = 1\nb = 2\ndef f(x, y=3):\n    return x  # why\nclass C:\n    pass\n"


def checked(data: bytes = SOURCE, target: tuple[int, int] = (3, 7)) -> Checked:
    module = read_for("app.py", data, target)
    assert isinstance(module, Module)
    return Checked(module)


def edit(before: str, after: str, data: bytes = SOURCE, rule: str = "AR020") -> Edit:
    start = data.decode().index(before)
    span = Span(start, start + len(before), 1, 1)
    return make_edit(rule, "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")


def run(*edits: Edit, rule: AnyRule = RULE, data: bytes = SOURCE) -> Outcome:
    return Trial([rule], checked(data), ProjectFacts()).run(edits)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("b = 2", "b = = 2", "no longer parses"),
        ("b = 2", "(b := 2)", "no longer parses as Python 3.7"),
        ("b = 2", "return 2", "no longer compiles"),
        ("y=3", "z=3", "parameters changed"),
        ("y=3", "y", "parameters changed"),
        ("class C:\n    pass\n", "", "classes, functions"),
        ("return x  # why", "'text'  # why", "its docstrings, classes"),
        ("pass", "'text'", "its docstrings, classes"),
        ("a = 1", "'text'", "docstring came or went"),
        ("return x  # why", "return x", "comment got lost"),
        ("return x  # why", "return x  # other", "comment got lost"),
        ("a = 1", "# coding: latin-1", "encoding changed"),
        ("b = 2", "b = '\udc80'", "cannot be written"),
    ],
)
def test_wrong_edit_is_taken_back_and_the_right_one_stays(before: str, after: str, complaint: str) -> None:
    good = edit("a = 1", "a = 10") if before != "a = 1" else edit("b = 2", "b = 20")
    outcome = run(good, edit(before, after))
    assert outcome.edits == (good,)
    assert good.after in outcome.checked.module.data.decode()
    (refusal,) = outcome.refusals
    assert refusal.code == "check-failed"
    assert complaint in refusal.message


@pytest.mark.parametrize(
    ("source", "first", "second", "complaint"),
    [
        ("class C:\n    a = 1\n    b = 2\n", ("    a = 1\n", ""), ("    b = 2\n", ""), "no longer parses"),
        ("import a\nb = 1\n", ("import a\n", ""), ("b = 1", "'text'"), "docstring came or went"),
        ("class C:\n    a = 1\n    b = 1\n", ("    a = 1\n", ""), ("b = 1", "'text'"), "its docstrings"),
        ("class C:\n    def f(self, a):\n        pass\n", ("self, ", ""), ("a)", "b)"), "parameters changed"),
        ("def f():\n    a = 1\n    b = 1\n", ("    a = 1\n", ""), ("b = 1", "'text'"), "its docstrings"),
        ("if a:\n    b = 1\n    c = 1\n", ("    b = 1\n", ""), ("    c = 1\n", "\n"), "no longer parses"),
    ],
)
def test_two_edits_that_are_wrong_together_in_a_block(
    source: str, first: tuple[str, str], second: tuple[str, str], complaint: str
) -> None:
    data = source.encode()
    (refusal, *_) = run(edit(*first, data), edit(*second, data), data=data).refusals
    assert complaint in refusal.message


@pytest.mark.parametrize(
    ("source", "before", "dropped"),
    [
        ("# a\n\n# b\nx = 1\n", "# b\n", True),
        ("# a\n\n# b\nx = 1\n", "# a\n\n", True),
        ("# a\n\n# b\nx = 1\n", "# a\n\n#", False),
        ("# a\n\n# b\nx = 1\n", "# b\nx = 1\n", False),
        ("'''a\n# b\n'''\n", "# b\n", False),
        ("x = 1\n# b\n\ny = 2\n", "# b\n", False),
    ],
)
def test_lines_above_all_code_are_told_without_a_tree(source: str, before: str, *, dropped: bool) -> None:
    module = Module("app.py", source.encode(), "utf-8")
    assert drop_head_comments(module, [edit(before, "", source.encode())]) is dropped
    assert "tree" not in vars(module)
    assert not drop_head_comments(module, [edit(before, "#\n", source.encode())])


def test_claims_that_are_all_wrong_are_all_taken_back() -> None:
    claims = [edit("a = 1", "a = 10", rule="AR104"), edit("b = 2", "b = 20", rule="AR104")]
    outcome = run(*claims, rule=find_rule("AR104"))
    assert outcome.edits == ()
    assert ["the compiler makes other code" in refusal.message for refusal in outcome.refusals] == [True, True]


def test_file_is_not_read_again_as_a_whole_where_all_is_well() -> None:
    source = SOURCE + b"class D(object):\n    def f(self): return (1)\nif a:\n    if b:\n        a = (3)\n"
    changes = [("b = 2", "b = 3"), ("(1)", "1"), ("(object)", ""), ("(3)", "3")]
    outcome = run(*(edit(*change, source) for change in changes), data=source)
    assert len(outcome.edits) == len(changes)
    assert "tree" not in vars(outcome.checked.module)


def test_import_goes_where_a_new_text_has_its_name_but_does_not_use_it() -> None:
    source = b"import os\nb = 2\nclass A(object):\n    def f(self): return os.x\n"
    head, used = edit("(object)", "", source), edit("os.x", "'the os'", source)
    outcome = run(head, used, data=source)
    assert outcome.checked.module.data == b"b = 2\nclass A:\n    def f(self): return 'the os'\n"
    assert "tree" not in vars(outcome.checked.module)
    kept = run(head, edit("os.x", "'the os' + os.y", source), data=source)
    assert kept.checked.module.data.startswith(b"import os\n")


@pytest.mark.parametrize(
    ("source", "start", "end", "after", "complaint"),
    [
        (b"a = 1\n\n# coding: latin-1\nb = 2\n", 0, 6, "", "its encoding changed"),
        (b"\xef\xbb\xbfb = 2\n", 0, 0, "   ", "no longer parses"),
    ],
)
def test_edit_at_the_head_that_changes_how_the_file_is_read(
    source: bytes, start: int, end: int, after: str, complaint: str
) -> None:
    before, span = source[start:end].decode(), Span(start, end, 1, 1)
    change = make_edit("AR020", "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")
    (refusal,) = run(change, data=source).refusals
    assert complaint in refusal.message


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        (b"# coding: latin-1\n\n\nb = '\xe4'\n", "b = ", "c = "),
        (b"from __future__ import barry_as_FLUFL\nb = 1\n", "b = 1", "b = 2"),
    ],
)
def test_file_is_read_as_a_whole_where_a_part_could_be_read_in_another_way(
    source: bytes, before: str, after: str
) -> None:
    start = source.index(before.encode())
    span = Span(start, start + len(before), 1, 1)
    change = make_edit("AR020", "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")
    outcome = run(change, data=source)
    assert outcome.edits == (change,)
    assert "tree" in vars(outcome.checked.module)


def test_two_edits_that_are_only_wrong_together() -> None:
    source = b"x = (1)\n"
    opening, closing = edit("(", "", source), edit(")", "", source)
    outcome = run(opening, closing, data=source)
    assert outcome.edits == (opening, closing)
    assert outcome.checked.module.data == b"x = 1\n"


def test_of_two_that_clash_the_first_stays() -> None:
    source = b"def f():\n    a = 1\n    b = 2\n    return a\n"
    # Each alone leaves a statement in the body; together they leave none.
    source = b"if x:\n    a = 1\n    b = 2\n"
    first, second = edit("    a = 1\n", "", source), edit("    b = 2\n", "", source)
    outcome = run(first, second, data=source)
    assert outcome.edits == (first,)
    assert outcome.checked.module.data == b"if x:\n    b = 2\n"
    assert [refusal.code for refusal in outcome.refusals] == ["check-failed"]


def test_many_good_edits_survive_one_bad_one() -> None:
    source = b"".join(b"v%03d = 1\n" % number for number in range(60))
    edits = [edit(f"v{number:03} = 1", f"v{number:03} = 2", source) for number in range(60)]
    edits[37] = edit("v037 = 1", "v037 = (", source)
    outcome = run(*edits, data=source)
    assert len(outcome.edits) == 59
    assert outcome.checked.module.data.count(b" = 2") == 59


def test_adopted_identical_rule_needs_the_compilers_word() -> None:
    rule = find_rule("AR106")
    source = b"x = 1;\ny = 2;\n"
    good, bad = edit("x = 1;", "x = 1", source, "AR106"), edit("y = 2;", "y = 3", source, "AR106")
    outcome = run(good, bad, rule=rule, data=source)
    assert outcome.checked.module.data == b"x = 1\ny = 2;\n"
    assert "other code" in outcome.refusals[0].message


def test_file_that_never_fitted_the_target_is_not_held_to_it() -> None:
    source = b"(a := 1)\nb = 2\n"
    outcome = run(edit("b = 2", "b = 3", source), data=source)
    assert outcome.checked.module.data == b"(a := 1)\nb = 3\n"


def test_edits_that_overlap_are_not_applied_together() -> None:
    first, second = edit("a = 1\nb", "a = 10\nb"), edit("b = 2", "b = 20")
    outcome = run(first, second)
    assert outcome.edits == (first,)
    assert [refusal.code for refusal in outcome.refusals] == ["check-failed"]
    assert "overlap" in outcome.refusals[0].message


def test_claim_that_the_encoding_cannot_write_is_refused() -> None:
    rule = find_rule("AR106")
    source = b"# coding: latin-1\nx = 1;\n"
    outcome = run(edit("x = 1;", "x = '\u2022'", source, "AR106"), rule=rule, data=source)
    assert outcome.edits == ()
    assert [refusal.code for refusal in outcome.refusals] == ["check-failed"]


@pytest.mark.parametrize(
    ("source", "before", "after", "kept"),
    [
        # Without the import the compiler counts, with it the text stays.
        ("x: 1 + 2 = 1\n", "1 + 2", "3", True),
        ("from __future__ import annotations\nx: 1 + 2 = 1\n", "1 + 2", "3", False),
        ("x = 1\ny = u'a'\n", "u'a'", "'a'", True),
        ("x = 1\ny = u'a'\n", "u'a'", "b'a'", False),
        ("# coding: utf-8\n# coding: latin-1\nx = 1\n", "# coding: utf-8\n", "", False),
        ("# coding: utf-8\n# why\nx = 1\n", "# coding: utf-8\n", "", True),
        ("if x:\n    x = (1)\n", "(1)", "1", True),
        ("x: u'a' = 1\n", "u'a'", "'a'", True),
        ("from __future__ import annotations\nx: u'a' = 1\n", "u'a'", "'a'", False),
    ],
)
def test_claim_is_weighed_by_the_statements_it_is_in(source: str, before: str, after: str, *, kept: bool) -> None:
    rule = find_rule("AR037")
    outcome = run(edit(before, after, source.encode(), "AR037"), rule=rule, data=source.encode())
    assert bool(outcome.edits) is kept
    assert all("other code" in refusal.message for refusal in outcome.refusals)


@pytest.mark.parametrize(
    ("before", "after"),
    [("a = 1", "return 1"), ("return self", "nonlocal b"), ("b = 2", "break"), ("b = 2", "b = f(x=1, x=1)")],
)
def test_edit_in_a_class_has_to_compile(before: str, after: str) -> None:
    source = b"class A(object):\n    a = 1\n\n    def f(self):\n        return self\n\n    class C:\n        b = 2\n"
    outcome = run(edit("(object)", "", source), edit(before, after, source), data=source)
    assert [kept.after for kept in outcome.edits] == [""]
    assert "no longer compiles" in outcome.refusals[0].message


SUITES = b"""\
def f(x):
    if x:
        x = 1
    for y in x:
        x = 2
    return lambda: y

async def g():
    if f:
        h = 3
    yield 4
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1", "continue"),
        ("x = 1", "await y"),
        ("x = 1", "from os import *"),
        ("x = 1", "global x"),
        ("x = 1", "nonlocal x"),
        ("x = 1", "from __future__ import division"),
        ("h = 3", "return 1"),
        ("async def g", "from __future__ import division\nasync def g"),
    ],
)
def test_edit_in_a_suite_has_to_compile(before: str, after: str) -> None:
    outcome = run(edit("x = 2", "break", SUITES), edit(before, after, SUITES), data=SUITES)
    assert [kept.after for kept in outcome.edits] == ["break"]
    assert "no longer compiles" in outcome.refusals[0].message


def test_name_that_is_declared_global_is_looked_for_in_all_of_a_function() -> None:
    source = b"def f():\n    if a:\n        a = 1\n    global b\n    b = 2\n"
    outcome = run(edit("a = 1", "b = 1", source), data=source)
    assert "no longer compiles" in outcome.refusals[0].message


def test_comment_beside_an_edit_has_to_stay() -> None:
    source = b"class A:\n    a = '#'  # why\n\n    def f(self):\n        return '%s#' % self  # so\n"
    good, bad = edit("'%s#' % self", "f'{self}#'", source), edit("'#'  # why", "'# why'", source)
    outcome = run(good, bad, data=source)
    assert outcome.edits == (good,)
    assert "comment got lost" in outcome.refusals[0].message
