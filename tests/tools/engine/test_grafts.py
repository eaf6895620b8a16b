"""A tree that is made of the one before is the tree that the parser makes, places included."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.grafts import graft
from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.parts import InseparableError, parts
from archaeologist_tools.source.module import Module, parse, read_module

SOURCE = """\
import os
@first
class A(object):
    size = 1;
    @second(
        1)
    def f(self, x):
        if x:
            y = f'''{x}
            {self}'''
        elif self:
            y = 2 ;
        else:
            y = 3
        try:
            return y
        except E:
            pass
    def g(self): return 4
def tail():
    for x in y:
        while x:
            x = 5
            y = (x,
                 6)
    with x: y = 7
z = 8
"""
_TEXTS = ("", "z = 1\n", "z = (1,\n  2)\n", "pass;\n", "if z: pass\n", "\n", "# note\n", "def h(): pass\n", "pass ;")


def read(source: str = SOURCE) -> Module:
    module = read_module("app.py", source.encode())
    assert isinstance(module, Module)
    _ = module.index
    return module


def edit(start: int, end: int, after: str, module: Module) -> Edit:
    before = module.data[start:end].decode()
    span = Span(start, end, *module.position(start))
    return make_edit("AR001", "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")


def replaced(module: Module, *changes: tuple[str, str]) -> list[Edit]:
    places = [(SOURCE.index(before), before, after) for before, after in changes]
    return [edit(start, start + len(before), after, module) for start, before, after in places]


def grafted(module: Module, edits: list[Edit]) -> Module:
    after = Module("app.py", splice(module.data, edits, "utf-8"), "utf-8")
    graft(module, after, parts(module, edits))
    return after


def assert_as_parsed(module: Module) -> None:
    parsed = parse(module.data)
    assert ast.dump(module.tree, include_attributes=True) == ast.dump(parsed, include_attributes=True)


@pytest.mark.parametrize(
    "changes",
    [
        [("size = 1", "size = (\n1)")],
        [("import os\n", "")],
        [("(object)", "(\n)"), ("size = 1;", "size = 2")],
        [("(object)", "(B,\n)"), ("return 4", "return (\n4)")],
        [("            pass\n", "            x\n            y\n")],
        [("y = 2 ;", "y = 2")],
        [("y = 3\n", "y = 3;\n")],
        [("            y = (x,\n                 6)\n", "")],
        [("            x = 5\n", ""), ("6)\n", "6);\n"), ("y = 7", "y = 9;")],
        [("z = 8\n", "z = 8\n\n\nx = 9")],
        [("import os\n", "'''\n'''\nimport os\n"), ("{self}", "{self}\n"), ("elif", "\n        elif")],
    ],
)
def test_tree_is_as_the_parser_makes_it(changes: list[tuple[str, str]]) -> None:
    module = read()
    assert_as_parsed(grafted(module, replaced(module, *changes)))


def test_file_before_loses_its_tree_and_can_be_read_again() -> None:
    module = read()
    tree = module.tree
    after = grafted(module, replaced(module, ("import os\n", "")))
    assert after.tree is tree
    assert module.tree is not tree
    assert_as_parsed(module)
    assert module.index.of(ast.Import)


@given(
    st.lists(st.tuples(st.integers(1, 27), st.sampled_from(_TEXTS)), min_size=1, max_size=3, unique_by=lambda x: x[0])
)
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_tree_with_other_lines_is_as_the_parser_makes_it(drawn: list[tuple[int, str]]) -> None:
    module, edits = read(), list[Edit]()
    for line, text in drawn:
        start, end = module.starts[line - 1], module.starts[line]
        indent = len(module.line(line)) - len(module.line(line).lstrip())
        edits.append(edit(start + indent, end, text, module) if text else edit(start, end, text, module))
    try:
        parts(module, edits)
    except (InseparableError, SyntaxError):
        return
    assert_as_parsed(grafted(module, edits))
