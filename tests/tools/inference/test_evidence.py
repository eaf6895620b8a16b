"""What the code itself shows of a value, and what it must not be taken to show."""

from __future__ import annotations

import textwrap

import pytest

from support.inference import seen

_NO_TUPLE = [
    pytest.param("x = 'a'\nuse(x)", id="literal"),
    pytest.param("x = 'a'\nx = x + 'b'\nuse(x)", id="sum"),
    pytest.param("x = len('a')\nuse(x)", id="builtin"),
    pytest.param("import os\nx = os.getcwd()\nuse(x)", id="standard-library"),
    pytest.param("def f(x: str):\n    use(x)", id="annotation"),
    pytest.param("def f(x: 'int | None'):\n    use(x)", id="text-annotation"),
    pytest.param("from typing import Optional\ndef f(x: Optional[str]):\n    use(x)", id="optional"),
    pytest.param("def f(x):\n    if isinstance(x, str):\n        use(x)", id="isinstance"),
    pytest.param("def f(x):\n    if isinstance(x, tuple):\n        return\n    use(x)", id="not-a-tuple"),
    pytest.param("def f(x):\n    return isinstance(x, str) and use(x)", id="and"),
    pytest.param("def f(x):\n    assert isinstance(x, (str, int))\n    use(x)", id="assert"),
    pytest.param("def f(x):\n    if x == 'a':\n        use(x)", id="equal"),
    pytest.param("def f(x):\n    if x in ('a', 'b'):\n        use(x)", id="among"),
    pytest.param("x = ('b',) if y else 'a'\nif x == 'a':\n    use(x)", id="equal-text"),
    pytest.param("def f(x):\n    x.strip()\n    use(x)", id="method-before"),
    pytest.param("def f(x):\n    try:\n        return int(x)\n    except ValueError:\n        use(x)", id="failed-int"),
    pytest.param("for x in ['a', 1]:\n    use(x)", id="items"),
    pytest.param("def f():\n    v = []\n    v.append('a')\n    for x in v:\n        use(x)", id="appended"),
    pytest.param("def f(d):\n    for k, v in {'a': 1}.items():\n        use(v)", id="unpacked"),
    pytest.param("try:\n    pass\nexcept ValueError as e:\n    use(e)", id="exception"),
    pytest.param(
        "class A:\n    def __init__(self):\n        self.v = 'a'\n    def f(self):\n        use(self.v)", id="attr"
    ),
    pytest.param("class A:\n    def f(self):\n        use(self)", id="self"),
    pytest.param(
        "class A:\n    def n(self):\n        return 'a'\n    def f(self):\n        use(self.n())", id="method"
    ),
    pytest.param("def _f(x):\n    use(x)\n_f('a')\n_f(1)", id="private-calls"),
    pytest.param("def g():\n    return 'a'\nuse(g())", id="function"),
    pytest.param("def f(d):\n    if isinstance(d['k'], str):\n        use(d['k'])", id="item-guard"),
    pytest.param("import re\nm = re.match('a', 'b')\nuse(m.group(1))", id="one-group"),
]

