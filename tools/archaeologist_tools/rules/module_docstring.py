"""AR050 module-docstring."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class ModuleDocstring(Rule[ast.Module]):
    """Finds modules without a docstring.

    What it does:
        Finds modules whose body does not begin with a string.

    Why:
        The docstring is what help, editors and the next reader see first.

    Example:
        A line such as `Reads and writes the inventory.` at the top of the module.

    Safety:
        Not rewritten here: the documenter writes docstrings from facts, and leaves alone what reads `__doc__` at run
        time.

    Left alone:
        Empty files.

    References:
        ruff D100; PEP 257
    """

    code = "AR050"
    name = "module-docstring"
    family = "docs"
    title = "Document modules"
    fixer = Fixer.AGENT
    aliases = ("D100",)
    nodes = (ast.Module,)
    valid = ("'''Docs.'''\n", "# only a comment\n")
    invalid = (("x = 1\n", "x = 1\n"),)

    def matches(self, node: ast.Module, view: View) -> Iterator[Match[ast.Module]]:  # noqa: ARG002
        """Find modules that hold code and no docstring."""
        if node.body and ast.get_docstring(node, clean=False) is None:
            yield Match(node, "module has no docstring")
