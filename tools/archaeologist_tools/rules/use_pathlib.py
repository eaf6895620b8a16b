"""AR012 use-pathlib."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.ignore import is_ignored
from archaeologist_tools.engine.registration import register
from archaeologist_tools.paths.flows import IMPORT, flows_of
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_TEXT_MODULES = ("posixpath.", "ntpath.")
_TESTS = frozenset({"exists", "lexists", "isfile", "isdir", "islink", "ismount", "getsize", "getmtime", "samefile"})
REFUSALS = {
    "not-a-flow": "the path comes from elsewhere: it may be bytes, empty, a file descriptor",
    "no-equivalent": "pathlib has nothing that means the same for every text",
    "text-path": "it works on the text of a name that is no path of this system, such as one in an archive",
    "escapes-returned": "the path is returned as text",
    "escapes-stored": "the path is stored as text",
    "escapes-call": "the path is handed on as text",
    "concatenated": "the path's text is put together with `+`",
    "formatted": "the path's text is shown, and a Path may spell it differently",
    "compared": "the path's text is compared",
    "used-as-text": "the path is used as text",
    "tested-for-truth": "an empty path counts as false, a Path never does",
    "partly-convertible": "a name in it holds a path that has to stay text",
    "bytes-possible": "the path may be bytes, which a Path cannot be",
    "may-be-empty": "an empty path is no file, but `Path('')` is the current folder",
    "trailing-slash": "a slash at its end may count, and a Path drops it",
    "absolute-part": "a later part is absolute or names a drive",
    "parent-differs": "the parent of a path that ends in a slash or a dot is another one for pathlib",
    "not-normalized": "pathlib does not take `..` out of a path without asking the disk",
    "tests-differ": "before Python 3.14 the tests of Path raise where they cannot look, these say False",
    "error-text": "an error is handled whose text names the path",
    "file-name-read": "the name of the opened file is read",
    "patched": "a function of the flow is replaced somewhere in the project, as tests do",
    "wrapped-often": "the same name would be made a Path many times over",
    "name-taken": "the name Path means something else in this module",
    "hard-to-read": "a part of the path is a longer expression",
    "multiline": "a part of the path spans several lines",
    "comment": "a comment stands inside the call",
    "too-long": "the line would become longer than the lines of this file",
    "rebound": "a name of the call may mean something else in this module",
}


@register
class UsePathlib(Rule[ast.Call]):
    """Writes flows of paths with `pathlib`.

    What it does:
        Finds calls of functions of os.path, posixpath and ntpath, under whatever name they were imported. Where a path
        is built, kept in local names and taken by functions that ask where it leads, all of that becomes a Path.

    Why:
        A path is more than a string. `pathlib` puts its operations on the path itself, in the order they are read.

    Example:
        `open(os.path.join(os.path.dirname(__file__), 'VERSION'))` becomes `open(Path(__file__).parent / 'VERSION')`.

    Safety:
        A Path is no str and spells some paths differently, so a flow is rewritten as a whole or not at all, and only
        when nobody sees its text. The code itself has to tell that the path is no bytes, and where it matters that it
        is not empty and has no slash at its end. Tests of existence are rewritten below the file of the code only, and
        in front of what creates the folder: elsewhere Path.exists raises for what it may not look at.

    Left alone:
        Flows that a function, an attribute, a text or a comparison takes part in, and those in which some function is
        replaced by the project's tests. `open(path)` stays a call of `open`, which tests replace, too.

    References:
        ruff PTH100 to PTH124, PTH201 to PTH210; https://docs.python.org/3/library/pathlib.html
    """

    code = "AR012"
    name = "use-pathlib"
    family = "paths"
    title = "Use pathlib for os.path calls"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ("PTH100", "PTH110", "PTH112", "PTH113", "PTH118", "PTH119", "PTH120", "PTH202", "PTH204")
    nodes = (ast.Call,)
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
        name = dotted(node.func)
        if name and calls_os_path(name, view):
            yield Match(node, f"call of {name}")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline | None:
        """Write the flow that the call belongs to, once for all its calls."""
        flows = flows_of(view)
        flow = flows.around(match.node)
        if flow is None:
            return flows.reason(match.node) or _outside(match.node, view)
        calls = [node for node in flow.sites if isinstance(node, ast.Call) and any(self.matches(node, view))]
        if any(is_ignored(self, view.span(change.start, change.end), view) for change in flow.changes):
            return Decline("ignored")
        if match.node is not calls[0]:
            return None
        text, reason = flow.written(view.module), "nobody sees the text of this path"
        return Replacement(*flow.extent, text, Evidence.PROVED, reason, imports=(IMPORT,))


def calls_os_path(name: str, view: View) -> bool:
    """Whether a dotted name is a function of `os.path`, as the module imported it."""
    head, _, _ = name.rpartition(".")
    return head in view.path_modules or (not head and name in view.path_functions)


def _outside(node: ast.Call, view: View) -> Decline:
    """Why a call is left alone that takes or gives no path of a flow."""
    if view.index.fstring_around(node):
        return Decline("inside-f-string")
    name = flows_of(view).meaning.of(node.func)
    if name.startswith(_TEXT_MODULES):
        return Decline("text-path")
    if not name:
        return Decline("rebound")
    return Decline("not-a-flow" if name.rpartition(".")[2] in _TESTS else "no-equivalent")
