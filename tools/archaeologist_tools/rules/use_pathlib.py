"""AR012 use-pathlib."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class UsePathlib(Rule[ast.Call]):
    """Finds calls of `os.path` functions.

    What it does:
        Finds calls of functions of os.path, posixpath and ntpath, under whatever name they were imported.

    Why:
        A path is more than a string. `pathlib` puts its operations on the path itself, in the order they are read.

    Example:
        `os.path.join(root, 'a', name)` is `root / 'a' / name` once root is a Path.

    Safety:
        Not rewritten: a Path is no str, so the whole flow of a value has to be converted, or none of it.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff PTH100 to PTH124, PTH201 to PTH210
    """

    code = "AR012"
    name = "use-pathlib"
    family = "paths"
    title = "Use pathlib for os.path calls"
    fixer = Fixer.AGENT
    nodes = (ast.Call,)
    valid = ("import os\nx = os.sep\n",)
    invalid = (
        ("import os\nx = os.path.join('a', 'b')\n", "import os\nx = os.path.join('a', 'b')\n"),
        ("from os.path import join as j\nx = j('a', 'b')\n", "from os.path import join as j\nx = j('a', 'b')\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls of `os.path` functions."""
        name = dotted(node.func)
        if name and calls_os_path(name, view):
            yield Match(node, f"call of {name}")


def calls_os_path(name: str, view: View) -> bool:
    """Whether a dotted name is a function of `os.path`, as the module imported it."""
    head, _, _ = name.rpartition(".")
    return head in view.path_modules or (not head and name in view.path_functions)
