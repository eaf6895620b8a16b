"""AR023 global-statement."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class GlobalStatement(Rule[ast.Global]):
    """Finds `global` statements.

    What it does:
        Finds every `global` statement.

    Why:
        A function that changes a module's variables has effects its callers do not see, and cannot be tested or run
        twice at once.

    Example:
        State moves into an object that is handed around.

    Safety:
        Not rewritten: other modules and tests may read and write the variable.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff PLW0603
    """

    code = "AR023"
    name = "global-statement"
    family = "state"
    title = "Move module state out of global variables"
    fixer = Fixer.AGENT
    aliases = ("PLW0603",)
    nodes = (ast.Global,)
    valid = ("def f():\n    nonlocal_ = 1\n",)
    invalid = (("n = 0\ndef f():\n    global n\n    n = 1\n", "n = 0\ndef f():\n    global n\n    n = 1\n"),)

    def matches(self, node: ast.Global, view: View) -> Iterator[Match[ast.Global]]:  # noqa: ARG002
        """Find the statement."""
        yield Match(node, f"function changes global {', '.join(node.names)}")
