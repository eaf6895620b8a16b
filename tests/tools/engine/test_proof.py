"""The compiler as witness."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.engine.proof import compile_quietly, same_expression, same_module, same_trees


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'%s' % (x,)", "f'{x!s}'"),
        ("'%5s' % (x,)", "f'{x!s:>5}'"),
        ("not x in y", "x not in y"),
        ("(\n1)", "1"),
        ("'%s' % (await x,)", "f'{await x!s}'"),
    ],
)
def test_same(before: str, after: str) -> None:
    assert same_expression(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'%s' % (x,)", "f'{x}'"),
        ("'%s' % x", "f'{x!s}'"),
        ("'%d' % (x,)", "f'{x:d}'"),
        ("1", "1.0"),
        ("1", "True"),
        ("0.0", "-0.0"),
        ("(lambda: 1)", "(lambda: 2)"),
        ("x", "x)("),
        ("x", ""),
        ("x", "x\0"),
    ],
)
def test_different(before: str, after: str) -> None:
    assert not same_expression(before, after)


def test_line_tables_do_not_count() -> None:
    assert same_module(compile_quietly("def f():\n    return 1\n"), compile_quietly("\n\ndef f(): return 1\n"))


def test_the_line_of_a_class_does_not_count_and_its_tree_keeps_it() -> None:
    source = "@d\nclass A:\n    x = 2\n    class B: pass\n"
    tree = ast.parse(source)
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, (ast.stmt, ast.expr))]
    assert same_module(compile_quietly(tree), compile_quietly("\n\n" + source))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, (ast.stmt, ast.expr))] == lines
    assert not same_module(compile_quietly(source), compile_quietly(source.replace("2", "3")))


def test_docstrings_names_and_handlers_count() -> None:
    base = compile_quietly("def f():\n    try: a()\n    except B: c()\n")
    for other in ("def g():\n    try: a()\n    except B: c()\n", "def f():\n    try: a(); c()\n    except B: c()\n"):
        assert not same_module(base, compile_quietly(other))
    assert not same_module(compile_quietly("'a'\n"), compile_quietly("'b'\n"))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("x = (1)", "\nx = 1", True),
        ("f('a' 'b', u'c')", "f(\n'ab',\n'c')", True),
        ("x = 1", "x = 1.0", False),
        ("x = 1", "x = True", False),
        ("x = [y]", "x = [y, z]", False),
        ("x = y", "x += y", False),
        ("f(x)", "f(*x)", False),
        ("x = lambda: 1", "x = lambda: 2", False),
        ("def f(x): pass", "def f(x=1): pass", False),
    ],
)
def test_trees_are_the_same_but_for_places(before: str, after: str, *, same: bool) -> None:
    trees = ast.parse(before), ast.parse(after)
    assert same_trees(*trees, lazy_annotations=False) is same
    assert not same or same_module(*map(compile_quietly, trees))


def test_prefix_of_an_annotation_is_kept_where_its_text_is() -> None:
    before, after = ast.parse("x: u'a'"), ast.parse("x: 'a'")
    assert same_trees(before, after, lazy_annotations=False)
    assert not same_trees(before, after, lazy_annotations=True)
