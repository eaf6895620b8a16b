"""Templates of `%` formatting, turned into f-strings piece by piece.

A literal may be several adjacent strings over several lines, each with its own prefix and quotes. LibCST reads them, so
that line layout and comments between the pieces stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# %%, or flags, width, precision, length modifier and conversion of printf-style formatting.
_SPECIFIER = re.compile(
    r"%(?:(?P<percent>%)|(?P<key>\([^)]*\))?(?P<flags>[-+ #0]*)(?P<width>\*|\d*)"
    r"(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>.))",
    re.DOTALL,
)
_NAMED_CHARACTER = re.compile(r"\\N\{[^}]*\}|\\.|[{}]", re.DOTALL)
_LINE_FEED = "\n"
_NEWLINE = re.compile(r"\r\n?|\n")
_OTHER_QUOTE = {"'": '"', '"': "'"}


class TemplateError(ValueError):
    """The template has no f-string counterpart here.

    Args:
        code: a reason code of the rule percent-format.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Specifier:
    """One `%...` of a template.

    Attributes:
        start: where it starts in the text.
        end: where it ends.
        literal: whether it stands for a percent sign.
        field: what goes behind the expression in an f-string, e.g. `!s:>5`; None when nothing there means the same.
        reads: which arguments it takes: `key`, `star` or `plain`.
    """

    start: int
    end: int
    literal: bool
    field: str | None
    reads: str


def specifiers(text: str) -> Iterator[Specifier]:
    """Give the specifiers of a template in order.

    Raises:
        TemplateError: a percent sign starts no specifier.
    """
    position = 0
    while (position := text.find("%", position)) >= 0:
        match = _SPECIFIER.match(text, position)
        if match is None:
            raise TemplateError("conversion")
        position = match.end()
        yield _specifier(match)


def _specifier(match: re.Match[str]) -> Specifier:
    if match["percent"]:
        return Specifier(*match.span(), literal=True, field=None, reads="plain")
    reads = "key" if match["key"] else "star" if "*" in (match["width"], match["precision"]) else "plain"
    field = None
    if match["type"] in "sra" and reads == "plain":
        align = "" if "-" in match["flags"] or not match["width"] else ">"
        precision = "" if match["precision"] is None else f".{match['precision'] or 0}"
        spec = f"{align}{match['width']}{precision}"
        field = f"!{match['type']}" + (f":{spec}" if spec else "")
    return Specifier(*match.span(), literal=False, field=field, reads=reads)


def to_fstring(literal: str, operands: Sequence[str]) -> str:
    """Write a template literal as an f-string.

    Args:
        literal: source of the literal: one string or several adjacent ones, possibly parenthesized.
        operands: source of the expressions that fill it, on one line each.

    Raises:
        TemplateError: an operand does not fit into the quotes, their number is wrong, or line endings are mixed.
    """
    endings = set(_NEWLINE.findall(literal))
    if len(endings) > 1:
        raise TemplateError("multiline")
    # LibCST writes line endings as it sees fit: it is shown one kind, and the literal's own is put back.
    outer = _parse(f"({_NEWLINE.sub(_LINE_FEED, literal)}{_LINE_FEED})")
    remaining = list(operands)
    rewritten = _rewrite(outer, remaining)
    if remaining:
        raise TemplateError("argument-count")
    inner = rewritten.with_changes(lpar=rewritten.lpar[1:], rpar=rewritten.rpar[:-1])
    code = cst.Module([]).code_for_node(inner)
    if not isinstance(inner, cst.ConcatenatedString) and _LINE_FEED not in code:
        # Parentheses that held the template against the operator have nothing to hold any more.
        code = cst.Module([]).code_for_node(inner.with_changes(lpar=[], rpar=[]))
    return code.replace(_LINE_FEED, endings.pop()) if endings else code


def _parse(expression: str) -> cst.BaseExpression:
    try:
        return cst.parse_expression(expression)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise TemplateError("conversion") from error


def _rewrite(
    node: cst.BaseExpression, operands: list[str]
) -> cst.SimpleString | cst.FormattedString | cst.ConcatenatedString:
    if isinstance(node, cst.ConcatenatedString):
        left = _rewrite(node.left, operands)
        return node.with_changes(left=left, right=_rewrite(node.right, operands))
    if not isinstance(node, cst.SimpleString):
        raise TemplateError("conversion")
    return _piece(node, operands)


def _piece(node: cst.SimpleString, operands: list[str]) -> cst.SimpleString | cst.FormattedString:
    prefix = node.prefix.replace("u", "").replace("U", "")
    fields = list(specifiers(node.raw_value))
    if any(field.field is None and not field.literal for field in fields):
        raise TemplateError("conversion")
    count = sum(not field.literal for field in fields)
    if count > len(operands):
        raise TemplateError("argument-count")
    own, operands[:] = operands[:count], operands[count:]
    if not own:
        body = node.raw_value.replace("%%", "%")
        return node.with_changes(value=f"{prefix}{node.quote}{body}{node.quote}")
    quote = _fitting_quote(node, own)
    body = _body(node.raw_value, fields, own, raw="r" in prefix.lower())
    text = _parse(f"f{prefix}{quote}{body}{quote}")
    return text.with_changes(lpar=node.lpar, rpar=node.rpar)  # type: ignore[return-value]  # an f prefix parses as one


def _fitting_quote(node: cst.SimpleString, operands: Sequence[str]) -> str:
    """The literal's own quote, or the other one when an operand holds the first: they may not meet before 3.12."""
    quote = node.quote
    if not any(quote in operand for operand in operands):
        return quote
    other = _OTHER_QUOTE[quote[0]] * len(quote)
    if any(other[0] in text for text in (*operands, node.raw_value)):
        raise TemplateError("nested-quote")
    return other


def _body(text: str, fields: Sequence[Specifier], operands: Sequence[str], *, raw: bool) -> str:
    parts, position, values = [], 0, iter(operands)
    for field in fields:
        parts.append(_braces_doubled(text[position : field.start], raw=raw))
        parts.append("%" if field.literal else f"{{{next(values)}{field.field}}}")
        position = field.end
    parts.append(_braces_doubled(text[position:], raw=raw))
    return "".join(parts)


def _braces_doubled(text: str, *, raw: bool) -> str:
    if raw:
        return text.replace("{", "{{").replace("}", "}}")
    # The braces of \N{BULLET} belong to the escape.
    return _NAMED_CHARACTER.sub(lambda match: match.group() * 2 if match.group() in "{}" else match.group(), text)
