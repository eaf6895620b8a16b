"""What places of a project show of a value, and how far it is followed."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.hints import Hints, hints, settled
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import parse


def gathered(source: str) -> Hints:
    return hints(Index(parse(source.encode())))


def known(*sources: str) -> tuple[set[str], set[str]]:
    return settled([gathered(source) for source in sources])


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("f('a')\n", "p:f:0"),
        ("f(b='%s' % x)\n", "p:f:b"),
        ("x.m(1, len(y))\n", "p:m:1"),
        ("class A:\n    def __init__(self, b): pass\nA('x')\n", "p:A:b"),
        ("self.a = 'x' + y\n", "a:a"),
        ("class A:\n    a = 1\n", "a:a"),
        ("d['k'] = str(x)\n", "k:k"),
        ("d = {'k': []}\n", "k:k"),
        ("dict(k=1)\n", "k:k"),
        ("def f():\n    return x.strip()\n", "r:f"),
        ("def f():\n    return y or 'a'\n", "r:f"),
        ("self.a = ['x', y]\n", "a:a[]"),
        ("self.a.append('x')\n", "a:a[]"),
        ("self.a = x.split()\n", "a:a[]"),
    ],
)
def test_place_shows_that_a_value_is_no_tuple(source: str, key: str) -> None:
    assert key in gathered(source).plain or key in known(source)[0]


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("f((a,))\n", "p:f:0"),
        ("f(tuple(a))\n", "p:f:0"),
        ("f((*a, b))\n", "p:f:0"),
        ("self.a = x or (1,)\n", "a:a"),
        ("d['k'] = m.groups()\n", "k:k"),
        ("def f():\n    return (1,)\n", "r:f"),
        ("self.a = [(x,)]\n", "a:a[]"),
    ],
)
def test_place_shows_that_a_value_may_be_a_tuple(source: str, key: str) -> None:
    assert key in gathered(source).tuples
    assert key not in known(source, f"{source}\nf('a')\nself.a = 'a'\n")[0]


@pytest.mark.parametrize("source", ["f(a)\n", "f(None)\n", "f(*a)\n", "f(a.b.c())\n", "f((a, b))\n", "x = 'a'\n"])
def test_place_shows_nothing(source: str) -> None:
    found = gathered(source)
    assert not {"p:f:0"} & (found.plain | found.tuples)


def test_value_is_followed_through_parameters_attributes_and_results() -> None:
    made = "class A:\n    def __init__(self, name):\n        self.name = name\n"
    used = "def label(a):\n    return a.name\nA('x')\n"
    plain, tuples = known(made, used)
    assert {"p:A:name", "a:name", "r:label"} <= plain
    assert not tuples


def test_one_tuple_spoils_all_that_it_flows_into() -> None:
    made = "class A:\n    def __init__(self, name):\n        self.name = name\n"
    plain, tuples = known(made, "A('x')\n", "A((1,))\n", "def label(a):\n    return a.name\n")
    assert {"a:name", "r:label"} <= tuples
    assert not {"p:A:name", "a:name", "r:label"} & plain


def test_elements_flow_with_their_container() -> None:
    plain, _ = known("self.names = ['a']\n", "def names(self):\n    return self.names\n", "f(x.names())\n")
    assert {"a:names[]", "r:names[]", "p:f:0[]"} <= plain


def test_followed_values_come_to_an_end() -> None:
    assert known("def f(a):\n    return f(f(a))\nself.a = self.a\n") == (set(), set())
