"""AR013 os-filesystem."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.paths.rewriting import ALIASES, REFUSALS, rewrite_flow
from archaeologist_tools.rules.use_pathlib import calls_os_path
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.base import Decline, Replacement
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
_LAST_NAMES = _FUNCTIONS | {"glob", "iglob"}


@register
class OsFilesystem(Rule[ast.Call]):
    """Writes functions of `os` that act on a path built with `os.path` as methods of a Path.

    What it does:
        Finds calls such as os.listdir, os.mkdir, os.remove, os.stat and glob.glob. Where the path they take is built in
        the same function, and nobody sees its text, the path becomes a Path, and what it has a method for is called
        on it.

    Why:
        `pathlib` has them as methods of the path they act on.

    Example:
        `os.remove(os.path.join(folder, 'lock'))` becomes `(Path(folder) / 'lock').unlink()`.

    Safety:
        The same as of use-pathlib, which takes these calls along when both rules run.

    Left alone:
        Paths that come from elsewhere: they may be bytes, empty, or a file descriptor. os.listdir keeps its name, as it
        gives names, and iterdir gives paths; so does glob, as Path.glob gives hidden files, too.

    References:
        ruff PTH100 to PTH124, PTH207, PTH208
    """

    code = "AR013"
    name = "os-filesystem"
    family = "paths"
    title = "Use pathlib for file system calls of os"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ALIASES
    nodes = (ast.Call,)
    words = frozenset({"os", "glob"})
    names = frozenset(_LAST_NAMES)
    refusals: ClassVar = REFUSALS
    valid = ("import os\nx = os.getpid()\n",)
    invalid = (
        (
            "import os\nos.remove(os.path.join(x, 'a.txt'))\n",
            "from pathlib import Path\n(Path(x) / 'a.txt').unlink()\n",
        ),
        ("import os\nos.makedirs('a')\n", "import os\nos.makedirs('a')\n"),
        ("import glob\nx = glob.glob('*')\n", "import glob\nx = glob.glob('*')\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls that act on the file system."""
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in _LAST_NAMES:
            return
        name = dotted(node.func)
        head, _, tail = name.rpartition(".")
        if ((head == "os" and tail in _FUNCTIONS) or name in {"glob.glob", "glob.iglob"}) and not calls_os_path(
            name, view
        ):
            yield Match(node, f"call of {name}")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline | None:
        """Write the flow that the call belongs to, once for all its calls."""
        return rewrite_flow(self, match, view)
