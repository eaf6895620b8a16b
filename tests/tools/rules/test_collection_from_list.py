"""AR038 and AR044: what must stay, then what is written."""

from __future__ import annotations

import ast

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

LEFT_ALONE = [
    ("AR038", "set = f\nx = set([1])\n", "rebound"),
    ("AR038", "from six import *\nx = dict([(a, 1)])\n", "rebound"),
    ("AR038", "class A:\n    def list(self):\n        return list(x for x in y)\n", "rebound"),
    ("AR038", "x = f'{set([1])}'\n", "inside-f-string"),
    ("AR038", "x = set(  # why\n    [1])\n", "comment"),
    ("AR038", "x = set([1]  # why\n)\n", "comment"),
    ("AR038", "x = set([  # none yet\n])\n", "comment"),
    ("AR038", "x = set(([1]))\n", "comment"),
    ("AR038", "async def f():\n    return set(x async for x in y)\n", "asynchronous"),
    ("AR038", "async def f():\n    return list([await x] for x in y)\n", "asynchronous"),
    ("AR038", "x = dict([(a,  # why\n           b)])\n", "pair"),
    ("AR038", "x = dict([(a,\n           b)])\n", "pair"),
    ("AR038", "x = dict([((a), b)])\n", "pair"),
    ("AR038", "x = dict([(a, (b))])\n", "pair"),
    ("AR038", "x = dict([(*a, b)])\n", "pair"),
    ("AR038", "x = dict([(a := 1, b)])\n", "pair"),
    ("AR038", "x = dict([(lambda: 1, b)])\n", "pair"),
    ("AR038", "x = set([1])  # noqa: C405\n", "ignored"),
    ("AR044", "x = f'{dict()}'\n", "inside-f-string"),
    ("AR044", "from six import *\nx = dict()\n", "rebound"),
    ("AR044", "def f(list):\n    return list()\n", "rebound"),
    ("AR044", "x = dict(  # why\n)\n", "comment"),
]


@pytest.mark.parametrize(("rule", "source", "reason"), LEFT_ALONE)
def test_left_alone(rule: str, source: str, reason: str) -> None:
    check_noop(source, rule, reason)


NOT_FOUND = ["set(x)", "set()", "frozenset([1])", "set([1], 2)", "set(*[1])", "dict([f(x) for x in y])", "dict(a=1)"]


@pytest.mark.parametrize("source", [*NOT_FOUND, "tuple([1])", "x.set([1])", "list((1, 2))", "dict([(1, 2, 3)])"])
def test_not_found(source: str) -> None:
    result = rewrite(source, "AR038")
    assert (result.layers, result.refusals) == ((), ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("set([])", "set()"),
        ("set(())", "set()"),
        ("dict([])", "{}"),
        ("list([])", "[]"),
        ("set((1,))", "{1}"),
        ("set([1, *a])", "{1, *a}"),
        ("set([a,])", "{a,}"),
        ("set((a for a in b))", "{a for a in b}"),
        ("set(a for a in b if a)", "{a for a in b if a}"),
        ("set([a for a in b],)", "{a for a in b}"),
        ("dict([(a, b), [c, d]])", "{a: b, c: d}"),
        ("dict(((a, b),))", "{a: b}"),
        ("dict((a, (b, c)) for a, b, c in d)", "{a: (b, c) for a, b, c in d}"),
        ("list([1, 2])", "[1, 2]"),
        ("set([\n    1,  # one\n    2,\n])", "{\n    1,  # one\n    2,\n}"),
        ("set([\r\n    a,\r\n])", "{\r\n    a,\r\n}"),
        ("x = set([a,\n         b])", "x = {a,\n     b}"),
        ("x = set([a,\n    b])", "x = {a,\n    b}"),
        ("x = set(\n    [\n        a,\n    ]\n)", "x = {\n    a,\n}"),
        ("x = set([a, '''\n         b'''])", "x = {a, '''\n         b'''}"),
        ("x = dict([\n    ('a', 1),\n    # why\n    ('b', 2),\n])", "x = {\n    'a': 1,\n    # why\n    'b': 2,\n}"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(f"{before}\n", f"{after}\n", "AR038")


@pytest.mark.parametrize("numbers", ["8, 0, 16", "1, 2, 3", "1, True, 1.0", "100, 3, 8, 11, 19, 27", "-1, 5, 2"])
def test_order_of_numbers_stays(numbers: str) -> None:
    before = f"x = list(set([{numbers}]))\n"
    layers = rewrite(before, "AR038").layers
    after = layers[-1].data.decode() if layers else before
    results = []
    for source in (before, after):
        names: dict[str, object] = {}
        exec(compile(ast.parse(source), "app.py", "exec"), names)
        results.append(repr(names["x"]))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = dict(\n    (a, b) for a, b in c)\n", "x = {a: b for a, b in c}\n"),
        ("x = dict(\n    (a, b) for a, b in c\n)\n", "x = {\n    a: b for a, b in c\n}\n"),
        ("x = dict(\n    (a, b)\n    for a, b in c)\n", "x = {\n    a: b\n    for a, b in c}\n"),
        (
            f"{'x' * 20} = dict(\n    (a, b) for a, b in c if a.{'d' * 60})\n",
            f"{'x' * 20} = {{\n    a: b for a, b in c if a.{'d' * 60}}}\n",
        ),
    ],
)
def test_one_line_that_hung_below_the_bracket_goes_up_where_it_fits(before: str, after: str) -> None:
    check_transformed(before, after, "AR038")


def test_exception_of_an_iterator_stays_what_a_generator_makes_of_it() -> None:
    check_noop("x = list(next(it) for _ in a)\n", "AR038", "stop-iteration")


def test_pairs_are_computed_key_first_since_python_3_8() -> None:
    before, after = "x = dict((f(a), g(a)) for a in b)\n", "x = {f(a): g(a) for a in b}\n"
    check_noop(before, "AR038", "order", target=(3, 7))
    check_transformed(before, after, "AR038", target=(3, 8))
