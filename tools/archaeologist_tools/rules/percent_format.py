"""AR001 percent-format."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.proof import same_expression
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.percent_template import TemplateError, specifiers, to_fstring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical"})
_TRANSLATORS = frozenset(
    {"_", "N_", "gettext", "lgettext", "ugettext", "ngettext", "ungettext", "gettext_lazy", "ugettext_lazy"}
)
# In front of `!s` they need parentheses to be read right.
_LOOSE = (ast.BinOp, ast.UnaryOp)
# A decision, or a text within the text, is worse to read in braces than behind the template.
_HARD_TO_READ = (
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.JoinedStr,
    ast.Lambda,
    ast.NamedExpr,
    ast.Yield,
    ast.YieldFrom,
)
_WORD_END = re.compile(rb"\w$")


@register
class PercentFormat(Rule[ast.BinOp]):
    """Writes `'...%s...' % (a, b)` as an f-string.

    What it does:
        Finds a string literal followed by the `%` operator. Where the right side is a tuple written out and every
        conversion is `%s`, `%r` or `%a`, it becomes an f-string.

    Why:
        An f-string shows each value where it appears, cannot be given the wrong number of values, and does not change
        its meaning when a value happens to be a tuple.

    Example:
        `'%s has %r' % (name, items)` becomes `f'{name!s} has {items!r}'`.

    Safety:
        The compiler itself turns this form of `%` into an f-string. The rule compiles both texts and keeps its own only
        when the two code objects are equal. That is why `!s` stays: `{name}` would ask `__format__`, `%s` asks
        `__str__`.

    Left alone:
        A bare operand (it may be a tuple), mappings, numbers (`%d` accepts what `:d` refuses), log messages and
        translated texts, comments inside the tuple, conditions and lambdas, operands that do not fit the quotes, lines
        that would get too long.

    References:
        ruff UP031; https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
    """

    code = "AR001"
    name = "percent-format"
    family = "strings"
    title = "Use f-strings for % formatting"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ("UP031",)
    nodes = (ast.BinOp,)
    refusals: ClassVar = {
        "bare-operand": "the right side is no tuple literal; if it is a tuple at run time, it holds all the values",
        "mapping": "values are looked up by key",
        "conversion": "only %s, %r and %a mean the same in an f-string whatever the value is",
        "star-operand": "the values, or a width, are only known at run time",
        "argument-count": "the number of values differs from the number of conversions",
        "logging": "a log message is best left to the logger to format (eager-logging)",
        "translated": "message catalogues look the template up as it stands",
        "comment": "a comment stands inside the operands",
        "backslash": "an operand holds a backslash or a #, which an f-string does not allow before Python 3.12",
        "nested-quote": "an operand holds the same quotes as the template",
        "nested-legacy": "an operand holds what a rule could not rewrite any more inside an f-string",
        "multiline": "an operand spans several lines",
        "hard-to-read": "an operand is a condition or a text of its own, which reads better behind the template",
        "too-long": "the line would become longer than the lines of this file",
        "not-identical": "the compiler does not make the same code of both",
    }
    valid = ("f'{a}'", "7 % 3", "template % (a,)", "b'%d' % (n,)")
    invalid = (
        ("x = '%s: %r' % (key, value)\n", "x = f'{key!s}: {value!r}'\n"),
        ("x = '%-5s|%%' % (cell,)\n", "x = f'{cell!s:5}|%'\n"),
        ("x = '%s' % (d['k'],)\n", "x = f\"{d['k']!s}\"\n"),
        ("x = '%s' % value\n", "x = '%s' % value\n"),
        ("x = '%d' % (n,)\n", "x = '%d' % (n,)\n"),
    )

    def matches(self, node: ast.BinOp, view: View) -> Iterator[Match[ast.BinOp]]:  # noqa: ARG002
        """Find `'literal' % x`."""
        if is_format(node):
            fixable = isinstance(node.right, ast.Tuple)
            yield Match(node, "% formatting of a string literal", fixer=None if fixable else Fixer.AGENT)

    def fix(self, match: Match[ast.BinOp], view: View) -> Replacement | Decline:
        """Write the f-string and compare the code."""
        node = match.node
        try:
            return self._rewritten(node, view)
        except TemplateError as error:
            return Decline(error.code)

    def _rewritten(self, node: ast.BinOp, view: View) -> Replacement:
        module = view.module
        operands = _operands(node, view)
        start, end = module.extent(node)
        literal_end = _end_of_literal(node, view)
        if _has_comment(module.data[literal_end:end].decode(module.encoding)):
            raise TemplateError("comment")
        text = to_fstring(module.data[start:literal_end].decode(module.encoding), operands)
        if _WORD_END.search(module.data[max(start - 1, 0) : start]):
            text = f" {text}"
        if not same_expression(module.data[start:end].decode(module.encoding), text):
            raise TemplateError("not-identical")
        if _too_long(text, start, end, view):
            raise TemplateError("too-long")
        return Replacement(start, end, text, Evidence.IDENTICAL, "both texts compile to equal code objects")


def is_format(node: ast.AST) -> TypeGuard[ast.BinOp]:
    """Whether a node is a `str` literal followed by the operator `%`."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.left.value, str)
    )


