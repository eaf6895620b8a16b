"""What the dotted names of a module stand for, as far as its imports tell for sure."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_BUILTINS = frozenset({"open", "str", "sorted"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


class Meaning:
    """The full names behind the names of a module.

    Args:
        view: the module.
    """

    def __init__(self, view: View) -> None:
        self._view = view

    def of(self, node: ast.expr) -> str:
        """The full name of what an expression such as `path.join` stands for; empty when that is not certain."""
        head, dot, rest = dotted(node).partition(".")
        if self._methods[head] and self._is_in_class_body(node):
            return ""
        if head in self._imported:
            return f"{self._imported[head]}{dot}{rest}"
        return head if head in _BUILTINS and not dot and self.is_builtin(head) else ""

    def called(self, node: ast.AST) -> str:
        """The full name of what a call calls; empty for all else."""
        return self.of(node.func) if isinstance(node, ast.Call) else ""

    @cached_property
    def _methods(self) -> Counter[str]:
        """How often a name is a method's, which hides no other of that name from the functions of its class."""
        index = self._view.index
        functions = (node for node in index.definitions if not isinstance(node, ast.ClassDef))
        return Counter(node.name for node in functions if isinstance(index.parents[node], ast.ClassDef))

    @cached_property
    def _imported(self) -> dict[str, str]:
        """Names that mean one thing wherever they are read: nothing but imports of that thing binds them."""
        index = self._view.index
        if index.star_imports or index.writes_namespace:
            return {}
        pairs = Counter(_bindings(self._view))
        return {
            name: meant
            for (name, meant), count in pairs.items()
            if index.bound[name] == count + self._methods[name] and name not in index.declared_global
        }

    def is_builtin(self, name: str) -> bool:
        """Whether a name means the builtin wherever a function or the module reads it."""
        index = self._view.index
        if index.star_imports or index.writes_namespace:
            return self._view.is_builtin(name)
        return index.bound[name] == self._methods[name]

    def _is_in_class_body(self, node: ast.expr) -> bool:
        around = (parent for parent in self._view.index.ancestors(node) if isinstance(parent, _SCOPES))
        return isinstance(next(around), ast.ClassDef)


def _bindings(view: View) -> Iterator[tuple[str, str]]:
    for plain in view.index.of(ast.Import):
        for alias in plain.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
    for node in view.index.of(ast.ImportFrom):
        for alias in node.names:
            prefix = "." * node.level + (node.module or "")
            yield alias.asname or alias.name, f"{prefix}.{alias.name}"
