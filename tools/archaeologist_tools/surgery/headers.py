"""Where the header of a class or function ends: what the syntax tree does not tell."""

from __future__ import annotations

import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Definition


@dataclass(frozen=True)
class Header:
    """The places of a header, in bytes.

    Attributes:
        parameters_end: behind the parenthesis that closes the parameters; 0 for a class without any.
        colon: where the colon stands that the body follows.
    """

    parameters_end: int
    colon: int


def header_of(module: Module, node: Definition) -> Header:
    """Find the end of a header."""
    depth = lambdas = end = 0
    for token in _tokens(module, node.lineno):
        depth += token.string in {"(", "[", "{"}
        depth -= token.string in {")", "]", "}"}
        if depth or token.type not in {tokenize.OP, tokenize.NAME}:
            continue
        if token.string == ")" and not end:
            end = _offset(module, node.lineno, token.end)
        elif token.string == "lambda":
            lambdas += 1
        elif token.string == ":" and lambdas:
            lambdas -= 1
        elif token.string == ":":
            return Header(end, _offset(module, node.lineno, token.start))
    raise ValueError("a definition without a colon")  # pragma: no cover - it was parsed


def _tokens(module: Module, first: int) -> Iterator[tokenize.TokenInfo]:
    lines = (module.line(number).decode(module.encoding) for number in range(first, module.lines + 1))
    # A lone CR ends a line for Python, and not for this tokenizer.
    ended = (line.rstrip("\r\n") + "\n" for line in lines)
    return tokenize.generate_tokens(lambda: next(ended, ""))


def _offset(module: Module, first: int, place: tuple[int, int]) -> int:
    row, column = place
    return module.character_offset(first + row - 1, column + 1)
