"""Literals with placeholders, written as f-strings piece by piece.

A literal may be several adjacent strings over several lines, each with its own prefix and quotes. Line layout and
comments between the pieces stay as they are.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.source.module import parse
from archaeologist_tools.strings import literals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# Since Python 3.12 an f-string may hold its own quotes, backslashes and comments (PEP 701).
PEP_701 = (3, 12)
_NAMED_CHARACTER = re.compile(r"\\N\{[^}]*\}|\\.|[{}]", re.DOTALL)
_NEWLINE = re.compile(r"\r\n?|\n")
# The strings in a field, one by one: the quotes in one of them begin no string. Three quotes are left as they are.
_STRING = re.compile(r"""(?:'{3}|"{3}).*|(['"])(?P<body>(?:(?!\1).)*)\1""")
_TAKEN = frozenset({"", *"rRuU"})
_OTHER_QUOTE = {"'": '"', '"': "'"}


class TemplateError(ValueError):
    """The template has no f-string counterpart here.

    Args:
        code: a reason code of the rule that asked.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Placeholder(NamedTuple):
    """A part of a template that is not text.

    Attributes:
        start: where it starts in the source of its piece.
        end: where it ends.
        text: the plain character that it stands for, or None when a value goes there.
    """

    start: int
    end: int
    text: str | None = None


def to_fstring(
    literal: str, find: Callable[[str], Sequence[Placeholder]], fields: Sequence[str], target: tuple[int, int]
) -> str:
    """Write a template literal as an f-string.

    Args:
        literal: source of the literal: one string or several adjacent ones, possibly parenthesized.
        find: gives the placeholders of one piece, from its source between the quotes.
        fields: what stands for the values, braces included, on one line each.
        target: the lowest Python that has to read it.

    Raises:
        TemplateError: a field does not fit into the quotes, their number is wrong, or line endings are mixed.
    """
    if len(set(_NEWLINE.findall(literal))) > 1:
        raise TemplateError("multiline")
    remaining = list(fields)
    writer = _Writer(find, remaining, nests=target >= PEP_701 and sys.version_info >= PEP_701)
    if (parts := literals.read(literal)) and all(piece.prefix in _TAKEN for piece in parts.pieces):
        text = parts.written([writer.text(piece.prefix, piece.quote, piece.body) for piece in parts.pieces])
        _check(text)
    else:
        from archaeologist_tools.strings.concatenation import rewritten  # noqa: PLC0415 - loads LibCST

        text = rewritten(literal, writer.text)
    if remaining:
        raise TemplateError("argument-count")
    return text


def _check(text: str) -> None:
    try:
        parse(f"({text})".encode())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise TemplateError("conversion") from error


def pieces_of(literal: str) -> list[tuple[str, str]]:
    """The prefix and the source between the quotes of every piece of a literal.

    Raises:
        TemplateError: it is no string literal.
    """
    if (parts := literals.read(literal)) and all(piece.prefix in _TAKEN for piece in parts.pieces):
        return [(piece.prefix, piece.body) for piece in parts.pieces]
    from archaeologist_tools.strings.concatenation import parted  # noqa: PLC0415 - loads LibCST

    pieces = [piece for piece, _ in parted(literal)]
    if any("f" in piece.prefix for piece in pieces):
        raise TemplateError("conversion")
    return [(piece.prefix, piece.body) for piece in pieces]


class _Writer:
    """Rewrites the pieces of one literal in order, and takes fields as it meets their placeholders."""

    def __init__(self, find: Callable[[str], Sequence[Placeholder]], fields: list[str], *, nests: bool) -> None:
        self._find = find
        self._fields = fields
        self._nests = nests

    def text(self, prefix: str, quote: str, raw_value: str) -> str:
        """The source of one piece, from its prefix, its quote and what stands between the quotes."""
        prefix = prefix.replace("u", "").replace("U", "")
        places = list(self._find(raw_value))
        count = sum(place.text is None for place in places)
        if count > len(self._fields):
            raise TemplateError("argument-count")
        own, self._fields[:] = self._fields[:count], self._fields[count:]
        if not any(field.startswith("{") for field in own):
            body = _filled(raw_value, places, iter(own), str)
            return f"{prefix}{quote}{body}{quote}"
        quote, own = self._fitting_quote(quote, raw_value, own)
        raw = "r" in prefix.lower()
        body = _filled(raw_value, places, iter(own), lambda text: braces_doubled(text, raw=raw))
        return f"f{prefix}{quote}{body}{quote}"

    def _fitting_quote(self, quote: str, raw_value: str, fields: list[str]) -> tuple[str, list[str]]:
        """A quote that no field holds, as they may not meet before Python 3.12, and the fields to go with it.

        The literal's own, or the other one, or its own when the strings in the fields can take the other one.
        """
        if not any(quote in field for field in fields):
            return quote, fields
        other = _OTHER_QUOTE[quote[0]] * len(quote)
        if not any(other[0] in text for text in (*fields, raw_value)):
            return other, fields
        if len(quote) > 1 and not self._nests:
            raise TemplateError("nested-quote")
        turned = [_STRING.sub(lambda string: _turned(string, other[0]), field) for field in fields]
        if not any(quote in field for field in turned):
            return quote, turned
        if self._nests:
            return quote, fields
        raise TemplateError("nested-quote")


def _turned(string: re.Match[str], quote: str) -> str:
    """A string in these quotes, or as it is when it may mean something else in them."""
    body = string["body"]
    return string.group() if body is None or set("'\"\\{}") & set(body) else f"{quote}{body}{quote}"


def _filled(text: str, places: Iterable[Placeholder], values: Iterable[str], plain: Callable[[str], str]) -> str:
    parts, position, fields = [], 0, iter(values)
    for place in places:
        parts += [plain(text[position : place.start]), next(fields) if place.text is None else plain(place.text)]
        position = place.end
    return "".join((*parts, plain(text[position:])))


def braces_doubled(text: str, *, raw: bool) -> str:
    """Write text between the fields of an f-string: braces are doubled, except those of a named character."""
    if raw:
        return text.replace("{", "{{").replace("}", "}}")
    return _NAMED_CHARACTER.sub(lambda match: match.group() * 2 if match.group() in "{}" else match.group(), text)
