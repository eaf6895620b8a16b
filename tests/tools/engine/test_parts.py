"""What edits touch is read by itself as it is in its file, or not at all."""

from __future__ import annotations

import ast
from copy import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.parts import InseparableError, Part, narrowed, parts, suite_after
from archaeologist_tools.engine.suites import Suite
from archaeologist_tools.source.module import Module, parse, read_module

SOURCE = """\
'''Docstring.'''
import os; import sys
@first
# between
class A(object):
    # above
    size = 1

    @second
    def f(self, x): return '%s' % x
    class B:
    \tt = ('a',
  'b'); u = 2
    \tdef g(self):
    \t    if u:
    \t        return 1
    \t    elif x:
    \t        for y in z:
    \t            x = 2
    \t            u = 4
    \t    # end
    # behind

    def h(self): pass
def tail():
    class C(object): v = 3
    return C
class E: w = 5
x = '''
y'''
"""
_TEXTS = (
    "", "\n", "    ", "    z = 1\n", "z = 1\n", "# note\n", "class D:\n", "else:\n", "'''", "\\", ":", "(", ")", "; ",
    "@z\n",    "    \t", "if z:\n", "pass", "pass\n", "\f", "\r", "\r\n", "object", "#", "\t", "    \t    ", "\t    ",
    "    \t    elif z:\n", "        z = 1\n", "    \t        z = 1\n",
)  # fmt: skip


def read(source: str) -> Module:
    module = read_module("app.py", source.encode())
    assert isinstance(module, Module)
    return module


def edit(start: int, end: int, after: str, module: Module) -> Edit:
    before = module.data[start:end].decode()
    span = Span(start, end, *module.position(start))
    return make_edit("AR001", "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")


def changed(module: Module, before: str, after: str) -> Edit:
    start = module.data.index(before.encode())
    return edit(start, start + len(before.encode()), after, module)


def together(suite: Suite, found: list[Part]) -> list[ast.stmt]:
    """The statements of a suite after edits, those below them as well."""
    heads = {id(part.new[0]): part.old[0] for part in found if part.head_only}
    body = suite_after(suite, [part for part in found if part.around[-1] == suite])
    around = {below for part in found for below in part.around}
    for number, node in enumerate(body):
        was = heads.get(id(node), node)
        for field in ("body", "orelse"):
            if (below := Suite(was, field)) in around:
                body[number] = copy(body[number])
                setattr(body[number], field, together(below, found))
    return body


def assert_same_as_whole(module: Module, *edits: Edit) -> None:
    found = parts(module, edits)
    whole = parse(splice(module.data, edits, "utf-8"))
    assert ast.dump(ast.Module(together(Suite(module.tree), found), [])) == ast.dump(whole)


GLOBAL = (
    "def g(self):\n    if u:\n        global u\n    elif x:\n        for y in z:\n            x = 2\n            u = 4"
)


