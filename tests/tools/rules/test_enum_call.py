"""AR067: what must stay, then what is written."""

from __future__ import annotations

from types import ModuleType

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

HEAD = "from enum import Enum, IntEnum, Flag, StrEnum\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("_X = Enum('X', 'A B')\n", "name"),
        ("X = Enum('X', 'A B')\nX = 1\n", "name"),
        ("X = Enum(name, 'A B')\n", "name"),
        ("def f():\n    X = Enum('X', 'A B')\n", "name"),
        ("class Y:\n    X = Enum('X', 'A B')\n", "name"),
        ("X = Enum('X', names)\n", "members"),
        ("X = Enum('X', 'A B', module='m')\n", "members"),
        ("X = Enum('X', 'A B', start=0)\n", "members"),
        ("X = Enum('X', 'A _B')\n", "members"),
        ("X = Enum('X', 'A A')\n", "members"),
        ("X = Enum('X', 'A mro')\n", "members"),
        ("X = Enum('X', 'A None')\n", "members"),
        ("X = Enum('X', [])\n", "members"),
        ("X = Enum('X', ['A', b])\n", "members"),
        ("X = Enum('X', [('A', b)])\n", "members"),
        ("X = Enum('X', [('A', 1), 'B'])\n", "members"),
        ("X = Enum('X', [('A', 1, 2)])\n", "members"),
        ("X = Enum('X', {'A': f()})\n", "members"),
        ("X = Enum('X', {**y})\n", "members"),
        ("X = Enum('X', {a: 1})\n", "members"),
        ("X = Enum('X', 'A B')  # why\n", "layout"),
        ("X = Enum('X', ['A',  # why\n    'B'])\n", "layout"),
        ("class X(object):\n    'doc'\n    A = 1\n    B = 2\n    C = 3\n", "plain-numbers"),
    ],
)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(HEAD + source, "AR067", reason)


@pytest.mark.parametrize(
    "source",
    [
        "X = Enum('X')\n",
        "X = Flag('X', 'A B')\n",
        "X = StrEnum('X', 'A B')\n",
        "X = Own('X', 'A B')\n",
        "class X(Base):\n    A = 1\n    B = 2\n    C = 3\n",
        "@f\nclass X:\n    A = 1\n    B = 2\n    C = 3\n",
        "class X:\n    A = 1\n    B = True\n    C = 3\n",
        "class X:\n    A = 1\n    B = 2\n",
        "class X:\n    A = 1\n    B = 2\n    C = 3\n    def f(self): pass\n",
    ],
)
def test_not_found(source: str) -> None:
    result = rewrite(HEAD + source, "AR067")
    assert not result.layers
    assert not result.refusals


X = "class X(Enum):\n    A = 1\n    B = 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("X = Enum('X', 'A B')\n", X),
        ("X = Enum('X', 'A,B')\n", X),
        ("X = Enum('X', ('A', 'B'))\n", X),
        ("X = Enum('X', [\n    'A',\n    'B',\n])\n", X),
        ("X = IntEnum('X', 'A B')\n", X.replace("Enum", "IntEnum")),
        ("X = Enum('X', {'A': 1, 'B': 0x2})\n", X.replace("2", "0x2")),
        ("X = Enum('X', [('A', 'a'), ('B', (1, 2))])\n", X.replace("1", "'a'").replace("2", "(1, 2)")),
        ("Y = Enum('Y', 'A B')\nX = Enum('X', 'A B')\nz = 1\n", X.replace("X", "Y") + "\n\n" + X + "\n\nz = 1\n"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(f"{HEAD}\n\n{before}", f"{HEAD}\n\n{after}", "AR067")


@pytest.mark.parametrize("members", ["'A B C'", "{'A': 'x', 'B': 'x', 'name': (1, 2)}"])
def test_members_are_the_same(members: str) -> None:
    source = f"from enum import Enum\nX = Enum('X', {members})\n"
    modules = [ModuleType("made"), ModuleType("made")]
    for module, text in zip(modules, (source, rewrite(source, "AR067").layers[-1].data.decode()), strict=True):
        exec(text, module.__dict__)
    old, new = (module.X for module in modules)
    assert [(key, member.name, member.value) for key, member in old.__members__.items()] == [
        (key, member.name, member.value) for key, member in new.__members__.items()
    ]
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        assert getattr(old, name) == getattr(new, name)