def _is_old_super(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super" and bool(node.args)
    )


def _operands(node: ast.BinOp, view: View) -> list[str]:
    """The source of the values, ready to stand in braces."""
    _check_conversions(node)
    _check_surroundings(node, view)
    if not isinstance(node.right, ast.Tuple):
        raise TemplateError("bare-operand")
    return [_operand(value, view) for value in node.right.elts]


def _check_conversions(node: ast.BinOp) -> None:
    template = str(node.left.value) if isinstance(node.left, ast.Constant) else ""
    fields = [field for field in specifiers(template) if not field.literal]
    for reads, code in (("key", "mapping"), ("star", "star-operand")):
        if any(field.reads == reads for field in fields):
            raise TemplateError(code)
    if any(field.field is None for field in fields):
        raise TemplateError("conversion")


def _check_surroundings(node: ast.BinOp, view: View) -> None:
    if view.index.fstring_around(node):
        raise TemplateError("inside-f-string")
    call = view.index.parents[node]
    if not isinstance(call, ast.Call) or node not in call.args:
        return
    if isinstance(call.func, ast.Attribute) and call.func.attr in LOG_METHODS and node is call.args[0]:
        raise TemplateError("logging")
    if dotted(call.func).rpartition(".")[2] in _TRANSLATORS:
        raise TemplateError("translated")


def _operand(value: ast.expr, view: View) -> str:
    if isinstance(value, ast.Starred):
        raise TemplateError("star-operand")
    if any(is_format(node) or _is_old_super(node) for node in ast.walk(value)):
        raise TemplateError("nested-legacy")
    text = view.module.segment(value)
    if "\n" in text or "\r" in text:
        raise TemplateError("multiline")
    if "\\" in text or "#" in text:
        raise TemplateError("backslash")
    if isinstance(value, _HARD_TO_READ):
        raise TemplateError("hard-to-read")
    if isinstance(value, _LOOSE):
        return f"({text})"
    return f" {text}" if text.startswith("{") else text


def _end_of_literal(node: ast.BinOp, view: View) -> int:
    """Where the left side ends, closing parentheses included; only blanks and comments follow before the operator."""
    data = view.module.data
    end = position = view.module.extent(node.left)[1]
    while (character := data[position : position + 1]) != b"%":
        if character == b"#":
            position = view.module.starts[view.module.position(position)[0]]
            continue
        position += 1
        if character == b")":
            end = position
    return end


def _has_comment(text: str) -> bool:
    if "#" not in text:
        return False
    tokens = tokenize.generate_tokens(io.StringIO(f"(0 {text})").readline)
    return any(token.type == tokenize.COMMENT for token in tokens)


def _too_long(text: str, start: int, end: int, view: View) -> bool:
    module = view.module
    first, last = module.position(start)[0], module.position(end)[0]
    before = module.data[module.starts[first - 1] : start].decode(module.encoding)
    after = module.data[end : module.starts[last]].decode(module.encoding).rstrip()
    longest = max(len(line) for line in f"{before}{text}{after}".splitlines())
    present = max(len(module.line(number).rstrip()) for number in range(first, last + 1))
    return longest > max(present, view.line_limit)
