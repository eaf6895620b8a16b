"""AR052 function-docstring."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@register
class FunctionDocstring(Rule[_Function]):
    """Finds functions without a docstring.

    What it does:
        Finds functions whose body does not begin with a string.

    Why:
        The docstring is what help, editors and the next reader see first.

    Example:
        A line such as `The price with tax.` below `def total(self):`.

    Safety:
        Not rewritten here: the documenter writes docstrings from facts, and leaves alone what reads `__doc__` at run
        time.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff D102, D103; PEP 257
    """

    code = "AR052"
    name = "function-docstring"
    family = "docs"
    title = "Document functions"
    fixer = Fixer.AGENT
    aliases = ("D102", "D103")
    nodes = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
    )
    valid = ("def f():\n    '''Docs.'''\n",)
    invalid = (("def f():\n    pass\n", "def f():\n    pass\n"),)

    def matches(self, node: _Function, view: View) -> Iterator[Match[_Function]]:
        """Find functions without a docstring."""
        if ast.get_docstring(node, clean=False) is None:
            yield Match(node, f"function {node.name} has no docstring", extent=view.header(node))
