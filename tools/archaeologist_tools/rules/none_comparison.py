"""AR026 none-comparison."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_OPERATOR = re.compile(r"(?P<before>\)*\s*)(?P<operator>==|!=)(?P<after>\s*\(*)")
_WORDS = {"==": "is", "!=": "is not"}
# None of these says that it equals None.
_KNOWN = ("NoneType", "bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple")


@register
class NoneComparison(Rule[ast.Compare]):
    """Writes `x == None` as `x is None`, where that is surely the same.

    What it does:
        Finds comparisons with None by `==` and `!=`.

    Why:
        There is one None. `==` asks the object, which may answer anything, or for each of its elements.

    Example:
        `if name == None:` becomes `if name is None:`.

    Safety:
        Rewrites only where the code shows that the value is of a builtin type itself, not of a subclass, or None.

    Left alone:
        Any other value: columns of SQLAlchemy and arrays answer with an object of their own.

    References:
        ruff E711
    """

    code = "AR026"
    name = "none-comparison"
    family = "state"
    title = "Compare with None by identity"
    fixer = Fixer.RULE
    aliases = ("E711",)
    nodes = (ast.Compare,)
    words = frozenset({"None"})
    # None behind the operator or before it, or the operator on a line of its own.
    sign = re.compile(
        rb"=(?<=[=!]=)(?:(?:[\s(\\]|#[^\n]*)*+None\b|(?<=None[)\s][=!]=)|(?<=(?:None|..\s\s)[=!]=)|(?<=None\)\s[=!]=))"
    )
    refusals: ClassVar = {
        "unknown-type": "the value may answer the comparison in its own way",
        "layout": "comments or other comparisons stand between the two sides",
    }
    valid = ("x is None\n", "x == 1\n")
    invalid = (
        ("def f(x):\n    return x == None\n", "def f(x):\n    return x == None\n"),
        ("def f(x):\n    y = str(x)\n    return y != None\n", "def f(x):\n    y = str(x)\n    return y is not None\n"),
    )

    def matches(self, node: ast.Compare, view: View) -> Iterator[Match[ast.Compare]]:
        """Find the comparison."""
        sides = [node.left, *node.comparators]
        none = any(isinstance(side, ast.Constant) and side.value is None for side in sides)
        if none and any(isinstance(kind, (ast.Eq, ast.NotEq)) for kind in node.ops):
            known = self._value(node, view) is not None
            yield Match(node, "comparison with None by equality", fixer=None if known else Fixer.PERSON)

    def fix(self, match: Match[ast.Compare], view: View) -> Replacement | Decline:
        """Compare by identity."""
        node = match.node
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if len(node.ops) != 1:
            return Decline("layout")
        value = self._value(node, view)
        if value is None:
            return Decline("unknown-type")
        module = view.module
        start, end = module.extent(node.left)[1], module.extent(node.comparators[0])[0]
        gap = _OPERATOR.fullmatch(module.data[start:end].decode(module.encoding))
        if gap is None:
            return Decline("layout")
        text = f"{gap['before'] or ' '}{_WORDS[gap['operator']]}{gap['after'] or ' '}"
        if text[0] == ")" and not text.lstrip(")")[0].isspace():
            text = text.replace(")i", ") i", 1)
        reason = view.types.of(value).reason or "the value is of a builtin type"
        return Replacement(start, end, text, Evidence.PROVED, reason)

    def _value(self, node: ast.Compare, view: View) -> ast.expr | None:
        """The side that is not None, when its type is known."""
        sides = [side for side in (node.left, *node.comparators) if not _is_none(side)]
        return sides[0] if len(sides) == 1 and view.types.of(sides[0]).exactly(*_KNOWN) else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