_UNKNOWN = [
    pytest.param("def f(x):\n    use(x)", id="parameter"),
    pytest.param("def f(x='a'):\n    use(x)", id="default-alone"),
    pytest.param("def f(*x):\n    use(x)", id="starred-parameter"),
    pytest.param("def f(x: 'tuple | str'):\n    use(x)", id="may-be-tuple"),
    pytest.param("from typing import Iterable\ndef f(x: Iterable):\n    use(x)", id="iterable"),
    pytest.param("class Text: pass\ndef f(x: Text):\n    use(x)", id="own-class"),
    pytest.param("from other import Text\ndef f(x: Text):\n    use(x)", id="imported-class"),
    pytest.param("def f(x: Sub[str]):\n    use(x)", id="notation"),
    pytest.param("x = 'a'\nif use:\n    x = g()\nuse(x)", id="one-branch"),
    pytest.param("x = 'a'\nfor _ in g():\n    use(x)\n    x = g()", id="loop-leads-back"),
    pytest.param("x = 'a'\ntry:\n    x = g()\nexcept E:\n    pass\nuse(x)", id="try"),
    pytest.param("x = 'a'\nwith g() as x:\n    use(x)", id="with"),
    pytest.param("def f(x):\n    if isinstance(x, str):\n        x = g()\n        use(x)", id="bound-behind-test"),
    pytest.param("def f(x):\n    if isinstance(x, str) or x:\n        use(x)", id="or"),
    pytest.param("def f(x):\n    if not isinstance(x, str):\n        use(x)", id="not"),
    pytest.param("def f(x):\n    while isinstance(x, str):\n        x = g()\n    use(x)", id="behind-while"),
    pytest.param("def f(x):\n    if isinstance(x, str) and (x := g()):\n        use(x)", id="walrus"),
    pytest.param("def f(x, isinstance):\n    if isinstance(x, str):\n        use(x)", id="shadowed-isinstance"),
    pytest.param("def f(x, str):\n    if isinstance(x, str):\n        use(x)", id="shadowed-class"),
    pytest.param("def f(x):\n    if x == ('a',):\n        use(x)", id="equal-to-tuple"),
    pytest.param("def f(x):\n    if x != 'a':\n        use(x)", id="unequal"),
    pytest.param("def f(x):\n    try:\n        x.strip()\n    except AttributeError:\n        use(x)", id="handler"),
    pytest.param("def f(x):\n    try:\n        int(x)\n    except TypeError:\n        use(x)", id="type-error"),
    pytest.param("def f(x):\n    if isinstance(x, str):\n        return lambda: use(x)", id="lambda"),
    pytest.param("def f():\n    x = 'a'\n    def g():\n        nonlocal x\n        x = h()\n    use(x)", id="nonlocal"),
    pytest.param("def g():\n    global x\n    x = h()\nx = 'a'\nuse(x)", id="global"),
    pytest.param(
        "def g():\n    global x\n    x = h()\nx = h()\nif isinstance(x, str):\n    g()\n    use(x)", id="guarded-global"
    ),
    pytest.param("x = 'a'\nfrom other import *\nuse(x)", id="star"),
    pytest.param("x = 'a'\nexec(code)\nuse(x)", id="exec"),
    pytest.param("def g():\n    return 'a'\nfrom other import *\nuse(g())", id="function-star"),
    pytest.param("def g():\n    return 'a'\ndef h():\n    global g\n    g = i\nuse(g())", id="function-global"),
    pytest.param("def h():\n    global len\n    len = i\nuse(len(1))", id="builtin-global"),
    pytest.param("def g(a):\n    if a:\n        return 'a'\n    return a\nuse(g(1))", id="one-return"),
    pytest.param(
        "def f(d, x):\n    if isinstance(d['k'], str):\n        d['k'] = x\n        use(d['k'])", id="stored-item"
    ),
    pytest.param(
        "def f(d, x):\n    if isinstance(d['k'], str):\n        d.update(x)\n        use(d['k'])", id="updated"
    ),
    pytest.param("def f(d, x):\n    if isinstance(d['k'], str):\n        g(d)\n        use(d['k'])", id="handed-on"),
    pytest.param("def f(m, n):\n    use(m.group(*n))", id="many-groups"),
    pytest.param("import re\nuse(re.match('a', 'b').groups())", id="groups"),
    pytest.param("class A:\n    def lower(self): return g()\ndef f(x):\n    use(x.lower())", id="own-method"),
]

_HELD = [
    pytest.param("v = w = ['a']", id="two-names"),
    pytest.param("v = ['a']\nw = v", id="another-name"),
    pytest.param("v = ['a']\nw = v or []", id="default"),
    pytest.param("v = ['a']\nw = [v for _ in 'a']", id="comprehension"),
    pytest.param("v = ['a']\nw = [v]", id="in-a-list"),
    pytest.param("v = ['a']\ng(v)", id="handed-on"),
    pytest.param("v = ['a']\ng(*v, k=v)", id="keyword"),
    pytest.param("v = ['a']\nv.append(g())", id="appended"),
    pytest.param("v = ['a']\nv.extend(g())", id="extended"),
    pytest.param("v = ['a']\nv += g()", id="augmented"),
    pytest.param("v = ['a']\nv[1:] = g()", id="slice"),
    pytest.param("v = ['a']\nv[0] = g()", id="stored"),
    pytest.param("v = ['a']\ndef h():\n    return v", id="returned"),
    pytest.param("v = ['a']\nh = lambda: v", id="lambda"),
    pytest.param("v = ['a']\nadd = v.append", id="bound-method"),
]

_CHANGED = [
    pytest.param("def c(self, x):\n        self.v = x", id="another-method"),
    pytest.param("def c(self, x):\n        setattr(self, 'v', x)", id="setattr"),
    pytest.param("def c(self, x):\n        self.__dict__.update(x)", id="dictionary"),
    pytest.param("def c(self, x):\n        self.v, y = x", id="unpacked"),
    pytest.param("def c(self, x):\n        for self.v in x: pass", id="loop"),
    pytest.param("v = property(g)", id="property"),
    pytest.param("def __getattribute__(self, n): return g", id="getattribute"),
    pytest.param("pass\ndef c(a, x):\n    a.v = x", id="function"),
    pytest.param("pass\ndef c(a, x, n):\n    setattr(a, n, x)", id="setattr-outside"),
    pytest.param("pass\ndef c(a, x):\n    vars(a)['v'] = x", id="vars"),
    pytest.param("pass\nclass B(A):\n    v = g()", id="subclass"),
]


