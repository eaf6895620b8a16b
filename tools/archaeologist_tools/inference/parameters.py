"""What parameters get: by their annotations, by the calls of a function that nobody else calls, by their defaults."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import read
from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.inference.types import NOTHING, UNKNOWN, Inferred, container, exact, loose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.inference.scopes import Function, Scope
    from archaeologist_tools.inference.values import Types

_ASKED_FOR_NAMES = frozenset({"__getattr__", "__getattribute__", "__setattr__", "__delattr__"})


class Parameters:
    """The parameters of the functions of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types

    def of(self, node: ast.arg, scope: Scope) -> Inferred:
        """What a parameter can be."""
        if not isinstance(scope, FUNCTIONS):
            return UNKNOWN
        if scope.args.vararg is node:
            return exact("tuple")
        if scope.args.kwarg is node:
            return container("dict", exact("str"), read(node.annotation, self._types.names.own))
        if _is_attribute_name(node, scope, self._types.index.parents.get(scope)):
            return loose("str", "Python hands over the name of an attribute")
        if node.annotation is not None:
            return read(node.annotation, self._types.names.own).because("its annotation")
        owner = self._types.members.receiver(node, scope)
        if owner is not None:
            return owner
        default = default_of(node, scope)
        calls = self._types.callers.of(scope)
        if calls is not None:
            return self._types.joined(self._given(calls, node, scope, default)).because("every call of this function")
        plain = isinstance(default, ast.Constant) and isinstance(default.value, (str, int, float, bytes))
        # A default alone is little: callers that nobody sees may hand over anything.
        if plain and self._types.facts.is_project:
            return Inferred(tuple_free=True, reason="its default")
        return UNKNOWN

    def _given(
        self, calls: Sequence[ast.Call], node: ast.arg, scope: Function, default: ast.expr | None
    ) -> Iterator[Inferred]:
        for call in calls:
            yield self._argument(call, node, scope)
        if default is not None:
            yield self._types.of(default)

    def _argument(self, call: ast.Call, node: ast.arg, scope: Function) -> Inferred:
        """What a call hands over for a parameter; nothing when the default is used."""
        if is_starred(call) or any(keyword.arg is None for keyword in call.keywords):
            return UNKNOWN
        for keyword in call.keywords:
            if keyword.arg == node.arg:
                return self._types.of(keyword.value)
        positional = [*scope.args.posonlyargs, *scope.args.args]
        if node not in positional:
            return NOTHING
        place = positional.index(node) - self._types.callers.bound_first(scope, call)
        return self._types.of(call.args[place]) if 0 <= place < len(call.args) else NOTHING


def _is_attribute_name(node: ast.arg, scope: Function, owner: ast.AST | None) -> bool:
    """Whether a parameter is the name that `__getattr__` and its like are asked for."""
    named = isinstance(owner, ast.ClassDef) and getattr(scope, "name", "") in _ASKED_FOR_NAMES
    return named and [*scope.args.posonlyargs, *scope.args.args][1:2] == [node]


def default_of(node: ast.arg, scope: Function) -> ast.expr | None:
    """The default of a parameter."""
    arguments = scope.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(reversed(positional), reversed(arguments.defaults), strict=False)
    )
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return next((default for parameter, default in pairs if parameter is node), None)


def is_starred(node: ast.Call) -> bool:
    """Whether a call hands over what some container holds."""
    return any(isinstance(argument, ast.Starred) for argument in node.args)
