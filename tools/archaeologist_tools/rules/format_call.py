"""AR002 format-call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class FormatCall(Rule[ast.Call]):
    """Finds `'...'.format(...)`.

    What it does:
        Finds `format` called on a string literal.

    Why:
        The values stand far from the places they fill. In an f-string they stand where they appear.

    Example:
        `'{} of {}'.format(n, total)` is `f'{n} of {total}'` where nothing is looked up or computed twice.

    Safety:
        Not rewritten: `format` computes every argument before it looks into any, once each, and may be given stars.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff UP032
    """

    code = "AR002"
    name = "format-call"
    family = "strings"
    title = "Use f-strings for str.format calls"
    fixer = Fixer.AGENT
    aliases = ("UP030", "UP032")
    nodes = (ast.Call,)
    valid = ("row = '{}'.format\n", "x = template.format(1)\n")
    invalid = (("x = '{} {}'.format(1, 2)\n", "x = '{} {}'.format(1, 2)\n"),)

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find `format` on a literal."""
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "format" and is_text(function.value):
            yield Match(node, "format call on a string literal")


def is_text(node: ast.expr) -> bool:
    """Whether a node is a string literal."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
