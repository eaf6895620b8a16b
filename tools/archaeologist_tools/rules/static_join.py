"""AR006 static-join."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.rules.text_sum import check_surroundings
from archaeologist_tools.strings.fstrings import TemplateError, pieces_of
from archaeologist_tools.strings.interpolation import interpolated, is_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View


@register
class StaticJoin(Rule[ast.Call]):
    """Writes `' '.join([a, b])` as an f-string.

    What it does:
        Finds `join` called on a string literal with a list or tuple that is written out, and writes an f-string where
        that is shorter and means the same.

    Why:
        A list that is made only to be put together hides the text that comes out.

    Example:
        `' '.join(['hello', str(n)])` becomes `f'hello {n}'` where n is surely a number.

    Safety:
        `join` refuses what is no text, and takes a text as it is where an f-string asks `__format__`: each value has to
        be surely a plain text, or be made to one by `str()` or `repr()`.

    Left alone:
        Values that may be no text, more than three of them, starred ones, lists over several lines, paths, patterns,
        markup and queries, log messages, translated texts.

    References:
        ruff FLY002; https://docs.python.org/3/library/stdtypes.html#str.join
    """

    code = "AR006"
    name = "static-join"
    family = "strings"
    title = "Use f-strings for joins of a few parts"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ("FLY002",)
    nodes = (ast.Call,)
    names = frozenset({"join"})
    sign = re.compile(rb"join[\s\\]*+\((?:[\s\\]|#[^\n]*)*+[(\[]")
    refusals: ClassVar = {
        "may-be-no-text": "nothing in the code shows that a value is plain text",
        "special-text": "a part is a path, a pattern, a template or markup, or a literal of another kind",
        "template": "the text is a template itself",
        "star-operand": "what is joined is only known at run time",
        "logging": "a log message is best left to the logger to format",
        "translated": "message catalogues look the template up as it stands",
        "sql": "a query should get its values as parameters, which is for a person to change",
        "backslash": "a value holds a backslash or a #, which an f-string does not allow before Python 3.12",
        "nested-quote": "a part holds the same quotes as another one",
        "multiline": "the call spans several lines",
        "hard-to-read": "there are many values, or long ones, and the list reads better",
        "too-long": "the line would become longer than the lines of this file",
        "conversion": "a literal is no plain one",
    }
    firm = frozenset({"may-be-no-text"})
    valid = ("x = ' '.join(a)\n", "x = ' '.join(['a', 'b'])\n", "x = a.join([b, 'c'])\n", "x = ' '.join([a])\n")
    invalid = (
        ("x = ' '.join(['at', str(len(a))])\n", "x = f'at {len(a)}'\n"),
        ("x = ''.join((repr(a), '.'))\n", "x = f'{a!r}.'\n"),
        ("x = ' '.join(['at', a])\n", "x = ' '.join(['at', a])\n"),
        ("x = ' '.join(['at', *a])\n", "x = ' '.join(['at', *a])\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find `join` on a literal, with several parts that are written out and not all literals."""
        parts = _parts(node)
        if len(parts) > 1 and not all(map(is_literal, parts)):
            yield Match(node, "parts that are written out are joined")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Write the f-string."""
        node, parts = match.node, _parts(match.node)
        if any(isinstance(part, ast.Starred) for part in parts):
            return Decline("star-operand")
        try:
            check_surroundings(node, parts, view)
            place = interpolated(parts, node, view, _separator(node, parts, view))
        except TemplateError as error:
            return Decline(error.code)
        return Replacement(*place, Evidence.PROVED, "every value is plain text, or made to text as before")


def _parts(node: ast.Call) -> list[ast.expr]:
    """The parts that a call of `join` on a literal puts together; none where they are not written out."""
    function = node.func
    joins = isinstance(function, ast.Attribute) and function.attr == "join" and is_literal(function.value)
    if not joins or len(node.args) != 1 or node.keywords or not isinstance(node.args[0], (ast.List, ast.Tuple)):
        return []
    return node.args[0].elts


def _separator(node: ast.Call, parts: Sequence[ast.expr], view: View) -> str:
    """What the parts are joined with, as it is written between quotes.

    Raises:
        TemplateError: it is no plain literal, or there is nothing between values, for which `a + b` would do.
    """
    literal = node.func.value if isinstance(node.func, ast.Attribute) else node
    (prefix, raw), *others = pieces_of(view.module.segment(literal))
    if others or prefix.lower() not in {"", "u"}:
        raise TemplateError("special-text")
    if not raw and not any(map(is_literal, parts)):
        raise TemplateError("hard-to-read")
    return raw
