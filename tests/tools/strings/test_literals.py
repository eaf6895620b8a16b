"""Literals taken apart by patterns say what LibCST says of them; what patterns cannot take is left to it."""

from __future__ import annotations

import pytest

from archaeologist_tools.strings import concatenation, literals

READ = [
    "'a'",
    "('a')",
    "r'a\\'b'",
    "'''a'b\n'''",
    "'a' 'b'",
    "'a'\"b\"'c'",
    "'' 'b'",
    "'a' ''",
    "'' ''",
    "( ''\n  'b'\n)",
    "('a'\n 'b')",
    "('a' \\\n 'b')",
    "'a' \\\n u'b'",
    "(\n    'a'\n    R'b'\n)",
    "f'a{{b {x} c}}d'",
    "f'{x!r:>{w}}' 'b'",
    "f'{d[\"a{\"]}' 'b'",
    "rf'{ {1: 2}[x]}'",
    "f'\\n{x}'",
    'f\'{f({"a": "b"})}{ {"c": 1}[x]!r:>{w}}\'',
    "rf'[{{;]\\s*{x}\\}}\\{{'",
    "f'\\}}{x}'",
    "fr'\\{x}{{'",
]
NOT_READ = ["('a'  # c\n 'b')", "('a' \\\n)", "x", "f('a')", "'a' + 'b'", "f'{d['a']}'"]


@pytest.mark.parametrize("source", READ)
def test_pieces_and_fields_are_those_of_libcst(source: str) -> None:
    literal = literals.read(source)
    assert literal is not None
    expected = concatenation.parted(source)
    assert [(piece.prefix.lower(), piece.quote, piece.body) for piece in literal.pieces] == [
        (piece.prefix, piece.quote, piece.body) for piece, _ in expected
    ]
    if literal.parted is not None:
        assert [parts for _, parts in literal.parted if parts != [("", False)]] == [
            parts for _, parts in expected if parts != [("", False)]
        ]


@pytest.mark.parametrize("source", [source for source in READ if "{" not in source])
@pytest.mark.parametrize("written", ["f'{x}'", "'x'", "''"])
def test_the_same_is_written_around_the_pieces_as_by_libcst(source: str, written: str) -> None:
    def write(prefix: str, quote: str, body: str) -> str:
        return written if body == "a" else f"{prefix.lower().replace('u', '')}{quote}{body}{quote}"

    literal = literals.read(source)
    assert literal is not None
    texts = [write(piece.prefix, piece.quote, piece.body) for piece in literal.pieces]
    assert literal.written(texts) == concatenation.rewritten(source, write)


@pytest.mark.parametrize("source", NOT_READ)
def test_what_is_more_than_strings_and_blanks_is_not_read(source: str) -> None:
    assert literals.read(source) is None


@pytest.mark.parametrize("body", [r"\N{DASH}", "{d['{']}", "{x:'<5}", "{", "}", r"\{x}"])
def test_fields_are_left_to_libcst_where_braces_may_be_text(body: str) -> None:
    literal = literals.Literal("", (literals.Piece("f", '"', body),), (), "")
    assert literal.parted is None
