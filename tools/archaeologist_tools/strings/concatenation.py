"""Adjacent strings with comments between them, and others that patterns do not take apart, read by LibCST.

It keeps line layout and comments as they are, and takes its time: only what `literals` cannot read comes here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from archaeologist_tools.strings.fstrings import TemplateError
from archaeologist_tools.strings.literals import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist_tools.strings.literals import Parted

_LINE_FEED = "\n"
_NEWLINE = re.compile(r"\r\n?|\n")
_EMPTY = cst.SimpleString("''")


def rewritten(literal: str, write: Callable[[str, str, str], str]) -> str:
    """Write a literal with other strings.

    Args:
        literal: its source.
        write: gives the source of a string from its prefix, its quotes, and what stands between them.

    Raises:
        TemplateError: it is no string literal, or would be none.
    """
    endings = _NEWLINE.findall(literal)
    # LibCST writes line endings as it sees fit: it is shown one kind, and the literal's own is put back.
    whole = _written(_parse(f"({_NEWLINE.sub(_LINE_FEED, literal)}{_LINE_FEED})"), write)
    inner = whole.with_changes(lpar=whole.lpar[1:], rpar=whole.rpar[:-1])
    code = _code(inner)
    if not isinstance(inner, cst.ConcatenatedString) and _LINE_FEED not in code:
        # Parentheses that held the template against the operator have nothing to hold any more.
        code = _code(inner.with_changes(lpar=[], rpar=[]))
    return code.replace(_LINE_FEED, endings[0]) if endings else code


def parted(literal: str) -> list[Parted]:
    """The strings of a literal with their parts.

    Raises:
        TemplateError: it is no string literal.
    """
    found: list[Parted] = []
    pending = [_parse(f"({_NEWLINE.sub(_LINE_FEED, literal)}{_LINE_FEED})")]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.ConcatenatedString):
            pending += [node.right, node.left]
        elif isinstance(node, cst.SimpleString):
            found.append((Piece(node.prefix, node.quote, node.raw_value), [(node.raw_value, False)]))
        elif isinstance(node, cst.FormattedString):
            parts = [(_code(part), isinstance(part, cst.FormattedStringExpression)) for part in node.parts]
            found.append((Piece(node.prefix, node.end, "".join(text for text, _ in parts)), parts))
        else:
            raise TemplateError("conversion")
    return found


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _parse(expression: str) -> cst.BaseExpression:
    try:
        return cst.parse_expression(expression)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise TemplateError("conversion") from error


def _written(
    node: cst.BaseExpression, write: Callable[[str, str, str], str]
) -> cst.SimpleString | cst.FormattedString | cst.ConcatenatedString:
    if isinstance(node, cst.ConcatenatedString):
        left = _written(node.left, write)
        right = _written(node.right, write)
        return _without_empty(node.with_changes(left=left, right=right))
    if not isinstance(node, cst.SimpleString):
        raise TemplateError("conversion")
    text = write(node.prefix, node.quote, node.raw_value)
    if text.startswith("f"):
        return _parse(text).with_changes(lpar=node.lpar, rpar=node.rpar)  # type: ignore[return-value]  # an f prefix parses as one
    return node.with_changes(value=text)


def _without_empty(node: cst.ConcatenatedString) -> cst.FormattedString | cst.SimpleString | cst.ConcatenatedString:
    """Adjacent strings without the one of the two that is empty, such as the one that held a call of `format`."""
    if "#" in _code(node.with_changes(left=_EMPTY, right=_EMPTY)):
        return node
    for dropped, kept in ((node.right, node.left), (node.left, node.right)):
        if isinstance(dropped, cst.SimpleString) and not dropped.raw_value:
            return kept.with_changes(lpar=[*node.lpar, *kept.lpar], rpar=[*kept.rpar, *node.rpar])
    return node
