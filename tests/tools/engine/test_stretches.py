"""Only the lines that edits touch are looked at again, and they can be read apart from the others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.stretches import stretches
from archaeologist_tools.engine.suites import ALL, CLASSES
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from collections.abc import Collection

    from archaeologist_tools.engine.stretches import Stretch


def read(source: str, encoding: str = "utf-8") -> Module:
    module = read_module("app.py", source.encode(encoding))
    assert isinstance(module, Module)
    return module


def edit(module: Module, before: str, after: str) -> Edit:
    start = module.data.index(before.encode(module.encoding))
    span = Span(start, start + len(before.encode(module.encoding)), 1, 1)
    return make_edit("AR001", "app.py", span, before=before, after=after, evidence=Evidence.PROVED, reason="said so")


def found(source: str, *changes: tuple[str, str], in_suites: Collection[type[ast.stmt]] = ()) -> list[Stretch]:
    module = read(source)
    return stretches(module, [edit(module, *change) for change in changes], in_suites=in_suites)


def texts(source: str, *changes: tuple[str, str], in_suites: Collection[type[ast.stmt]] = ()) -> list[tuple[str, str]]:
    return [(stretch.old, stretch.new) for stretch in found(source, *changes, in_suites=in_suites)]


@pytest.mark.parametrize(
    ("source", "change", "expected"),
    [
        ("a = 1\nb = 2\nc = 3\n", ("2", "4"), ("b = 2\n", "b = 4\n")),
        ("a = 1; b = (\n2)\nc = 3\n", ("1", "4"), ("a = 1; b = (\n2)\n", "a = 4; b = (\n2)\n")),
        ("a = (\n1); b = 2\nc = 3\n", ("2", "4"), ("a = (\n1); b = 2\n", "a = (\n1); b = 4\n")),
        ("@a\n@b\ndef f(): 1\nc = 3\n", ("a", "z"), ("@a\n@b\ndef f(): 1\n", "@z\n@b\ndef f(): 1\n")),
        ("a = 1\n# old\nb = 2\n", ("# old\n", ""), ("# old\n", "")),
        ("a = 1\n# old\nb = 2\n", ("old\n", "new\n"), ("# old\n", "# new\n")),
        ("a = 1\n# old\nb = 2\n", ("# old\n", "c; "), ("# old\nb = 2\n", "c; b = 2\n")),
        ("a = 1\n# old\nb = 2\n", ("old\n", ""), ("# old\nb = 2\n", "# b = 2\n")),
        ("a = 1\n# old\nb = 2\n", (" old", ""), ("# old\n", "#\n")),
        ("a = 1\nb = 2", ("2", "4"), ("b = 2", "b = 4")),
        ("\ufeffa = 1\nb = 2\n", ("1", "4"), ("a = 1\n", "a = 4\n")),
        ("a = 1\r\nb = 2\r\nc = 3\r\n", ("2", "4"), ("b = 2\r\n", "b = 4\r\n")),
    ],
)
def test_stretch_is_whole_statements(source: str, change: tuple[str, str], expected: tuple[str, str]) -> None:
    assert texts(source, change) == [expected]


def test_edits_in_one_statement_share_a_stretch_and_others_do_not() -> None:
    source = "a = [\n1,\n2]\nb = 3\nc = 4\n"
    assert texts(source, ("4", "6"), ("1", "8"), ("2", "9")) == [
        ("a = [\n1,\n2]\n", "a = [\n8,\n9]\n"),
        ("c = 4\n", "c = 6\n"),
    ]


def test_lines_are_counted_in_the_file_they_are_of() -> None:
    source = "a = 1\nb = 2\nc = 3\nd = 4\n"
    first, second = found(source, ("1\n", "(\n1\n)\n"), ("d", "e"))
    assert (first.old_lines, first.new_lines) == (range(1, 2), range(1, 4))
    assert (second.old_lines, second.new_lines) == (range(4, 5), range(6, 7))


@pytest.mark.parametrize(
    ("source", "change"),
    [("a = 1 \\\n\nb = 2\n", ("1", "4")), ("a = 1 \\\n\nb = 2\n", ("\nb", "\nc")), ("a = 1\nb = 2\n", ("1", "1 \\"))],
)
def test_backslash_at_a_border_joins_the_whole_file(source: str, change: tuple[str, str]) -> None:
    assert texts(source, change) == [(source, source.replace(*change))]


def test_method_can_be_read_apart_from_its_class() -> None:
    source = "class A(object):\n    a = 1\n\n    def f(self):\n        return 2\n\n    class B:\n        b = 3\n"
    assert texts(source, ("2", "4"), in_suites=CLASSES) == [
        ("    def f(self):\n        return 2\n", "    def f(self):\n        return 4\n")
    ]
    assert texts(source, ("3", "4"), in_suites=CLASSES) == [("        b = 3\n", "        b = 4\n")]
    assert texts(source, ("object", ""), in_suites=CLASSES) == [("class A(object):\n", "class A():\n")]
    assert texts("class A: a = 1\nb = 2\n", ("1", "4"), in_suites=CLASSES) == [("class A: a = 1\n", "class A: a = 4\n")]


BLOCKS = """\
def f():
    if a:
        b = 1
    elif (c or
          d):
        # above
        e = 2
        e = 3

    else: g = 4
    try:
        for h in i:
            j = 5
        k = 6
    except l:
        m = 7
    n = 8
