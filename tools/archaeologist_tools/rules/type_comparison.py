"""AR027 type-comparison."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_COMPARES = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


@register
class TypeComparison(Rule[ast.Compare]):
    """Finds `type(x) == A`.

    What it does:
        Finds comparisons of the type of a value with `==`, `!=`, `in` and `not in`.

    Why:
        Subclasses are left out, most often by accident; `isinstance` lets them in, `is` says that they are left out on
        purpose.

    Example:
        `type(x) == int` is `isinstance(x, int)`, or `type(x) is int` where a bool must not pass.

    Safety:
        Not rewritten: `isinstance` answers differently for subclasses.

    Left alone:
        Nothing is rewritten by this rule; a person decides.

    References:
        ruff E721
    """

    code = "AR027"
    name = "type-comparison"
    family = "state"
    title = "Ask for types with isinstance"
    fixer = Fixer.PERSON
    aliases = ("E721",)
    nodes = (ast.Compare,)
    words = frozenset({"type"})
    valid = ("isinstance(x, int)\n", "type(x) is int\n")
    invalid = (("type(x) == int\n", "type(x) == int\n"), ("type(x) in (int, str)\n", "type(x) in (int, str)\n"))

    def matches(self, node: ast.Compare, view: View) -> Iterator[Match[ast.Compare]]:  # noqa: ARG002
        """Find the comparison."""
        sides = [node.left, *node.comparators]
        asks = any(
            isinstance(side, ast.Call)
            and isinstance(side.func, ast.Name)
            and side.func.id == "type"
            and len(side.args) == 1
            for side in sides
        )
        if asks and any(isinstance(kind, _COMPARES) for kind in node.ops):
            yield Match(node, "comparison of types")
