"""From nodes to bytes, and files that are no Python 3."""

from __future__ import annotations

import ast
import warnings

import pytest

from archaeologist_tools.source.module import MAX_BYTES, Module, Unreadable, read_module


def read(data: bytes) -> Module:
    module = read_module("a.py", data)
    assert isinstance(module, Module), module
    return module


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"print 'x'\n", "python2"),
        (b"print x\n", "python2"),
        (b"try:\n    pass\nexcept A, e:\n    pass\n", "python2"),
        (b"raise A, 'x'\n", "python2"),
        (b"x = 0777\n", "python2"),
        (b"x = 10L\n", "python2"),
        (b"x = ur'a'\n", "python2"),
        (b"x = `y`\n", "python2"),
        (b"if a <> b: pass\n", "python2"),
        (b"exec 'x' in d\n", "python2"),
        (b"def f(:\n    pass\n", "syntax"),
        (b"x = (1\n", "syntax"),
        (b"(" * 500 + b")" * 500, "syntax"),
        (b"x = 1\0", "nul-bytes"),
        (b"x = '\xff'\n", "encoding"),
        (b"# coding: klingon\n", "encoding"),
        (b"# coding: rot13\n", "encoding"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding"),
        (b"#" * (MAX_BYTES + 1), "too-large"),
    ],
)
def test_unreadable(data: bytes, code: str) -> None:
    module = read_module("a.py", data)
    assert isinstance(module, Unreadable)
    assert module.code == code
    assert module.message


CAFE = "# coding: {}\nif x:\n    caf\xe9 = '\xe9', target\n"


@pytest.mark.parametrize(
    "data",
    [
        CAFE.format("utf-8").encode(),
        CAFE.format("latin-1").encode("latin-1"),
        b"\xef\xbb\xbf" + CAFE.format("utf-8").encode(),
        CAFE.format("utf-8").replace("\n", "\r\n").encode(),
        CAFE.format("utf-8").replace("\n", "\r").encode(),
        ("\n\x0c\n" + CAFE.format("x").replace("\x0c", "")).encode(),
        ("x = 1 # \x0b \x1c \u2028\n" + CAFE.format("x")).encode(),
        b"\xef\xbb\xbftarget",
        b"x = '''\r\n''', target",
    ],
)
def test_extent_of_a_node_is_its_bytes(data: bytes) -> None:
    module = read(data)
    (node,) = (node for node in ast.walk(module.tree) if isinstance(node, ast.Name) and node.id == "target")
    start, end = module.extent(node)
    assert (data[start:end], module.segment(node)) == (b"target", "target")
    assert data.index(b"target") == start


def test_position_and_offset_are_inverse() -> None:
    module = read("a = 1\r\n\xe9 = 2\rb = '\xe9'\n".encode())
    for offset in range(len(module.data)):
        line, column = module.position(offset)
        assert module.starts[line - 1] + column - 1 == offset
    assert module.position(len(module.data)) == (4, 1)


def test_character_columns_count_characters() -> None:
    data = "# coding: latin-1\nx = '\xe9', y\n".encode("latin-1")
    module = read(data)
    assert data[module.character_offset(2, 10) :] == b"y\n"
    assert module.character_offset(3, 1) == len(data)
    assert module.character_offset(9, 1) == len(data)


@pytest.mark.parametrize(
    ("data", "lines", "newline"),
    [(b"", 0, "\n"), (b"a", 1, "\n"), (b"a\n", 1, "\n"), (b"a\r\nb", 2, "\r\n"), (b"a\rb\rc\n", 3, "\r")],
)
def test_lines_and_newline(data: bytes, lines: int, newline: str) -> None:
    module = read(data)
    assert (module.lines, module.newline) == (lines, newline)


def test_warnings_of_the_code_are_not_ours() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read(b"x = '\\d'; y = 1 is 1\n")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"b"}, True),
        ({"c"}, True),
        ({"x", "%"}, True),
        ({"%"}, True),
        ({"d"}, False),
        ({"d", "+"}, False),
        (set(), False),
    ],
)
def test_words_are_looked_for_as_words_and_other_texts_anywhere(texts: set[str], expected: bool) -> None:
    assert read(b"a.b(cd, '%s')  # c\n").mentions(frozenset(texts)) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"import a\nx = 1\nfrom b import c", b"import a\nfrom b import c"),
        (b"from b import (\n    c,\n)\n", b"from b import ("),
        (b"import a, \\\n    b\nx\n", b"import a, ;    b"),
        (b"from \\\r\n b import c\r\nx\r\n", b"from ; b import c\r"),
        (b"x = 1\n", b""),
    ],
)
def test_imports_are_the_lines_that_import_with_those_they_go_on_in(source: bytes, expected: bytes) -> None:
    assert read(source).imports == expected
