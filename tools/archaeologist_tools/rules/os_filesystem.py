"""AR013 os-filesystem."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.paths.flows import flows_of
from archaeologist_tools.rules.use_pathlib import REFUSALS, calls_os_path
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
        Not rewritten by itself: a path that is text elsewhere would become a Path for one call. Where the whole flow of
        a path is known, use-pathlib rewrites these calls with it.

    Left alone:
        Everything. Results and errors differ in places, too: os.listdir gives names, iterdir gives paths; Path.glob
        gives hidden files.

    References:
        ruff PTH100 to PTH124, PTH207, PTH208
    """

    code = "AR013"
    name = "os-filesystem"
    family = "paths"
    title = "Use pathlib for file system calls of os"
    fixer = Fixer.AGENT
    nodes = (ast.Call,)
    refusals: ClassVar = {
        **REFUSALS,
        "with-its-path": "use-pathlib rewrites it together with the path it takes",
    }
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

    def fix(self, match: Match[ast.Call], view: View) -> Decline:
        """Say why the call stays."""
        flows = flows_of(view)
        return (
            Decline("with-its-path") if flows.around(match.node) else flows.reason(match.node) or Decline("not-a-flow")
        )
