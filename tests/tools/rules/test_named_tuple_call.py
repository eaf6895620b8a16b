"""AR066: what must stay, then what is written."""

from __future__ import annotations

import pickle
import sys
from types import ModuleType

import pytest

from archaeologist_tools.project.models import ProjectFacts
from support.rewriting import check_noop, check_transformed, rewrite

HEAD = "from collections import namedtuple\n"
TYPES = "from typing import Any, NamedTuple\n"

LEFT_ALONE = [
    ("class A(namedtuple('A', 'a')): pass\n", "base"),
    ("_X = namedtuple('X', 'a')\n", "name"),
    ("X = Y = namedtuple('X', 'a')\n", "name"),
    ("X = namedtuple('X', 'a')\nX = f(X)\n", "name"),
    ("X = namedtuple(name, 'a')\n", "name"),
    ("def f():\n    X = namedtuple('X', 'a')\n", "name"),
    ("class A:\n    X = namedtuple('X', 'a')\n", "name"),
    ("X = namedtuple(typename='X', field_names='a')\n", "name"),
    ("X = namedtuple('X', field_names='a')\n", "fields"),
    ("X = namedtuple('X', *y)\n", "fields"),
    ("X = namedtuple('X', names)\n", "fields"),
    ("X = namedtuple('X', ['a', b])\n", "fields"),
    ("X = namedtuple('X', ['a'] + b)\n", "fields"),
    ("X = namedtuple('X', 'a a')\n", "fields"),
    ("X = namedtuple('X', 'a class')\n", "fields"),
    ("X = namedtuple('X', 'a _b')\n", "fields"),
    ("X = namedtuple('X', 'a b-c')\n", "fields"),
    ("X = namedtuple('X', 'Any b')\n", "fields"),
    ("X = namedtuple('X', '')\n", "fields"),
    ("X = namedtuple('X', 'a', True)\n", "fields"),
    ("X = namedtuple('X', 'a', rename=True)\n", "options"),
    ("X = namedtuple('X', 'a', module='m')\n", "options"),
    ("X = namedtuple('X', 'a', **y)\n", "options"),
    ("X = namedtuple('X', 'a b', defaults=[None] * 2)\n", "options"),
    ("X = namedtuple('X', 'a b', defaults=(y,))\n", "options"),
    ("X = namedtuple('X', 'a', defaults=(1, 2))\n", "options"),
    ("X = namedtuple('X', 'a')\nprint(X.__annotations__)\n", "looks-at-types"),
    ("X = namedtuple('X', 'a')\nprint(inspect.signature(X))\n", "looks-at-types"),
    ("X = namedtuple('X', 'a')\nAny = 1\n", "name-taken"),
    ("X = namedtuple('X', 'a')  # why\n", "layout"),
    ("X = namedtuple('X', [  # why\n    'a'])\n", "layout"),
    ("X = namedtuple('X', 'a'); y = 1\n", "layout"),
    ("if y: X = namedtuple('X', 'a')\n", "layout"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(HEAD + source, "AR066", reason)


def test_module_of_the_project_that_hides_typing() -> None:
    facts = ProjectFacts(modules=("typing",))
    check_noop(f"{HEAD}X = namedtuple('X', 'a')\n", "AR066", "name-taken", facts=facts)


def test_other_functions_of_that_name() -> None:
    for head in ("", "from .compat import namedtuple\n", HEAD + "namedtuple = f(namedtuple)\n"):
        result = rewrite(head + "X = namedtuple('X', 'a')\n", "AR066")
        assert not result.layers
    assert not result.refusals


X = "class X(NamedTuple):\n    a: Any\n    b: Any\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("X = namedtuple('X', 'a b')\n", X),
        ("X = namedtuple('X', 'a, b')\n", X),
        ("X = namedtuple('X', ['a', 'b'])\n", X),
        ("X = namedtuple(\n    'X',\n    (\n        'a',\n        'b',\n    ),\n)\n", X),
        ("X = namedtuple('X', 'a b', defaults=(None,))\n", X.replace("b: Any", "b: Any = None")),
        (
            "X = namedtuple('X', 'a b', defaults=[1, 'x'])\n",
            X.replace("a: Any\n    b: Any", "a: Any = 1\n    b: Any = 'x'"),
        ),
        ("# of X\nX = namedtuple('X', 'a b')\n\ny = 1\n", f"# of X\n{X}\n\ny = 1\n"),
        ("Y = namedtuple('Y', 'a b')\nX = namedtuple('X', 'a b')\n", X.replace("X", "Y") + "\n\n" + X),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    result = check_transformed(f"{HEAD}\n\n{before}", f"{TYPES}\n\n{after}", "AR066")
    assert {edit.evidence for layer in result.layers for edit in layer.edits} == {"proved"}


def test_blank_lines_and_indentation() -> None:
    before = "x = 1\nX = namedtuple('X', 'a b')\ny = 1\n"
    check_transformed(HEAD + before, f"{TYPES}x = 1\n\n\n{X}\n\ny = 1\n", "AR066")
    before = "x = 1\n# of\n# X\nX = namedtuple('X', 'a b')\n# of y\ny = 1\n"
    check_transformed(HEAD + before, f"{TYPES}x = 1\n\n\n# of\n# X\n{X}\n\n# of y\ny = 1\n", "AR066")
    inner = X.replace("    ", "\t\t").replace("class", "\tclass").replace("\n", "\r\n")
    head = TYPES.replace("\n", "\r\n")
    before = "if y:\n\tX = namedtuple('X', 'a b')\n"
    check_transformed((HEAD + before).replace("\n", "\r\n"), f"{head}if y:\r\n{inner}", "AR066")


def made(source: str) -> ModuleType:
    module = ModuleType("made")
    exec(source, module.__dict__)
    return module


@pytest.mark.parametrize(
    "source", ["X = namedtuple('X', 'a count index')\n", "X = namedtuple('X', 'a b', defaults=(1,))\n"]
)
def test_class_is_the_same(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = made(HEAD + source).X, made(rewrite(HEAD + source, "AR066").layers[-1].data.decode()).X
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__bases__", "_fields", "_field_defaults"):
        assert getattr(old, name) == getattr(new, name)
    values = range(len(old._fields))
    assert repr(old(*values)) == repr(new(*values))
    monkeypatch.setitem(sys.modules, "made", made(""))
    sys.modules["made"].X = new  # type: ignore[attr-defined]  # as importing the module would
    assert pickle.loads(pickle.dumps(new(*values))) == old(*values)
