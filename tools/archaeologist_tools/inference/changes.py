"""Where an attribute or an item may get another value between a test and a use: stores, and calls that may store."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.bindings import Binding, Kind, end_of
from archaeologist_tools.inference.known import CHANGING_METHODS, READERS, READING_METHODS

if TYPE_CHECKING:
    from archaeologist_tools.inference.values import Types


class Changes:
    """The changes of attributes and items in one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types
        self._known_items: dict[ast.AST, list[Binding]] = {}
        self._known_calls: dict[ast.AST, list[Binding]] = {}

    def of(self, node: ast.Attribute | ast.Subscript) -> list[Binding]:
        """The places of a scope where an attribute or item, or what it is read from, may get another value."""
        scope = self._types.scopes.around(node)
        found: list[Binding] = []
        step: ast.expr = node
        items = calls = False
        while isinstance(step, (ast.Attribute, ast.Subscript)):
            if isinstance(step, ast.Attribute):
                found += (
                    _at(self._statement(store))
                    for store in self._types.index.stored(step.attr)
                    if self._is_in(store, scope)
                )
                calls = calls or self._is_stored_outside(step.attr, scope)
            items = items or isinstance(step, ast.Subscript)
            step = step.value
        if isinstance(step, ast.Name):
            found += self._types.scopes.bindings(scope, step.id)
        if items:
            found += self._item_stores(scope)
        name = step.id if items and not calls and isinstance(step, ast.Name) else None
        return [*found, *self._calls(scope, name)] if items or calls else found

    def _is_in(self, node: ast.AST, scope: ast.AST) -> bool:
        return self._types.scopes.around(node) is scope

    def _is_stored_outside(self, attribute: str, scope: ast.AST) -> bool:
        """Whether another function, which a call may lead to, gives an attribute what may be a tuple."""
        for store in self._types.index.stored(attribute):
            around = self._types.scopes.around(store)
            made = getattr(around, "name", "") == "__init__"
            value = getattr(self._types.index.parents[store], "value", None)
            plain = isinstance(value, (ast.Constant, ast.JoinedStr))
            if around is not scope and not made and not plain:
                return True
        return False

    def _item_stores(self, scope: ast.AST) -> list[Binding]:
        if scope not in self._known_items:
            self._known_items[scope] = [
                _at(self._statement(inner))
                for inner in self._types.scopes.nodes(ast.Subscript, scope)
                if not isinstance(inner.ctx, ast.Load)
            ]
        return self._known_items[scope]

    def _calls(self, scope: ast.AST, name: str | None) -> list[Binding]:
        """The calls of a scope that may change anything, or what has a name."""
        if scope not in self._known_calls:
            calls = self._types.scopes.nodes(ast.Call, scope)
            self._known_calls[scope] = [_at(call) for call in calls if not _only_reads(call)]
        if name is None:
            return self._known_calls[scope]
        around = self._types.mentions.around(name)
        return [call for call in self._known_calls[scope] if call.node in around]

    def _statement(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, (ast.stmt, ast.comprehension)):
            node = self._types.index.parents[node]
        return node


def _at(node: ast.AST) -> Binding:
    return Binding(Kind.OTHER, node, None, (), end_of(node))


def _only_reads(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id in READERS
    return isinstance(function, ast.Attribute) and function.attr in READING_METHODS - CHANGING_METHODS
