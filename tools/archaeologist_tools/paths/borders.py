"""Where the text of a path is asked for again: `str(...)` around it, when that pays.

The text is the same there only where a Path spells it as `os.path` does, and it is worth it only where more calls go
than borders come.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline
from archaeologist_tools.paths.changes import linked
from archaeologist_tools.source.index import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.built import Built, NotBuilt
    from archaeologist_tools.paths.changes import Change
    from archaeologist_tools.paths.meaning import Meaning
    from archaeologist_tools.paths.roots import Root
    from archaeologist_tools.paths.uses import Use

_CODES = frozenset({"escapes-returned", "escapes-stored", "escapes-call"})
# What takes a path of the file system, in a way that is not known, or gives back what it got.
_FILE_MODULES = ("os.", "shutil.", "io.", "codecs.", "posixpath.", "ntpath.", "subprocess.")
# A call that goes and a call of `str` that comes: nothing is won by one.
_PAYS = 2
LEXICAL_PAYS = 2
"""How many calls have to go where an `os.path.abspath` stays."""


def bordered(node: ast.expr, built: Built, failure: NotBuilt, view: View, meaning: Meaning) -> str:
    """Write a path as the text that somebody asks for.

    Raises:
        NotBuilt: the text would be another one, or it would be no better to read than before.
    """
    parent = view.index.parents[node]
    asks = failure.code in _CODES or isinstance(parent, ast.Assign)
    if not (asks and built.text.plain and built.text.filled and built.text.is_str):
        raise failure
    taker = view.index.parents[parent] if isinstance(parent, ast.keyword) else parent
    name = meaning.called(taker)
    if name == "open" or (name.startswith(_FILE_MODULES) and not name.startswith("os.environ")):
        raise failure
    if isinstance(parent, ast.Starred) or not meaning.is_builtin("str"):
        raise failure
    if isinstance(parent, ast.Assign) and any(_goes_on(target, meaning) for target in parent.targets):
        raise failure
    return f"str({built.code})"


def _goes_on(target: ast.expr, meaning: Meaning) -> bool:
    """Whether some function of `os.path` takes what is stored: a Path should be stored, or the text as before."""
    name = target.attr if isinstance(target, ast.Attribute) else dotted(target)
    return bool(name) and name in meaning.asked


def gone(use: Use, meaning: Meaning) -> int:
    """How many calls of `os` and `os.path` are no longer there when a place is written anew."""
    calls = (node for node in walk(use.node) if isinstance(node, ast.Call))
    old = [dotted(node.func) for node in calls if meaning.called(node).startswith("os.")]
    new = [dotted(node.func) for node in walk(ast.parse(use.code)) if isinstance(node, ast.Call)]
    return len(old) - sum(name in old for name in new)


def unpaid(changes: Mapping[Root, Change], least: int) -> dict[Root, Decline]:
    """What does not pay, with the reason.

    Args:
        changes: what would be written for each root.
        least: how many calls have to go from each flow in any case.
    """
    roots = {change: root for root, change in changes.items()}
    found: dict[Root, Decline] = {}
    for flow in linked([(change, root.keys) for root, change in changes.items()]):
        reasons = [change.escapes for change in flow.changes if change.escapes]
        if sum(change.gone for change in flow.changes) < max(_PAYS * len(reasons), least):
            decline = Decline(reasons[0] if reasons else "not-normalized")
            found.update((roots[change], decline) for change in flow.changes)
    return found | _asked_in_vain(changes)


def _asked_in_vain(changes: Mapping[Root, Change]) -> dict[Root, Decline]:
    """The names whose text is asked for more often than once, or that are used for nothing else."""
    asked = {root: change for root, change in changes.items() if change.escapes and isinstance(root.node, ast.Name)}
    often = Counter(key for root in asked for key in root.keys)
    used = {(root.scope.owner(name), name) for root in changes if root not in asked for name in root.names}
    return {
        root: Decline(change.escapes)
        for root, change in asked.items()
        if any(often[key] > 1 or key not in used for key in root.keys)
    }
