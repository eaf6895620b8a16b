"""AR004 percent-bytes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class PercentBytes(Rule[ast.BinOp]):
    """Finds `b'...' % x`.

    What it does:
        Finds a bytes literal followed by the `%` operator.

    Why:
        It came late (Python 3.5), has rules of its own, and often marks a place where text and bytes were not told
        apart.

    Example:
        `b'GET %s' % path` may be `b'GET ' + path`, or text that is encoded once.

    Safety:
        Not rewritten: bytes have no f-string, and what reads better depends on the protocol.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        PEP 461
    """

    code = "AR004"
    name = "percent-bytes"
    family = "strings"
    title = "Replace % formatting of bytes"
    fixer = Fixer.PERSON
    nodes = (ast.BinOp,)
    words = frozenset({"%"})
    valid = ("x = '%s' % y\n",)
    invalid = (("x = b'%d' % y\n", "x = b'%d' % y\n"),)

    def matches(self, node: ast.BinOp, view: View) -> Iterator[Match[ast.BinOp]]:  # noqa: ARG002
        """Find `%` on a bytes literal."""
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, bytes):
            yield Match(node, "% formatting of a bytes literal")
