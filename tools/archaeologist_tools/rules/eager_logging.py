"""AR003 eager-logging."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.rules.percent_format import LOG_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class EagerLogging(Rule[ast.Call]):
    """Finds log messages that are formatted before the logger is asked.

    What it does:
        Finds `log.info('...' % x)`: the first argument of a logging method is a literal with `%`.

    Why:
        The message is made even when nobody reads it, and no two messages group under one template.

    Example:
        `log.info('read %s' % name)` is `log.info('read %s', name)`.

    Safety:
        Not rewritten: the object may be no logger, and a single mapping or tuple as argument means something else to
        one.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff G002, G004
    """

    code = "AR003"
    name = "eager-logging"
    family = "strings"
    title = "Let the logger format its messages"
    fixer = Fixer.AGENT
    aliases = ("G002",)
    nodes = (ast.Call,)
    valid = ("log.info('read %s', name)\n",)
    invalid = (("log.info('read %s' % name)\n", "log.info('read %s' % name)\n"),)

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find a logging method whose message is a `%` expression on a literal."""
        message = node.args[0] if node.args else None
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in LOG_METHODS:
            return
        if (
            isinstance(message, ast.BinOp)
            and isinstance(message.op, ast.Mod)
            and isinstance(message.left, ast.Constant)
        ):
            yield Match(node, f"message of {node.func.attr} is formatted before the logger is asked")
