"""What the dotted names of a module stand for, as far as its imports tell for sure."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index

_BUILTINS = frozenset({"open", "str", "sorted"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


class Meaning:
    """The full names behind the names of a module.

    Args:
        view: the module.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._names = dict(_imported(view))

    def of(self, node: ast.expr) -> str:
        """The full name of what an expression such as `path.join` stands for; empty when that is not certain."""
        head, dot, rest = dotted(node).partition(".")
        if head in self._names:
            return f"{self._names[head]}{dot}{rest}"
        return head if head in _BUILTINS and not dot and self._is_builtin(head, node) else ""

    def called(self, node: ast.AST) -> str:
        """The full name of what a call calls; empty for all else."""
        return self.of(node.func) if isinstance(node, ast.Call) else ""

    def _is_builtin(self, name: str, node: ast.expr) -> bool:
        if self._view.is_builtin(name):
            return True
        index = self._view.index
        methods = [item for item in index.definitions if item.name == name and _is_method(item, index)]
        around = next(parent for parent in index.ancestors(node) if isinstance(parent, _SCOPES))
        certain = not (index.star_imports or index.writes_namespace or isinstance(around, ast.ClassDef))
        # A method does not hide the builtin from the functions of its class.
        return certain and index.bound[name] == len(methods)


def _is_method(node: ast.AST, index: Index) -> bool:
    return not isinstance(node, ast.ClassDef) and isinstance(index.parents[node], ast.ClassDef)


def _imported(view: View) -> Iterator[tuple[str, str]]:
    """Names that mean one thing wherever they are read: nothing but imports of that thing binds them."""
    if view.index.star_imports or view.index.writes_namespace:
        return
    pairs = Counter(_bindings(view))
    for (name, meant), count in pairs.items():
        if view.index.bound[name] == count and name not in view.index.declared_global:
            yield name, meant


def _bindings(view: View) -> Iterator[tuple[str, str]]:
    for plain in view.index.of(ast.Import):
        for alias in plain.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
    for node in view.index.of(ast.ImportFrom):
        for alias in node.names:
            prefix = "." * node.level + (node.module or "")
            yield alias.asname or alias.name, f"{prefix}.{alias.name}"
