"""AR013 os-filesystem."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.rules.use_pathlib import calls_os_path
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_FUNCTIONS = frozenset(
    {
        "listdir",
        "mkdir",
        "makedirs",
        "remove",
        "unlink",
        "rename",
        "replace",
        "rmdir",
        "removedirs",
        "stat",
        "lstat",
        "chmod",
        "getcwd",
        "getcwdu",
        "readlink",
        "symlink",
        "link",
        "walk",
        "scandir",
        "access",
        "utime",
    }
)


@register
class OsFilesystem(Rule[ast.Call]):
    """Finds functions of `os` and `glob` that pathlib replaces.

    What it does:
        Finds calls such as os.listdir, os.mkdir, os.remove, os.stat and glob.glob.

    Why:
        `pathlib` has them as methods of the path they act on.

    Example:
        `os.remove(p)` is `p.unlink()` once p is a Path.

    Safety:
        Not rewritten: results and errors differ in places (os.listdir gives names, iterdir gives paths; Path.glob gives
        hidden files, too).

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff PTH100 to PTH124, PTH207, PTH208
    """

    code = "AR013"
    name = "os-filesystem"
    family = "paths"
    title = "Use pathlib for file system calls of os"
    fixer = Fixer.AGENT
    nodes = (ast.Call,)
    valid = ("import os\nx = os.getpid()\n",)
    invalid = (
        ("import os\nos.makedirs('a')\n", "import os\nos.makedirs('a')\n"),
        ("import glob\nx = glob.glob('*')\n", "import glob\nx = glob.glob('*')\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls that act on the file system."""
        name = dotted(node.func)
        head, _, tail = name.rpartition(".")
        if ((head == "os" and tail in _FUNCTIONS) or name in {"glob.glob", "glob.iglob"}) and not calls_os_path(
            name, view
        ):
            yield Match(node, f"call of {name}")
