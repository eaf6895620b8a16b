"""AR060 removed-api."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.library import entries, first_parts, is_any_written, listed_names, names_at_hand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.library import Entry
    from archaeologist_tools.source.module import Module

Use: TypeAlias = ast.Attribute | ast.Name | ast.Import | ast.ImportFrom


@register
class RemovedApi(Rule[Use]):
    """Finds what Pythons up to 3.14 dropped from the standard library.

    What it does:
        Finds uses and imports of modules, functions and constants that some Python 3 no longer has, and says what to
        use. Where the same thing has another name, there or in another module, or where a call of something else does
        just the same, that is written.

    Why:
        The line fails on the first Python without it.

    Example:
        `base64.encodestring(x)` becomes `base64.encodebytes(x)`.

    Safety:
        Rewrites only what is on a reviewed list: the old function is the new one, or does nothing but call it.

    Left alone:
        What has no exact counterpart: the message names what to use. Imports inside `try`: there the failure decides
        what is imported next.

    References:
        https://docs.python.org/3/whatsnew/; PEP 594, PEP 632
    """

    code = "AR060"
    name = "removed-api"
    family = "syntax"
    title = "Replace what the standard library dropped"
    minimum = (3, 1)
    fixer = Fixer.AGENT
    nodes = (
        ast.Attribute,
        ast.Name,
        ast.Import,
        ast.ImportFrom,
    )
    words = first_parts()
    names = listed_names()
    refusals: ClassVar = {
        "no-counterpart": "what replaces it does not do exactly the same",
        "arguments": "it is given more than one argument, or none, or handed on",
        "attempt": "whether the import succeeds decides what is imported next",
        "name-taken": "the module uses the name of the new import for something else",
    }
    valid = ("import importlib\n", "from . import imp\n", "x.maxint\n", "import sys\nsys.maxsize\n")
    invalid = (
        ("import base64\nx = base64.encodestring(b'')\n", "import base64\nx = base64.encodebytes(b'')\n"),
        ("import imp\n", "import imp\n"),
        ("import pipes\nx = pipes.quote('a b')\n", "import shlex\nx = shlex.quote('a b')\n"),
        ("import inspect\ninspect.getargspec(f)\n", "import inspect\ninspect.getargspec(f)\n"),
        ("from distutils.version import LooseVersion\n", "from distutils.version import LooseVersion\n"),
    )

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:  # noqa: ARG002 - the text tells
        """Whether all parts of a name on the list are written in the file."""
        return is_any_written(module)

    def names_in(self, view: View) -> Collection[str]:
        """The names on the list that the imports of a file lead to."""
        return names_at_hand(view.index)

    def matches(self, node: Use, view: View) -> Iterator[Match[Use]]:
        """Find uses and imports."""
        for entry, place in entries(node, view):
            if entry.removed:
                fixer = Fixer.RULE if has_counterpart(entry, node) else None
                yield Match(node, entry.message, fixer=fixer, extent=view.extent(place))

    def fix(self, match: Match[Use], view: View) -> Replacement | Decline:
        """Write the other name."""
        return replaced(match, view)


def has_counterpart(entry: Entry, node: Use) -> bool:
    """Whether the list has something that does exactly the same in the place of a use."""
    if isinstance(node, ast.Name):
        return bool(entry.call)
    return bool(entry.moved or ((entry.rename or entry.call) and isinstance(node, ast.Attribute)))


def replaced(match: Match[Use], view: View) -> Replacement | Decline:
    """Write what does the same in the place of a name, a call or an import."""
    node = match.node
    if view.index.fstring_around(node):
        return Decline("inside-f-string")
    listed = ((entry, place) for entry, place in entries(node, view) if view.extent(place) == match.extent)
    entry, place = next(listed)
    if not has_counterpart(entry, node):
        return Decline("no-counterpart")
    if isinstance(place, ast.alias):
        return _import(entry, place, node, view)
    if entry.call:
        return _call(entry, place, view)
    if entry.moved:
        module = entry.moved.rpartition(".")[0] or entry.moved
        return _written(*view.module.extent(place), entry.moved, module, view)
    end = view.module.extent(place)[1]
    start = end - len(entry.name.rpartition(".")[2].encode(view.module.encoding))
    return Replacement(start, end, entry.rename, Evidence.PROVED, "both names mean the same")


def _call(entry: Entry, place: ast.expr, view: View) -> Replacement | Decline:
    """What does the same as a call with one argument."""
    call = view.index.parents[place]
    if not isinstance(call, ast.Call) or call.func is not place or len(call.args) != 1 or call.keywords:
        return Decline("arguments")
    text = view.module.segment(call.args[0])
    start, end = view.module.extent(call)
    if isinstance(call.args[0], (ast.Starred, ast.GeneratorExp)) or b"#" in view.module.data[start:end]:
        return Decline("arguments")
    module = entry.call.partition("(")[0].rpartition(".")[0]
    return _written(start, end, entry.call.replace("{}", text), module, view)


def _written(start: int, end: int, text: str, module: str, view: View) -> Replacement | Decline:
    if not view.can_import_library(module):
        return Decline("name-taken")
    return Replacement(start, end, text, Evidence.PROVED, "the old function does just that", (f"import {module}",))


def _import(entry: Entry, alias: ast.alias, node: Use, view: View) -> Replacement | Decline:
    """An import of the same thing from its other module."""
    if any(isinstance(parent, ast.Try) for parent in view.index.ancestors(node)):
        return Decline("attempt")
    old, new = entry.name.rpartition("."), entry.moved.rpartition(".")
    if isinstance(node, ast.Import):
        given = f" as {alias.asname}" if alias.asname else ""
        place = (*view.module.extent(alias), f"{entry.moved}{given}")
        return Decline("no-counterpart") if not given else _proved_import(place)
    if not isinstance(node, ast.ImportFrom) or len(node.names) > 1 or not new[0]:
        return Decline("no-counterpart")
    names = ast.unparse(node).partition(" import ")[2]
    if node.module == old[0]:
        bound = alias.asname or alias.name
        names = new[2] if bound == new[2] else f"{new[2]} as {bound}"
    module = new[0] if node.module == old[0] else entry.moved
    start, end = view.module.extent(node)
    if b"#" in view.module.data[start:end]:
        return Decline("no-counterpart")
    return _proved_import((start, end, f"from {module} import {names}"))


def _proved_import(place: tuple[int, int, str]) -> Replacement:
    return Replacement(*place, Evidence.PROVED, "both names mean the same")
