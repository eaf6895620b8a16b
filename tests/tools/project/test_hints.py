"""What places of a project show of a value, and how far it is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.project.hints import Hints, hints
from archaeologist_tools.project.value_flow import ShownValues, Values, by_source, known_values
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import Module, parse, read_module

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts


def gathered(source: str) -> Hints:
    return hints(Index(parse(source.encode())))


def known(*sources: str) -> tuple[set[str], set[str]]:
    """Those of all roles, and of what they hold, that are no tuples; those that may be some."""
    files = [gathered(source) for source in sources]
    plain = {key for file in files for key in file.plain}
    tuples = {key for file in files for key in file.tuples}
    flows = [flow for file in files for flow in file.flows]
    roles = {*plain, *tuples, *(key for flow in flows for key in flow)}
    roles |= {f"{key}{part}" for key in roles for part in ("[]", "{}", "(0)", "(1)")}
    known_plain, known_tuples = map(Values, known_values(ShownValues(plain, tuples, by_source(flows), {})))
    return {key for key in roles if key in known_plain}, {key for key in roles if key in known_tuples}


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
        ("def f(x):\n    a, b = x.split(':', 1)\n    return b\n", "r:f"),
        ("def f(x):\n    a, b = 'a', x\n    return a\n", "r:f"),
        ("def f():\n    for a, b in [('a', x), ('b', y)]:\n        return a\n", "r:f"),
        ("def f(x):\n    for a, b in enumerate(x):\n        return a\n", "r:f"),
        ("def f(x):\n    for a, b in zip(x, ['a']):\n        return b\n", "r:f"),
        ("def f():\n    return 'a', x\n", "r:f(0)"),
        ("self.a, self.b = x, 'b'\n", "a:b"),
        ("VERSION = '1'\n", "g:VERSION"),
        ("class A(B):\n    def __init__(self, a):\n        super().__init__('a', k='b')\n", "p:B:k"),
        ("class A(B):\n    def __init__(self, a):\n        B.__init__(self, 'a')\n", "p:B:0"),
        ("f(x.quote(y))\n", "p:f:0"),
        ("f(x.get(y, 'a'))\n", "p:f:0"),
        ("d['k'] = 'a'\nf(x.get('k'))\n", "p:f:0"),
        ("self.a = {'k': 'v'}\nf(self.a[x])\n", "p:f:0"),
        ("self.a = {}\nself.a[x] = 'v'\nf(self.a[y])\n", "p:f:0"),
        ("self.a = {'k': 'v'}\nfor k, v in self.a.items():\n    f(v)\n", "p:f:0"),
        ("self.a = {'k': 'v'}\nfor v in self.a.values():\n    f(v)\n", "p:f:0"),
        ("d['k'] = []\nd['k'].append('v')\nf(d['k'].pop())\n", "p:f:0"),
        ("def g():\n    yield 'a'\nfor x in g():\n    f(x)\n", "p:f:0"),
        ("def f(a='b'): pass\n", "p:f:a"),
        ("def f(*, a='b'): pass\n", "p:f:a"),
        ("class A: pass\nf(A)\n", "p:f:0"),
        ("def g(): pass\nf(g)\n", "p:f:0"),
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
        ("def f(x):\n    a, b = 'a', (x,)\n    return b\n", "r:f"),
        ("def f(x):\n    for a, b in [('a', (x,))]:\n        return b\n", "r:f"),
        ("def f():\n    return 'a', (x,)\n", "r:f(1)"),
        ("self.a, self.b = x, (y,)\n", "a:b"),
        ("VERSION = (x,)\n", "g:VERSION"),
        ("f(x.get(y, (1,)))\n", "p:f:0"),
        ("d['k'].append((x,))\n", "k:k[]"),
        ("self.a[x] = (y,)\n", "a:a{}"),
        ("self.a = {'k': (x,)}\n", "a:a{}"),
        ("def g():\n    yield (x,)\n", "r:g[]"),
        ("def f(a=(1,)): pass\n", "p:f:a"),
        ("class A(B):\n    def __init__(self, a):\n        super().__init__((a,))\n", "p:B:0"),
    ],
)
def test_place_shows_that_a_value_may_be_a_tuple(source: str, key: str) -> None:
    assert key in gathered(source).tuples
    assert key not in known(source, f"{source}\nf('a')\nself.a = 'a'\n")[0]


@pytest.mark.parametrize(
    "source",
    [
        "f(a)\n",
        "f(None)\n",
        "A.__init__(f, 'a')\n",
        "f(x.get(y))\n",
        "f(x.get('k', z))\n",
        "f(*a)\n",
        "f(a.b.c())\n",
        "f((a, b))\n",
        "x = 'a'\n",
    ],
)
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


def test_parts_of_a_value_go_where_it_goes() -> None:
    plain, tuples = known(
        "def pair(x):\n    return x.lower(), (x,)\n",
        "def names(x):\n    return pair(x)\n",
        "def first(x):\n    a, b = names(x)\n    return a\ndef second(x):\n    a, b = names(x)\n    return b\n",
    )
    assert "r:first" in plain
    assert "r:second" in tuples


def test_what_is_in_a_value_goes_with_it_and_is_not_told_again() -> None:
    assert gathered("def f(x):\n    self.a = x\n").flows == {("p:f:x", "p:f:0"), ("a:a", "p:f:x")}
    shown = gathered("def f(x):\n    y = [g()] if x else x\n    self.a = y\n").flows
    assert {("a:a", "p:f:x"), ("a:a[]", "r:g")} <= shown
    assert ("a:a[]", "p:f:x[]") not in shown
    # Parts of parts are not followed as far, so they are told.
    assert ("a:a[][]", "p:f:x[]") in gathered("def f(x):\n    self.a.append(x)\n").flows


def test_name_of_a_module_is_known_where_it_is_imported() -> None:
    constant = "VERSION = '1'\n"
    read = "import app\ndef a():\n    return app.VERSION\n"
    taken = "from app import VERSION\ndef b():\n    return VERSION\n"
    assert {"r:a", "r:b"} <= known(constant, read, taken)[0]


def test_values_that_hold_themselves_come_to_an_end() -> None:
    known("def f(a):\n    return [f(a), f(a)[0]]\nself.a = [self.a]\nself.a.append(self.a)\n")


def test_objects_of_classes_and_arguments_of_inherited_constructors() -> None:
    facts = facts_of(
        "class Base:\n    def __init__(self, name):\n        self.name = name\n",
        "class Part(Base):\n    pass\nPart('x')\n",
        "from collections import namedtuple\nPair = namedtuple('Pair', 'a')\nx.pair, x.part = Pair(1), Part('y')\n",
        "class Odd(Base):\n    def __new__(cls, a): return (a,)\nx.odd = Odd(1)\n",
    )
    plain, tuples = facts.lookups.plain_values, facts.lookups.tuple_values
    assert all(key in plain for key in ("a:name", "a:part", "r:Part"))
    assert not any(key in plain for key in ("a:odd", "r:Odd", "a:pair", "r:Pair"))
    assert all(key in tuples for key in ("a:pair", "r:Pair"))


def test_calling_a_class_of_another_file_gives_an_object() -> None:
    facts = facts_of(
        "class Plain: pass\n", "class Odd:\n    def __new__(cls): return ()\nclass Odder(Odd): pass\n", "pass\n"
    )
    assert [pair for pair in facts.results if pair[0].endswith("d()") or pair[0].endswith("n()")] == [
        ("m0.Plain()", "instance")
    ]


def test_function_that_gives_no_tuple_says_so_to_other_files() -> None:
    facts = facts_of("def f(x):\n    return x - 1\ndef g(x):\n    return x\n", "pass\n")
    assert dict(facts.results) == {"m0.f()": "NoTuple"}


def facts_of(*sources: str) -> ProjectFacts:
    files = [(f"m{number}.py", source.encode()) for number, source in enumerate(sources)]
    modules = [read_module(path, data) for path, data in files]
    return merge([file_facts(module) for module in modules if isinstance(module, Module)])
