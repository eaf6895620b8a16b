"""What the dotted names of a module stand for, as far as its imports tell for sure."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archaeologist_tools.engine.view import View

_BUILTINS = frozenset({"open", "str", "sorted"})
_MODULES = frozenset({"os", "tempfile"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


class Meaning:
    """The full names behind the names of a module.

    Args:
        view: the module.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._called: dict[ast.Call, str] = {}

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
        if not isinstance(node, ast.Call):
            return ""
        if node not in self._called:
            self._called[node] = self.of(node.func)
        return self._called[node]

    @cached_property
    def calls(self) -> Mapping[ast.Call, str]:
        """The calls of functions of `os` and `tempfile`, parents before children, with the full names of these."""
        index = self._view.index
        heads = [name for name, meant in self._imported.items() if meant.partition(".")[0] in _MODULES]
        found = {self._call_of(node) for name in heads for node in index.names.get(name, ())} - {None}
        return (
            {call: name for call in index.of(ast.Call) if call in found and (name := self.called(call))}
            if found
            else {}
        )

    def _call_of(self, node: ast.expr) -> ast.Call | None:
        """The call of what is read from a name in the end."""
        parents = self._view.index.parents
        while isinstance(parent := parents[node], ast.Attribute):
            node = parent
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    @cached_property
    def asked(self) -> frozenset[str]:
        """The last names of all that functions of `os.path` are given."""
        calls = (call for call, name in self.calls.items() if name.startswith("os.path."))
        return frozenset(dotted(argument).rpartition(".")[2] for call in calls for argument in call.args)

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
