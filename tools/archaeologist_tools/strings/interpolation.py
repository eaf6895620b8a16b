"""Texts that are put together from literals and values, written as one f-string.

An f-string asks `__format__` of a value, where `+` and `join` take text as it is and refuse everything else. So each
value has to be plain text, or be turned into it by `str()` or `repr()`.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.strings.embedding import converted, embedded
from archaeologist_tools.strings.fstrings import Placeholder, TemplateError, pieces_of, to_fstring
from archaeologist_tools.strings.percent_values import formats_as_text
from archaeologist_tools.strings.wrapping import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View

_MOST_VALUES, _LONGEST_VALUE = 3, 32
# Paths, patterns, markup and templates read better in parts than between doubled braces.
_SPECIAL = re.compile(r"\\(?![nrt'\"])|[/{}^$|*%<>]")
_MARK = "\ue000"
_OTHER_QUOTE = {"'": '"', '"': "'"}
_TIGHT = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


def interpolated(parts: Sequence[ast.expr], node: ast.expr, view: View, separator: str = "") -> tuple[int, int, str]:
    """Write parts of a text as an f-string in the place of an expression.

    Args:
        parts: literals, and values that are surely text.
        node: the expression.
        view: the file.
        separator: what stands between the parts, as it is written between quotes.

    Returns:
        The bytes that it replaces and what to write there, on one line.

    Raises:
        TemplateError: it does not mean the same, or reads no better.
    """
    if view.index.fstring_around(node):
        raise TemplateError("inside-f-string")
    source = view.module.segment(node)
    if "\n" in source or "\r" in source:
        raise TemplateError("multiline")
    fields = [_field(part, view) for part in parts if not is_literal(part)]
    if len(fields) > _MOST_VALUES:
        raise TemplateError("hard-to-read")
    raw = separator.join(_raw(part, view) if is_literal(part) else _MARK for part in parts)
    if _SPECIAL.search(raw) or raw.count(_MARK) != len(fields):
        raise TemplateError("special-text")
    text = to_fstring(_quoted(raw, source), _marks, fields, view.target)
    if len(text) >= len(source):
        raise TemplateError("hard-to-read")
    start, end, laid = placed(text, node, view)
    if "\n" in laid:
        raise TemplateError("too-long")
    return start, end, laid


def is_literal(node: ast.AST) -> bool:
    """Whether a node is a string literal."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _raw(literal: ast.expr, view: View) -> str:
    """What stands between the quotes of a literal."""
    source = view.module.segment(literal)
    (prefix, raw), *others = pieces_of(source)
    if others or prefix.lower() not in {"", "u"} or source.endswith(("'''", '"""')):
        raise TemplateError("special-text")
    return raw


def _quoted(raw: str, source: str) -> str:
    """A text between the quotes that come first in a source, or between the others when it holds these."""
    first = min((quote for quote in _OTHER_QUOTE if quote in source), key=source.index)
    quote = first if first not in raw else _OTHER_QUOTE[first]
    if quote in raw:
        raise TemplateError("nested-quote")
    return f"{quote}{raw}{quote}"


def _marks(raw: str) -> list[Placeholder]:
    return [Placeholder(found.start(), found.end()) for found in re.finditer(_MARK, raw)]


def _field(value: ast.expr, view: View) -> str:
    """The field for a value that is text, or made to text by a call."""
    inner, conversion = converted(value, view)
    if not conversion and not view.types.kinds(value).exactly("str"):
        raise TemplateError("may-be-no-text")
    if not isinstance(inner, _TIGHT) or _is_made_to_text(inner):
        raise TemplateError("hard-to-read")
    if conversion == "!s" and formats_as_text(view.types.kinds(inner), view):
        conversion = ""
    text = embedded(inner, view)
    if len(text) > _LONGEST_VALUE:
        raise TemplateError("hard-to-read")
    return f"{{{text}{conversion}}}"


def _is_made_to_text(value: ast.expr) -> bool:
    """Whether a value is a call of `str` or the like that could not be written as a conversion."""
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") in {"str", "repr", "ascii", "format"}
