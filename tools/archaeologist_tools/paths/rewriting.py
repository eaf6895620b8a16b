"""What both rules about paths do with a call: rewrite the flow it belongs to, or say why it stays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from archaeologist_tools.engine.base import Decline, Evidence, Match, Replacement
from archaeologist_tools.engine.ignore import is_ignored
from archaeologist_tools.paths.creation import creation_around
from archaeologist_tools.paths.flows import flows_of
from archaeologist_tools.paths.repetition import asked_again, normalized_before
from archaeologist_tools.paths.tracing import IMPORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.engine.base import Rule
    from archaeologist_tools.engine.view import View

_TEXT_MODULES = ("posixpath.", "ntpath.")
_TESTS = frozenset({"exists", "lexists", "isfile", "isdir", "islink", "ismount", "getsize", "getmtime", "samefile"})
_GIVE_TEXT = frozenset({"os.getcwd", "os.listdir", "os.walk", "os.scandir", "glob.glob", "glob.iglob"})

# ruff's codes for the functions of os, os.path and glob: a flow holds calls of several.
ALIASES = (*(f"PTH{number}" for number in range(100, 125)), *(f"PTH{number}" for number in range(201, 211)))
REFUSALS: Mapping[str, str] = {
    "not-a-flow": "the path comes from elsewhere: it may be bytes, empty, a file descriptor",
    "gives-text": "it gives names or paths as text, and pathlib gives paths",
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
    "other-text": "pathlib would write `./a` or `a//b` differently, as messages of errors show",
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
    "type-comment": "a comment says that the name holds text",
    "too-long": "the line would become longer than the lines of this file",
    "rebound": "a name of the call may mean something else in this module",
}


def rewrite_flow(rule: Rule[ast.Call], match: Match[Any], view: View) -> Replacement | Decline | None:
    """Write the flow that a call belongs to; None when another call of the rule stands for it.

    Args:
        rule: the rule that found the call.
        match: the call.
        view: the file.
    """
    flows = flows_of(view)
    flow = flows.around(match.node)
    if flow is None:
        alone = _created(match.node, view) or _shortened(match.node, view)
        return alone or flows.reason(match.node) or _outside(match.node, view)
    if any(is_ignored(rule, view.span(change.start, change.end), view) for change in flow.changes):
        return Decline("ignored")
    found = next(node for node in flow.sites if isinstance(node, ast.Call) and any(rule.matches(node, view)))
    if match.node is not found:
        return None
    asked = any(change.escapes for change in flow.changes)
    reason = "a Path gives the same text where it is asked for" if asked else "nobody sees the text of this path"
    return Replacement(*flow.extent, flow.written(view.module), Evidence.PROVED, reason, imports=(IMPORT,))


def _created(node: ast.Call, view: View) -> Replacement | None:
    """The creation of a folder with the test in front of it."""
    creation = creation_around(node, view, flows_of(view).meaning)
    if creation is None:
        return None
    reason = "the creation looks itself whether the folder is there"
    return Replacement(creation.start, creation.end, creation.text, Evidence.PROVED, reason)


def _shortened(node: ast.Call, view: View) -> Replacement | None:
    """A path that is normalized once instead of twice, or a file that is asked for once."""
    module, meaning = view.module, flows_of(view).meaning
    if inner := normalized_before(node, view, meaning):
        why = "the path is normalized already"
        return Replacement(*module.extent(node), module.segment(inner), Evidence.PROVED, why)
    if tests := asked_again(node, view, meaning):
        (start, _), (_, end) = map(module.extent, tests)
        why = "the test behind it is true of nothing else"
        return Replacement(start, end, module.segment(tests[1]), Evidence.PROVED, why)
    return None


def _outside(node: ast.Call, view: View) -> Decline:
    """Why a call is left alone that takes or gives no path of a flow."""
    if view.index.fstring_around(node):
        return Decline("inside-f-string")
    name = flows_of(view).meaning.of(node.func)
    if name.startswith(_TEXT_MODULES):
        return Decline("text-path")
    if not name:
        return Decline("rebound")
    if name in _GIVE_TEXT:
        return Decline("gives-text")
    no_equivalent = name.startswith("os.path.") and name.rpartition(".")[2] not in _TESTS
    return Decline("no-equivalent" if no_equivalent else "not-a-flow")
