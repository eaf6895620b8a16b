"""AR051 class-docstring."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class ClassDocstring(Rule[ast.ClassDef]):
    """Finds classes without a docstring.

    What it does:
        Finds classes whose body does not begin with a string.

    Why:
        The docstring is what help, editors and the next reader see first.

    Example:
        A line such as `One item of an order.` below `class Line:`.

    Safety:
        Not rewritten here: the documenter writes docstrings from facts, and leaves alone what reads `__doc__` at run
        time.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff D101; PEP 257
    """

    code = "AR051"
    name = "class-docstring"
    family = "docs"
    title = "Document classes"
    fixer = Fixer.AGENT
    aliases = ("D101",)
    nodes = (ast.ClassDef,)
    valid = ("class A:\n    '''Docs.'''\n",)
    invalid = (("class A:\n    pass\n", "class A:\n    pass\n"),)

    def matches(self, node: ast.ClassDef, view: View) -> Iterator[Match[ast.ClassDef]]:
        """Find classes without a docstring."""
        if ast.get_docstring(node, clean=False) is None:
            yield Match(node, f"class {node.name} has no docstring", extent=view.header(node))