@pytest.mark.parametrize("source", _NO_TUPLE)
def test_a_value_is_no_tuple(source: str) -> None:
    assert seen(source).never("tuple")


@pytest.mark.parametrize("source", _UNKNOWN)
def test_a_value_may_be_a_tuple(source: str) -> None:
    assert not seen(source).never("tuple")


@pytest.mark.parametrize(
    "source",
    [
        "x = None if y else 'a'\nif x:\n    use(x)",
        "x = None if y else 'a'\nif x is not None:\n    use(x)",
        "class A:\n    def f(self):\n        if isinstance(self, str):\n            use(self)",
    ],
)
def test_a_known_value_is_narrowed(source: str) -> None:
    assert seen(source).only("str")


def test_what_is_held_is_known_while_nobody_else_can_reach_it() -> None:
    assert seen("def f():\n    v = ['a']\n    print(len(v))\n    if v:\n        use(v[0])").exactly("str")


@pytest.mark.parametrize("lines", _HELD)
def test_what_is_held_is_unknown_when_somebody_else_can_reach_it(lines: str) -> None:
    body = textwrap.indent(f"{lines}\nfor x in v:\n    use(x)", "    ")
    assert not seen(f"def f():\n{body}").never("tuple")


def test_what_inner_containers_hold_is_unknown() -> None:
    assert not seen("def f():\n    v = [['a']]\n    for w in v:\n        for x in w:\n            use(x)").never(
        "tuple"
    )


@pytest.mark.parametrize("more", _CHANGED)
def test_an_attribute_is_unknown_when_anything_else_may_set_it(more: str) -> None:
    start = "class A:\n    def __init__(self):\n        self.v = 'a'\n    def f(self):\n        use(self.v)\n    "
    assert not seen(start + more).never("tuple")


def test_a_tested_attribute_is_unknown_behind_a_call_that_may_set_it() -> None:
    source = """
class A:
    def __init__(self, v):
        self.v = v
    def c(self, v):
        self.v = v
    def f(self):
        assert isinstance(self.v, str)
        {}
        use(self.v)
"""
    assert seen(source.format("len('a')")).only("str")
    assert not seen(source.format("self.c(1)")).never("tuple")
    assert not seen(source.format("self.v = self.g()")).never("tuple")


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param("_f(g())", id="unknown-argument"),
        pytest.param("_f(*['a'])", id="starred"),
        pytest.param("_f(**{'x': 'a'})", id="keywords"),
        pytest.param("h = _f\n_f('a')", id="another-name"),
        pytest.param("map(_f, g())\n_f('a')", id="handed-on"),
        pytest.param("getattr(g, '_f')(1)\n_f('a')", id="by-name"),
        pytest.param("def _f(x):\n    return x\n_f('a')", id="two-functions"),
        pytest.param("pass", id="no-calls"),
    ],
)
def test_a_parameter_is_unknown_when_not_every_call_can_be_seen(calls: str) -> None:
    assert not seen(f"def _f(x):\n    use(x)\n{calls}").never("tuple")


@pytest.mark.parametrize("decorator", ["@g", "@g.h(1)", "@functools.wraps(g)"])
def test_a_parameter_of_a_decorated_function_is_unknown(decorator: str) -> None:
    assert not seen(f"{decorator}\ndef _f(x):\n    use(x)\n_f('a')").never("tuple")


def test_members_of_an_enum_are_not_what_is_assigned_in_its_body() -> None:
    assert seen("class A:\n    v = 1\nuse(A().v)").exactly("int")
    assert not seen("from enum import Enum\nclass A(int, Enum):\n    v = 1\nuse(A.v)").only("int")


def test_callers_of_one_file_alone_are_no_evidence() -> None:
    source = "def f(x):\n    use(x)\nf('a')\n"
    assert not seen(source).never("tuple")
    assert seen(source, "from app import f\nf('b')\n").never("tuple")
    assert not seen(source, "from app import f\nf(('b',))\n").never("tuple")


def test_a_default_is_evidence_only_among_several_files() -> None:
    source = "def f(x='a'):\n    use(x)\n"
    assert not seen(source).never("tuple")
    assert seen(source, "y = 'a' + 'b'\nprint(y.strip())\nf('a')\n").never("tuple")


def test_an_attribute_that_another_file_sets_is_unknown() -> None:
    source = "class A:\n    v = 'a'\n    def f(self):\n        use(self.v)\n"
    assert seen(source, "x = 1\n").only("str")
    assert not seen(source, "def f(a, x):\n    a.v = x\n").only("str")
    assert not seen(source, "def f(a):\n    a.v = ('b',)\n").never("tuple")


def test_a_method_of_the_project_named_as_one_of_text_is_no_evidence() -> None:
    source = "def f(x):\n    use(x.title())\n"
    assert seen(source, "x = 1\n").never("tuple")
    assert not seen(source, "class B:\n    def title(self):\n        return g()\n").never("tuple")
