"""Literals with placeholders, written as f-strings piece by piece.

A literal may be several adjacent strings over several lines, each with its own prefix and quotes. LibCST reads them, so
that line layout and comments between the pieces stay as they are.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from archaeologist_tools.source.module import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_WrittenT = TypeVar("_WrittenT")
# Since Python 3.12 an f-string may hold its own quotes, backslashes and comments (PEP 701).
PEP_701 = (3, 12)
_NAMED_CHARACTER = re.compile(r"\\N\{[^}]*\}|\\.|[{}]", re.DOTALL)
_LINE_FEED = "\n"
_NEWLINE = re.compile(r"\r\n?|\n")
# A string without quotes or escapes in it, which means the same in either quotes.
_PLAIN_STRING = {"'": re.compile(r"'([^'\"\\{}]*)'"), '"': re.compile(r'"([^\'"\\{}]*)"')}
# One string and nothing else: LibCST takes its time, and there is no layout to keep.
_ALONE = re.compile(
    r"(?P<prefix>[rRuU]?)(?P<quote>\'\'\'|\"\"\"|\'|\")(?P<body>(?:\\[^\r]|(?!(?P=quote))[^\r\\])*)(?P=quote)",
    re.DOTALL,
)
_EMPTY = cst.SimpleString("''")
_OTHER_QUOTE = {"'": '"', '"': "'"}


class TemplateError(ValueError):
    """The template has no f-string counterpart here.

    Args:
        code: a reason code of the rule that asked.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Placeholder:
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
    endings = set(_NEWLINE.findall(literal))
    if len(endings) > 1:
        raise TemplateError("multiline")
    remaining = list(fields)
    writer = _Writer(find, remaining, nests=target >= PEP_701 and sys.version_info >= PEP_701)
    if alone := _ALONE.fullmatch(literal):
        text = _checked(writer.text(alone["prefix"], alone["quote"], alone["body"]))
        return _all_taken(text, remaining)
    # LibCST writes line endings as it sees fit: it is shown one kind, and the literal's own is put back.
    rewritten = _all_taken(writer.write(_parse(f"({_NEWLINE.sub(_LINE_FEED, literal)}{_LINE_FEED})")), remaining)
    inner = rewritten.with_changes(lpar=rewritten.lpar[1:], rpar=rewritten.rpar[:-1])
    code = cst.Module([]).code_for_node(inner)
    if not isinstance(inner, cst.ConcatenatedString) and _LINE_FEED not in code:
        # Parentheses that held the template against the operator have nothing to hold any more.
        code = cst.Module([]).code_for_node(inner.with_changes(lpar=[], rpar=[]))
    return code.replace(_LINE_FEED, endings.pop()) if endings else code


def _all_taken(written: _WrittenT, remaining: Sequence[str]) -> _WrittenT:
    if remaining:
        raise TemplateError("argument-count")
    return written


def _checked(text: str) -> str:
    try:
        parse(text.encode())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise TemplateError("conversion") from error
    return text


def pieces_of(literal: str) -> list[tuple[str, str]]:
    """The prefix and the source between the quotes of every piece of a literal.

    Raises:
        TemplateError: it is no string literal.
    """
    if alone := _ALONE.fullmatch(literal):
        return [(alone["prefix"], alone["body"])]
    found: list[tuple[str, str]] = []
    pending = [_parse(f"({_NEWLINE.sub(_LINE_FEED, literal)}{_LINE_FEED})")]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.ConcatenatedString):
            pending += [node.right, node.left]
        elif isinstance(node, cst.SimpleString):
            found.append((node.prefix, node.raw_value))
        else:
            raise TemplateError("conversion")
    return found


def _parse(expression: str) -> cst.BaseExpression:
    try:
        return cst.parse_expression(expression)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise TemplateError("conversion") from error


class _Writer:
    """Rewrites the pieces of one literal in order, and takes fields as it meets their placeholders."""

    def __init__(self, find: Callable[[str], Sequence[Placeholder]], fields: list[str], *, nests: bool) -> None:
        self._find = find
        self._fields = fields
        self._nests = nests

    def write(self, node: cst.BaseExpression) -> cst.SimpleString | cst.FormattedString | cst.ConcatenatedString:
        if isinstance(node, cst.ConcatenatedString):
            left = self.write(node.left)
            right = self.write(node.right)
            return _without_empty(node.with_changes(left=left, right=right))
        if not isinstance(node, cst.SimpleString):
            raise TemplateError("conversion")
        return self._piece(node)

    def _piece(self, node: cst.SimpleString) -> cst.SimpleString | cst.FormattedString:
        text = self.text(node.prefix, node.quote, node.raw_value)
        if text.startswith("f"):
            return _parse(text).with_changes(lpar=node.lpar, rpar=node.rpar)  # type: ignore[return-value]  # an f prefix parses as one
        return node.with_changes(value=text)

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
        turned = [_PLAIN_STRING[quote[0]].sub(rf"{other[0]}\1{other[0]}", field) for field in fields]
        if not any(quote in field for field in turned):
            return quote, turned
        if self._nests:
            return quote, fields
        raise TemplateError("nested-quote")


def _without_empty(node: cst.ConcatenatedString) -> cst.FormattedString | cst.SimpleString | cst.ConcatenatedString:
    """Adjacent strings without the one of the two that is empty, such as the one that held a call of `format`."""
    if "#" in cst.Module([]).code_for_node(node.with_changes(left=_EMPTY, right=_EMPTY)):
        return node
    for dropped, kept in ((node.right, node.left), (node.left, node.right)):
        if isinstance(dropped, cst.SimpleString) and not dropped.raw_value:
            return kept.with_changes(lpar=[*node.lpar, *kept.lpar], rpar=[*kept.rpar, *node.rpar])
    return node


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
