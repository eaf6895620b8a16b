"""Expressions put into the braces of an f-string: which may go there, how they are written, and how long lines get."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import called, dotted, walk
from archaeologist_tools.strings.fstrings import TemplateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View

# A text within the text, or a function, is worse to read in braces than behind the template.
_HARD_TO_READ = (ast.JoinedStr, ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.DictComp, ast.SetComp)
_NOT_INSIDE = (ast.JoinedStr, ast.Lambda, ast.NamedExpr)
# They can stand in front of `!s` as they are.
_TIGHT = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
_DECISIONS = (ast.BoolOp, ast.Compare, ast.IfExp)
_LONGEST_DECISION = 40
_SPECIAL = frozenset("\"'\\{}%#")
_WORD = re.compile(r"\w$")
_COMMA = re.compile(rb",[ ]+(?=[^#\s])")
_CONVERSIONS = {"str": "!s", "repr": "!r", "ascii": "!a"}


def check_call_around(node: ast.expr, view: View, names: frozenset[str], code: str) -> None:
    """Raise with a reason code when an expression is an argument of a call of one of these names."""
    call = view.index.parents[node]
    if isinstance(call, ast.Call) and node in call.args and called(call) in names:
        raise TemplateError(code)


def check_statement(node: ast.expr, fields: Sequence[str], view: View) -> None:
    """Raise when a text without fields would stand alone, where it may become a docstring."""
    if not any(field.startswith("{") for field in fields) and isinstance(view.index.parents[node], ast.Expr):
        raise TemplateError("no-safe-fix")


def embedded(value: ast.expr, view: View) -> str:
    """The source of an expression, on one line, as it can stand in braces.

    Raises:
        TemplateError: it cannot, or should not.
    """
    if isinstance(value, ast.Starred):
        raise TemplateError("star-operand")
    text = one_line(value, view)
    if isinstance(value, _HARD_TO_READ) or (isinstance(value, _DECISIONS) and len(text) > _LONGEST_DECISION):
        raise TemplateError("hard-to-read")
    if isinstance(value, ast.Constant) and isinstance(value.value, (str, bytes)):
        raise TemplateError("hard-to-read")
    if not dotted(value) and any(map(view.index.of, _NOT_INSIDE)) and _holds_hard(value):
        raise TemplateError("hard-to-read")
    if "\\" in text or "#" in text:
        raise TemplateError("backslash")
    return f" {text}" if text.startswith("{") else text


def _holds_hard(value: ast.expr) -> bool:
    return any(node.__class__ in _NOT_INSIDE for node in walk(value))


def plain_text(value: str) -> str | None:
    """A text as it can be put into any template, None when it would have to be escaped there."""
    return value if value.isascii() and value.isprintable() and not _SPECIAL.intersection(value) else None


def converted(value: ast.expr, view: View) -> tuple[ast.expr, str]:
    """What a value is the text of, and the conversion that makes that text: `x` and `!r` for `repr(x)`.

    The value itself and nothing when it is no such call, or not of the builtin.
    """
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name) or len(value.args) != 1:
        return value, ""
    (inner,), name = value.args, value.func.id
    plain = isinstance(inner, _TIGHT) and not value.keywords
    known = name in _CONVERSIONS and view.is_builtin(name)
    return (inner, _CONVERSIONS[name]) if plain and known else (value, "")


def one_line(value: ast.expr, view: View) -> str:
    """The source of an expression, its lines joined.

    Raises:
        TemplateError: a comment, a backslash or a string keeps the lines apart.
    """
    text = view.module.segment(value)
    if "\n" not in text and "\r" not in text:
        return text
    lines = [line.strip() for line in text.splitlines()]
    joined = lines[0]
    for line in lines[1:]:
        tight = joined.endswith(("(", "[", "{", ".")) or line.startswith((")", "]", "}", ".", ","))
        joined += line if tight else f" {line}"
    joined = re.sub(r",(?=[)\]}])", "", joined) if _is_call(value) else joined
    try:
        same = ast.dump(ast.parse(joined, mode="eval").body) == ast.dump(value)
    except SyntaxError:
        same = False
    if not same or "#" in joined:
        raise TemplateError("multiline")
    return joined


def _is_call(value: ast.expr) -> bool:
    return isinstance(value, ast.Call)


def has_comment(text: str) -> bool:
    """Whether a stretch of an expression's source holds a comment."""
    if "#" not in text:
        return False
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"(0 {text})").readline))
    except (tokenize.TokenError, SyntaxError):
        return True
    return any(token.type == tokenize.COMMENT for token in tokens)


def spaced(text: str, start: int, view: View) -> str:
    """A text that begins with a letter, kept apart from a word in front of it."""
    before = view.module.data[max(start - 1, 0) : start].decode(view.module.encoding, "replace")
    return f" {text}" if _WORD.search(before) else text


def too_long(text: str, start: int, end: int, view: View, limit: int | None = None) -> bool:
    """Whether a line would get longer than the lines of the file, or a limit, when a text replaces some bytes."""
    module = view.module
    first, last = module.position(start)[0], module.position(end)[0]
    before = module.data[module.starts[first - 1] : start].decode(module.encoding)
    after = module.data[end : module.starts[last]].decode(module.encoding).rstrip()
    longest = max(len(line) for line in f"{before}{text}{after}".splitlines())
    present = max(len(module.line(number).rstrip()) for number in range(first, last + 1))
    return longest > max(present, view.line_limit if limit is None else limit)


def before_next(text: str, node: ast.expr, view: View) -> tuple[int, str] | None:
    """A text of one line, with the argument behind it on a line of its own.

    Returns:
        The end of the bytes to replace, and the text; None where arguments are not lined up that way.
    """
    module, (start, end) = view.module, view.module.extent(node)
    call, comma = view.index.parents[node], _COMMA.match(module.data, end)
    line, column = module.position(start)
    lead = module.line(line)[: column - 1].decode(module.encoding)
    first = isinstance(call, ast.Call) and node in call.args and (not lead.strip() or lead.endswith("("))
    if comma is None or not first or "\n" in text or "\t" in lead:
        return None
    return comma.end(), f"{text},{module.newline}{' ' * len(lead)}"