@pytest.mark.parametrize(
    ("before", "after", "around", "new"),
    [
        ("import sys", "import re", "", "import os\nimport re"),
        ("size = 1", "size = 2", "A", "size = 2"),
        ("(object)", "", "", "@first\nclass A:\n    size = 1"),
        ("'%s' % x", "f'{x}'", "A", "@second\ndef f(self, x):\n    return f'{x}'"),
        ("'b'", "'c'", "A.B", "t = ('a', 'c')\nu = 2"),
        ("return 1", "return", "A.B.g.If", "return"),
        ("return 1", "global u", "A.B", GLOBAL),
        ("u = 4", "u = 5", "A.B.g.If.If.For", "u = 5"),
        ("            u = 4\n", "", "A.B.g.If.If.For", ""),
        ("elif x", "elif w", "A.B.g", "if u:\n    return 1\nelif w:\n    for y in z:\n        x = 2\n        u = 4"),
        ("v = 3", "v = 4", "tail", "class C(object):\n    v = 4"),
        ("w = 5", "w = 6", "", "class E:\n    w = 6"),
        ("    # behind\n", "", "A", ""),
        ("    # behind\n", "    z = 1\n", "A", "z = 1"),
        ("    size = 1\n", "", "A", ""),
        ("y'''\n", "y'''", "", "x = '\\ny'"),
    ],
)
def test_what_is_read_is_what_edits_touch(before: str, after: str, around: str, new: str) -> None:
    module = read(SOURCE)
    (part,) = parts(module, [changed(module, before, after)])
    owners = [suite.owner for suite in part.around[1:]]
    assert ".".join(getattr(owner, "name", type(owner).__name__) for owner in owners) == around
    inside = narrowed(part)
    for suite in part.around[1:]:
        inside = getattr(inside[0], suite.field) if inside else []
    assert "\n".join(map(ast.unparse, inside)).strip() == new
    assert_same_as_whole(module, changed(module, before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A part that is another statement, or none, in its place; that stands elsewhere, or ends where it did not.
        ("size = 1", "size = "),
        ("    size = 1\n", "     size = 1\n"),
        ("    size = 1\n", "\tsize = 1\n"),
        ("    size = 1\n", "size = 1\n"),
        ("    size = 1\n", "    size = 1\nsize = 2\n"),
        ("    size = 1\n", "    size = 1\n\n  \n  size = 2\n"),
        ("    # behind\n", "    else: pass\n"),
        ("    # behind\n", "    \tw = 1\n"),
        ("import os; import sys\n@", "import os; import sys@"),
        ("(object)", "(object): w = 1"),
        ("    # above", "  if w:"),
        ("class A(object):\n    # above\n", "x = 1\n"),
        ("class A(object):\n", "class A(object): w = 1\nclass E:\n"),
    ],
)
def test_what_cannot_be_read_apart_is_not(before: str, after: str) -> None:
    module = read(SOURCE)
    with pytest.raises((InseparableError, SyntaxError)):
        parts(module, [changed(module, before, after)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(object):\n    # above\n    size = 1\n", ":\n"),
        ("class A(object):\n    # above\n    size = 1\n", "class A:\n    size = 2\n"),
        ("pass\ndef tail", "pass\n\ndef tail"),
    ],
)
def test_what_is_in_several_suites_is_read_with_all_around_them(before: str, after: str) -> None:
    module = read(SOURCE)
    (part,) = parts(module, [changed(module, before, after)])
    assert len(part.around) == 1
    assert_same_as_whole(module, changed(module, before, after))


def test_line_of_the_target_is_read_with_its_grammar() -> None:
    module = read_module("app.py", b"x = 1\n", (3, 7))
    assert isinstance(module, Module)
    with pytest.raises(SyntaxError):
        parts(module, [changed(module, "x = 1", "(x := 1)")])


_places = st.integers(0, len(SOURCE))


@given(st.lists(st.tuples(_places, st.integers(0, 30), st.sampled_from(_TEXTS)), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_file_with_new_parts_is_the_file_read_as_a_whole(drawn: list[tuple[int, int, str]]) -> None:
    module, edits, position = read(SOURCE), list[Edit](), -1
    for start, size, after in sorted(drawn):
        if start > position:
            position = min(start + size, len(SOURCE))
            edits.append(edit(start, position, after, module))
    try:
        parts(module, edits)
    except (InseparableError, SyntaxError):
        return
    assert_same_as_whole(module, *edits)


@given(
    st.lists(
        st.tuples(st.integers(1, 25), st.sampled_from(_TEXTS)), min_size=1, max_size=3, unique_by=lambda one: one[0]
    )
)
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_file_with_other_lines_is_the_file_read_as_a_whole(drawn: list[tuple[int, str]]) -> None:
    module = read(SOURCE)
    edits = [edit(module.starts[line - 1], module.starts[line], after, module) for line, after in drawn]
    try:
        parts(module, edits)
    except (InseparableError, SyntaxError):
        return
    assert_same_as_whole(module, *edits)
