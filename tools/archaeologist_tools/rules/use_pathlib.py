"""AR012 use-pathlib."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.paths.rewriting import ALIASES, REFUSALS, rewrite_flow
from archaeologist_tools.source.index import dotted, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.base import Decline, Replacement
    from archaeologist_tools.engine.view import View


@register
class UsePathlib(Rule[ast.Call]):
    """Writes flows of paths with `pathlib`.

    What it does:
        Finds calls of functions of os.path, posixpath and ntpath, under whatever name they were imported. Where a path
        is built, kept in local names and taken by functions that ask where it leads, all of that becomes a Path. What
        is normalized or asked twice, as in `os.path.exists(x) and os.path.isfile(x)`, is so once.

    Why:
        A path is more than a string. `pathlib` puts its operations on the path itself, in the order they are read.

    Example:
        `open(os.path.join(os.path.dirname(__file__), 'VERSION'))` becomes `open(Path(__file__).parent / 'VERSION')`.

    Safety:
        A Path is no str and spells some paths differently, so a flow is rewritten as a whole or not at all, and only
        when nobody sees its text, or when a Path spells it the same: below the file of the code and the current folder.
        There, `str(...)` gives the text back, when more calls go than come. The code itself has to tell that the path
        is no bytes, and where it matters that it is not empty and has no slash at its end. Tests of existence are
        rewritten below the file of the code only, and in front of what creates the folder: elsewhere Path.exists raises
        for what it may not look at. Where a `..` has to go out of a path, one os.path.abspath stays: Path.absolute
        keeps it, and Path.resolve follows links. `if not os.path.isdir(x): os.makedirs(x)` becomes
        `os.makedirs(x, exist_ok=True)`, which is the same for all texts.

    Left alone:
        Flows of paths from elsewhere that a function, an attribute, a text or a comparison takes part in, and those in
        which some function is replaced by the project's tests. `open(path)` stays a call of `open`, which tests
        replace, too.

    References:
        ruff PTH100 to PTH124, PTH201 to PTH210; https://docs.python.org/3/library/pathlib.html
    """

    code = "AR012"
    name = "use-pathlib"
    family = "paths"
    title = "Use pathlib for os.path calls"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ALIASES
    nodes = (ast.Call,)
    words = frozenset({"path", "posixpath", "ntpath"})
    sign = re.compile(rb"os\b|posixpath\b|ntpath\b")
    refusals: ClassVar = REFUSALS
    valid = ("import os\nx = os.sep\n",)
    invalid = (
        (
            "import os\n\nwith open(os.path.join(os.path.dirname(__file__), 'VERSION')) as f:\n    v = f.read()\n",
            "from pathlib import Path\n\nwith open(Path(__file__).parent / 'VERSION') as f:\n    v = f.read()\n",
        ),
        ("import os\nx = os.path.join('a', 'b')\n", "import os\nx = os.path.join('a', 'b')\n"),
        ("from os.path import join as j\nx = j('a', 'b')\n", "from os.path import join as j\nx = j('a', 'b')\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls of `os.path` functions."""
        # Most calls are of something else, as the last names tell.
        if isinstance(node.func, ast.Attribute):
            if name_of(node.func.value) not in view.path_module_ends:
                return
        elif name_of(node.func) not in view.path_functions:
            return
        name = dotted(node.func)
        if name and calls_os_path(name, view):
            yield Match(node, f"call of {name}")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline | None:
        """Write the flow that the call belongs to, once for all its calls."""
        return rewrite_flow(self, match, view)


def calls_os_path(name: str, view: View) -> bool:
    """Whether a dotted name is a function of `os.path`, as the module imported it."""
    head, _, _ = name.rpartition(".")
    return head in view.path_modules or (not head and name in view.path_functions)
