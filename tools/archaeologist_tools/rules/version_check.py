"""AR031 version-check."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = frozenset({"PY2", "PY3", "py3k", "PYTHON3", "is_py3", "is_py2", "_PY3", "IS_PY3"})
_ATTRIBUTES = frozenset({"sys.version_info", "sys.hexversion", "six.PY2", "six.PY3"})
_LAST_PARTS = frozenset(name.rpartition(".")[2] for name in _ATTRIBUTES)


@register
class VersionCheck(Rule[ast.Name | ast.Attribute]):
    """Finds questions for the Python version.

    What it does:
        Finds uses of sys.version_info, sys.hexversion, six.PY2, six.PY3 and of names such as PY2 and PY3.

    Why:
        One branch is never taken on the Pythons that are left.

    Example:
        `if PY2: ... else: ...` keeps its second branch.

    Safety:
        Not rewritten: names defined in the dead branch may be imported elsewhere.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff UP036, YTT
    """

    code = "AR031"
    name = "version-check"
    family = "syntax"
    title = "Drop branches for Python 2"
    fixer = Fixer.AGENT
    aliases = ("UP036",)
    nodes = (
        ast.Name,
        ast.Attribute,
    )
    valid = ("PY2 = False\n", "sys.platform\n")
    invalid = (
        (
            "import sys\nif sys.version_info[0] < 3:\n    x = 1\n",
            "import sys\nif sys.version_info[0] < 3:\n    x = 1\n",
        ),
        ("if PY2:\n    x = 1\n", "if PY2:\n    x = 1\n"),
    )

    def matches(self, node: ast.Name | ast.Attribute, view: View) -> Iterator[Match[ast.Name | ast.Attribute]]:  # noqa: ARG002
        """Find the names."""
        if isinstance(node, ast.Name):
            if node.id in _NAMES and isinstance(node.ctx, ast.Load):
                yield Match(node, f"asks for the Python version with {node.id}")
        elif node.attr in _LAST_PARTS and (name := dotted(node)) in _ATTRIBUTES:
            yield Match(node, f"asks for the Python version with {name}")
