"""What a name in a module means, as far as its imports and its bindings tell.

A name that is bound twice in ways that differ, or that a `from x import *` may bind again, means nothing here.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index

# Drop-in replacements, and names of Python 2 and six for what is the same thing today.
_SAME = {
    "simplejson": "json",
    "cPickle": "pickle",
    "six.moves.cPickle": "pickle",
    "io.open": "builtins.open",
    "six.moves.builtins.open": "builtins.open",
    "xml.etree.cElementTree": "xml.etree.ElementTree",
}
_READERS = frozenset({"globals", "locals", "vars"})
# The imports of a file are asked for at each call in it.
_tables: WeakKeyDictionary[Index, Mapping[str, Sequence[tuple[str, int]]]] = WeakKeyDictionary()
_FEWEST_WITH_NAMESPACE = 2


def meaning(node: ast.expr, view: View) -> str:
    """The full name of a function: `json.load`, `builtins.open`; empty when it is not certain."""
    head, dot, rest = dotted(node).partition(".")
    if not head:
        return ""
    origins = {_today(origin + dot + rest) for origin in _imported(head, view)}
    if origins:
        return origins.pop() if len(origins) == 1 else ""
    return f"builtins.{head}" if not dot and means_builtin(head, node, view) else ""


def means_builtin(name: str, node: ast.expr, view: View) -> bool:
    """Whether a name means the builtin at a place; a method of the same name does not change that."""
    if view.is_builtin(name):
        return True
    if view.index.star_imports or _writes_namespace(name, view):
        return False
    in_classes = sum(1 for _ in _bound_in_classes(name, view))
    return view.index.bound[name] == in_classes and not _directly_in_class(node, view)


def _today(name: str) -> str:
    for old, new in _SAME.items():
        if name == old or name.startswith(f"{old}."):
            return new + name.removeprefix(old)
    return name


def _imported(head: str, view: View) -> list[str]:
    """Where a name is imported from; nothing when it is bound in another way, too."""
    found = _origins(head, view)
    first = min((line for _, line in found), default=0)
    starred = any(star.lineno > first for star in view.index.star_imports)
    certain = len(found) == view.index.bound[head] and not starred and not _writes_namespace(head, view)
    return [origin for origin, _ in found] if certain else []


def _origins(head: str, view: View) -> Sequence[tuple[str, int]]:
    """Where imports take a name from, each with its line."""
    if view.index not in _tables:
        table: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, origin, line in _imports(view):
            table[name].append((origin, line))
        _tables[view.index] = table
    return _tables[view.index].get(head, ())


def _imports(view: View) -> Iterator[tuple[str, str, int]]:
    for plain in view.index.of(ast.Import):
        for alias in plain.names:
            head = alias.name.partition(".")[0]
            yield alias.asname or head, alias.name if alias.asname else head, plain.lineno
    for node in view.index.of(ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, "." * node.level + f"{node.module}.{alias.name}", node.lineno


def _writes_namespace(name: str, view: View) -> bool:
    """As the index says, but for `exec` with a namespace of its own, or of a text without the name."""
    if not view.index.writes_namespace:
        return False
    calls = [node for node in view.index.of(ast.Call) if isinstance(node.func, ast.Name)]
    return any(
        dotted(node.func) in _READERS or (dotted(node.func) == "exec" and not _is_contained(node, name))
        for node in calls
    )


def _is_contained(call: ast.Call, name: str) -> bool:
    if len(call.args) >= _FEWEST_WITH_NAMESPACE and not isinstance(call.args[1], ast.Starred):
        return True
    code = call.args[0] if call.args else None
    return isinstance(code, ast.Constant) and isinstance(code.value, str) and name not in code.value


def _bound_in_classes(name: str, view: View) -> Iterator[ast.stmt]:
    for owner in view.index.of(ast.ClassDef):
        for node in owner.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
                yield node


def _directly_in_class(node: ast.expr, view: View) -> bool:
    for around in view.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False
        if isinstance(around, ast.ClassDef):
            return True
    return False