"""


@pytest.mark.parametrize(
    ("change", "old"),
    [
        (("1", "9"), "        b = 1\n"),
        (("e = 2", "e = 9"), "        e = 2\n"),
        (("e = 3", "e = 9"), "        e = 3\n"),
        (("j =", "z ="), "            j = 5\n"),
        (("6", "9"), "        k = 6\n"),
        (("8", "9"), "    n = 8\n"),
        # The line of a header, and what has no lines to itself, are those of the whole statement.
        (("d)", "z)"), BLOCKS[BLOCKS.index("    if") : BLOCKS.index("    try")]),
        (("4", "9"), BLOCKS[BLOCKS.index("    if") : BLOCKS.index("    try")]),
        (("in i", "in z"), BLOCKS[BLOCKS.index("        for") : BLOCKS.index("        k")]),
        (("7", "9"), BLOCKS[BLOCKS.index("    try") : BLOCKS.index("    n")]),
    ],
)
def test_statement_can_be_read_apart_from_what_it_is_in(change: tuple[str, str], old: str) -> None:
    assert texts(BLOCKS, change, in_suites=ALL) == [(old, old.replace(*change))]


def test_stretches_that_get_wider_are_one_with_those_before() -> None:
    ((old, _),) = texts(BLOCKS, ("b = 1", "b = 9"), ("e = 2", "e = 9"), ("g = 4", "g = 9"), in_suites=ALL)
    assert old == BLOCKS[BLOCKS.index("    if") : BLOCKS.index("    try")]


def test_texts_are_decoded_and_written_as_the_file_is() -> None:
    module = read("# coding: latin-1\na = '\xe9'\nb = '\xe9'\n", "latin-1")
    change = edit(module, "b = '\xe9'", "b = '\xe8\xe9'")
    (stretch,) = stretches(module, [change])
    assert (stretch.old, stretch.new) == ("b = '\xe9'\n", "b = '\xe8\xe9'\n")
    with pytest.raises(UnicodeEncodeError):
        stretches(module, [edit(module, "a", "\u2022")])


def test_other_lines_are_as_they_were() -> None:
    module = read("import a\nx = 1\n\n\ndef f():\n    return '''\n1'''\n\n\ny = 2\n")
    edits = [edit(module, "import a\n", ""), edit(module, "'''\n1'''", "'1'")]
    old, new = module.text.splitlines(), splice(module.data, edits, "utf-8").decode().splitlines()
    for stretch in reversed(stretches(module, edits)):
        ast.parse(stretch.new)
        assert "".join(new[stretch.new_lines.start - 1 : stretch.new_lines.stop - 1]) == stretch.new.replace("\n", "")
        del old[stretch.old_lines.start - 1 : stretch.old_lines.stop - 1]
        del new[stretch.new_lines.start - 1 : stretch.new_lines.stop - 1]
    assert old == new
