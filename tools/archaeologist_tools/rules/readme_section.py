"""AR053 readme-section."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class ReadmeSection(Rule[ast.Module]):
    """Names the README section that the documenter writes.

    What it does:
        Adds a section to the README, between two markers, that says what each module is for, for which Python the
        code is written, and how its tests are run. A later run replaces the section and nothing else.

    Why:
        It is what somebody who inherits the code asks first.

    Example:
        A table of modules, each with the first line of its docstring.

    Safety:
        No code is touched. Text outside the markers keeps every byte.

    Left alone:
        A README that is a symbolic link.

    References:
        None.
    """

    code = "AR053"
    name = "readme-section"
    family = "docs"
    title = "Say in the README what is where"
    fixer = Fixer.AGENT
    valid = ("x = 1\n",)

    def matches(self, node: ast.Module, view: View) -> Iterator[Match[ast.Module]]:  # noqa: ARG002
        """Find nothing: the rule is about a repository, not about a file."""
        yield from ()
