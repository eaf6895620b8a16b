"""AR005 text-sum."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.rules.percent_format import check_readers, may_log
from archaeologist_tools.strings.embedding import check_call_around
from archaeologist_tools.strings.fstrings import TemplateError
from archaeologist_tools.strings.interpolation import interpolated, is_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View

_FEW = 2
# What is made for them is a pattern or a path, whatever it looks like.
_READERS = frozenset(
    {
        "Path", "Popen", "PurePath", "compile", "eval", "exec", "exists", "findall", "finditer", "fullmatch", "glob",
        "isdir", "isfile", "join", "match", "open", "popen", "search", "sub", "subn", "system",
    }
)  # fmt: skip


@register
class TextSum(Rule[ast.BinOp]):
    """Writes `'a' + str(x) + 'b'` as an f-string.

    What it does:
        Finds texts put together with `+` from literals and values, and writes one f-string where that is shorter and
        means the same.

    Why:
        The parts of the text stand apart between quotes and operators, and `str()` only serves the operator.

    Example:
        `'line ' + str(n) + ': ' + repr(text)` becomes `f'line {n}: {text!r}'` where n is surely a number.

    Safety:
        `+` refuses what is no text, and objects may answer it themselves: each value has to be surely a plain text, or
        be made to one by `str()` or `repr()`. `!s` stays unless the type of the value is known from the code.

    Left alone:
        Values that may be no text, sums of two without a call, long sums and those over several lines, paths, patterns,
        markup and queries, log messages, translated texts.

    References:
        flynt --transform-concats; https://docs.python.org/3/reference/lexical_analysis.html#f-strings
    """

    code = "AR005"
    name = "text-sum"
    family = "strings"
    title = "Use f-strings for sums of texts"
    minimum = (3, 6)
    fixer = Fixer.RULE
    nodes = (ast.BinOp,)
    words = frozenset({"+"})
    # A literal before or behind the operator, parentheses between them, or the operator on a line of its own.
    sign = re.compile(rb"\+(?:(?:[\s(\\]|#[^\n]*)*+\w{0,2}['\"]|(?<=['\")]\+)|(?<=['\")]\s\+)|(?<=\s\s\+))")
    refusals: ClassVar = {
        "may-be-no-text": "nothing in the code shows that a value is plain text",
        "special-text": "a part is a path, a pattern, a template or markup, or a literal of another kind",
        "template": "the sum is a template itself",
        "logging": "a log message is best left to the logger to format",
        "translated": "message catalogues look the template up as it stands",
        "sql": "a query should get its values as parameters, which is for a person to change",
        "backslash": "a value holds a backslash or a #, which an f-string does not allow before Python 3.12",
        "nested-quote": "a part holds the same quotes as another one",
        "multiline": "the sum spans several lines",
        "hard-to-read": "there are many values, or long ones, and the sum reads better",
        "too-long": "the line would become longer than the lines of this file",
        "conversion": "a literal is no plain one",
    }
    firm = frozenset({"may-be-no-text"})
    valid = ("x = a + b\n", "x = 'a' + 'b'\n", "x = 'a' + b\n", "x = n + 1\n")
    invalid = (
        ("x = 'line ' + str(len(a)) + '.'\n", "x = f'line {len(a)}.'\n"),
        ("x = 'at ' + repr(a)\n", "x = f'at {a!r}'\n"),
        ("x = 'at ' + str(a)\n", "x = f'at {a!s}'\n"),
        ("x = 'at ' + a + '.'\n", "x = 'at ' + a + '.'\n"),
        ("x = '^' + str(a) + '$'\n", "x = '^' + str(a) + '$'\n"),
    )

    def matches(self, node: ast.BinOp, view: View) -> Iterator[Match[ast.BinOp]]:
        """Find the outermost sum that has a literal in it, and a call of `str` or two more parts."""
        parent = view.index.parents[node]
        if not isinstance(node.op, ast.Add) or (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add)):
            return
        parts = _parts(node)
        literals = sum(map(is_literal, parts))
        if literals and literals < len(parts) and (len(parts) > _FEW or any(map(_is_made, parts))):
            yield Match(node, "a text is put together from literals and values with +")

    def fix(self, match: Match[ast.BinOp], view: View) -> Replacement | Decline:
        """Write the f-string."""
        parts = _parts(match.node)
        try:
            check_surroundings(match.node, parts, view)
            place = interpolated(parts, match.node, view)
        except TemplateError as error:
            return Decline(error.code)
        return Replacement(*place, Evidence.PROVED, "every value is plain text, or made to text as before")


def check_surroundings(node: ast.expr, parts: Sequence[ast.expr], view: View) -> None:
    """Check that a text is for people to read.

    Raises:
        TemplateError: it is a log message, a template, a query, a path, or is looked up.
    """
    parent = view.index.parents[node]
    if isinstance(parent, ast.Call) and node in parent.args and may_log(parent, view):
        raise TemplateError("logging")
    check_call_around(node, view, _READERS, "special-text")
    template = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
    check_readers(node, template, view)
    is_formatted = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and parent.left is node
    if is_formatted or (isinstance(parent, ast.Attribute) and parent.attr in {"format", "format_map"}):
        raise TemplateError("template")


def _parts(node: ast.expr) -> list[ast.expr]:
    parts: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


def _is_made(part: ast.expr) -> bool:
    return isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in {"str", "repr", "ascii"}
