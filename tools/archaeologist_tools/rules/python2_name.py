"""AR030 python2-name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = frozenset(
    {
        "unicode",
        "basestring",
        "xrange",
        "long",
        "raw_input",
        "unichr",
        "reduce",
        "execfile",
        "file",
        "cmp",
        "reload",
        "intern",
        "apply",
        "buffer",
    }
)
_METHODS = frozenset(
    {
        "iteritems",
        "itervalues",
        "iterkeys",
        "has_key",
    },
)


@register
class Python2Name(Rule[ast.Name | ast.Call]):
    """Finds names and methods that only Python 2 has.

    What it does:
        Finds uses of unicode, basestring, xrange, long, raw_input, unichr, reduce, cmp and their like, and calls of
        iteritems, itervalues, iterkeys and has_key.

    Why:
        They are missing from Python 3: the line fails, or rests on a stand-in that the module defines for both
        versions.

    Example:
        `isinstance(x, basestring)` is `isinstance(x, str)`; `d.iteritems()` is `d.items()`.

    Safety:
        Not rewritten: a stand-in may be imported by others, and an object may have such a method of its own.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff F821; https://docs.python.org/3/howto/pyporting.html
    """

    code = "AR030"
    name = "python2-name"
    family = "syntax"
    title = "Replace names that Python 3 dropped"
    fixer = Fixer.AGENT
    nodes = (
        ast.Name,
        ast.Call,
    )
    valid = ("d.items()\n", "unicode = str\n")
    invalid = (("x = unicode(1)\n", "x = unicode(1)\n"), ("d.iteritems()\n", "d.iteritems()\n"))

    def matches(self, node: ast.Name | ast.Call, view: View) -> Iterator[Match[ast.Name | ast.Call]]:  # noqa: ARG002
        """Find the names and the methods."""
        if isinstance(node, ast.Name):
            if node.id in _NAMES and isinstance(node.ctx, ast.Load):
                yield Match(node, f"{node.id} is a name of Python 2")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            yield Match(node, f"{node.func.attr} is a method of Python 2")
