"""AR060 removed-api."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.library import entries, listed_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Use: TypeAlias = ast.Attribute | ast.Import | ast.ImportFrom


@register
class RemovedApi(Rule[_Use]):
    """Finds what Pythons up to 3.14 dropped from the standard library.

    What it does:
        Finds uses and imports of modules, functions and constants that some Python 3 no longer has, and says what to
        use. Where the same thing has another name in the same module, the name is replaced.

    Why:
        The line fails on the first Python without it.

    Example:
        `base64.encodestring(x)` becomes `base64.encodebytes(x)`.

    Safety:
        Rewrites only names of the reviewed list that are the very same function under another name.

    Left alone:
        What has no exact counterpart: the message names what to use.

    References:
        https://docs.python.org/3/whatsnew/; PEP 594, PEP 632
    """

    code = "AR060"
    name = "removed-api"
    family = "syntax"
    title = "Replace what the standard library dropped"
    minimum = (3, 1)
    fixer = Fixer.AGENT
    nodes = (
        ast.Attribute,
        ast.Import,
        ast.ImportFrom,
    )
    names = listed_names()
    refusals: ClassVar = {"no-counterpart": "what replaces it does not do exactly the same"}
    valid = ("import importlib\n", "from . import imp\n", "x.maxint\n", "import sys\nsys.maxsize\n")
    invalid = (
        ("import base64\nx = base64.encodestring(b'')\n", "import base64\nx = base64.encodebytes(b'')\n"),
        ("import imp\n", "import imp\n"),
        ("import inspect\ninspect.getargspec(f)\n", "import inspect\ninspect.getargspec(f)\n"),
        ("from distutils.version import LooseVersion\n", "from distutils.version import LooseVersion\n"),
    )

    def matches(self, node: _Use, view: View) -> Iterator[Match[_Use]]:
        """Find uses and imports."""
        for entry, place in entries(node, view):
            if entry.removed:
                fixer = Fixer.RULE if entry.rename and place is node else None
                yield Match(node, entry.message, fixer=fixer, extent=view.extent(place))

    def fix(self, match: Match[_Use], view: View) -> Replacement | Decline:
        """Write the other name."""
        return renamed(match.node, view)


def renamed(node: _Use, view: View) -> Replacement | Decline:
    """Write the other name that an attribute has in the same module."""
    if view.index.fstring_around(node):
        return Decline("inside-f-string")
    rename = next((entry.rename for entry, place in entries(node, view) if place is node), "")
    if not rename or not isinstance(node, ast.Attribute):
        return Decline("no-counterpart")
    end = view.module.extent(node)[1]
    start = end - len(node.attr.encode(view.module.encoding))
    return Replacement(start, end, rename, Evidence.PROVED, "both names mean the same function")
