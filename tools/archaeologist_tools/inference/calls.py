"""What calls give back, and what parameters get."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import described, read
from archaeologist_tools.inference.known import BUILTINS, FUNCTIONS, METHODS, NO_TUPLE_METHODS
from archaeologist_tools.inference.operators import arithmetic, iterated
from archaeologist_tools.inference.scopes import FUNCTIONS as FUNCTION_NODES
from archaeologist_tools.inference.structures import unpacked
from archaeologist_tools.inference.types import (
    NO_TUPLE,
    UNKNOWN,
    Inferred,
    Type,
    container,
    exact,
    join,
    loose,
    tuple_of,
)

if TYPE_CHECKING:
    from archaeologist_tools.inference.scopes import Function, Scope
    from archaeologist_tools.inference.values import Types

_MODULE_CALLS = frozenset({"itertools.count", "struct.unpack", "struct.unpack_from"})
_SAME_ITEMS = {
    "sorted": "list",
    "list": "list",
    "set": "set",
    "frozenset": "frozenset",
    "reversed": "iterator",
    "iter": "iterator",
}
_PAIR = 2
_ASKED_FOR_NAMES = frozenset({"__getattr__", "__getattribute__", "__setattr__", "__delattr__"})


class Calls:
    """The calls of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types

    def result(self, node: ast.Call) -> Inferred:
        """What a call gives."""
        members = self._types.members
        name = members.qualified(node.func)
        if name in FUNCTIONS:
            return described(FUNCTIONS[name]).because(f"{name}() gives it")
        if name in _MODULE_CALLS:
            return self._of_module(name, node)
        if isinstance(node.func, ast.Name):
            if self._types.scopes.lookup(node.func) is None:
                hidden = self._types.index.star_imports or not self._types.scopes.is_builtin(node.func)
                return UNKNOWN if hidden else self._builtin(node.func.id, node)
            return members.called(node.func)
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, node)
        return UNKNOWN

    def _of_module(self, name: str, node: ast.Call) -> Inferred:
        """What a function of the standard library gives whose result depends on its arguments."""
        if name == "itertools.count":
            first = self._types.of(node.args[0]) if node.args else exact("int")
            later = [arithmetic(ast.Add(), first, self._types.of(step)) for step in node.args[1:]]
            return container("iterator", UNKNOWN if node.keywords or _starred(node) else join((first, *later)))
        template = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        return unpacked(template) if isinstance(template, (str, bytes)) else UNKNOWN

    def _builtin(self, name: str, node: ast.Call) -> Inferred:
        if name in BUILTINS:
            return described(BUILTINS[name]).because(f"{name}() gives it")
        arguments = [self._types.of(argument) for argument in node.args]
        if name in _SAME_ITEMS:
            return container(_SAME_ITEMS[name], iterated(arguments[0]) if arguments else join(()))
        if name == "tuple":
            item = iterated(arguments[0]) if arguments else None
            return Inferred(frozenset({Type("tuple", item=item)}))
        if name in {"enumerate", "zip"} and arguments and not _starred(node):
            items = [iterated(argument) for argument in arguments]
            return container("iterator", tuple_of(exact("int"), items[0]) if name == "enumerate" else tuple_of(*items))
        return self._builtin_of_arguments(name, node, arguments)

    def _builtin_of_arguments(self, name: str, node: ast.Call, arguments: list[Inferred]) -> Inferred:
        if name in {"min", "max"} and arguments and not _starred(node):
            found = join(arguments) if len(arguments) > 1 else iterated(arguments[0])
            default = [self._types.of(keyword.value) for keyword in node.keywords if keyword.arg == "default"]
            return join((found, *default))
        if name in {"abs", "round"} and arguments:
            whole = name == "round" and len(arguments) == 1
            if arguments[0].exactly("int", "float"):
                return exact("int", "round() gives it") if whole else arguments[0]
            return NO_TUPLE
        if name == "sum" and len(arguments) == 1 and not _starred(node) and not node.keywords:
            total = arithmetic(ast.Add(), exact("int"), iterated(arguments[0]))
            return join((exact("int"), total)).because("a sum of numbers")
        if name == "divmod" and len(arguments) == _PAIR and not _starred(node):
            return tuple_of(arithmetic(ast.FloorDiv(), *arguments), arithmetic(ast.Mod(), *arguments))
        if name == "dict":
            return exact("dict") if not node.args else UNKNOWN
        if name == "type" and len(arguments) == 1:
            return exact("type", "type() gives it")
        if name == "next" and arguments:
            return join((iterated(arguments[0]), *arguments[1:]))
        exception = name.endswith(("Error", "Exception", "Warning"))
        return exact("exception", "an exception") if exception else UNKNOWN

    def _method(self, function: ast.Attribute, node: ast.Call) -> Inferred:
        name = function.attr
        found = self._types.members.called_method(function)
        if found is not None:
            return found
        receiver = self._types.of(function.value)
        if receiver.types:
            results = [self._of_type(kind, name, node) for kind in receiver.ordered]
            if all(result is not None for result in results):
                return join(result for result in results if result is not None).because(f"{name}() gives it")
        foreign = self._types.members.foreign_result(function)
        if foreign.never("tuple"):
            return foreign
        one_group = name == "group" and len(node.args) <= 1 and not _starred(node)
        if (name in NO_TUPLE_METHODS or one_group) and not self._types.members.defines_method(name):
            return Inferred(tuple_free=True, reason=f"{name}() gives no tuple")
        return UNKNOWN

    def _of_type(self, kind: Type, name: str, node: ast.Call) -> Inferred | None:
        """What a method of one type gives; None when it is not known."""
        if kind.name == "NoneType":
            return join(())
        if kind.name in METHODS and name in METHODS[kind.name] and (kind.exact or kind.name == "str"):
            return described(METHODS[kind.name][name])
        if kind.name == "dict":
            return self._of_dict(kind, name, node)
        if kind.name == "list" and name == "pop":
            return kind.item
        if kind.name == "match":
            return _of_match(name, node)
        if kind.name == "file" and name in {"read", "readline"}:
            return described("str | bytes | None")
        if kind.name == "file" and name == "readlines":
            return described("list[str | bytes]")
        return None

    def _of_dict(self, kind: Type, name: str, node: ast.Call) -> Inferred | None:
        if name == "keys" and kind.item is not None:
            return container("iterator", kind.item)
        if name == "values" and kind.value is not None:
            return container("iterator", kind.value)
        if name == "items":
            return container("iterator", tuple_of(kind.item or UNKNOWN, kind.value or UNKNOWN))
        if name in {"get", "pop", "setdefault"} and kind.value is not None:
            default = self._types.of(node.args[1]) if len(node.args) == _PAIR else exact("NoneType")
            return join((kind.value, default))
        return None

    def parameter(self, node: ast.arg, scope: Scope) -> Inferred:
        """What a parameter can be."""
        if not isinstance(scope, FUNCTION_NODES):
            return UNKNOWN
        if scope.args.vararg is node:
            return exact("tuple")
        if scope.args.kwarg is node:
            return container("dict", exact("str"), read(node.annotation, self._types.own_names))
        if _is_attribute_name(node, scope, self._types.index.parents.get(scope)):
            return loose("str", "Python hands over the name of an attribute")
        if node.annotation is not None:
            return read(node.annotation, self._types.own_names).because("its annotation")
        owner = self._types.members.receiver(node, scope)
        if owner is not None:
            return owner
        default = default_of(node, scope)
        calls = self._types.members.calls_of(scope)
        if calls is not None:
            given = [self._argument(call, node, scope) for call in calls]
            if default is not None:
                given.append(self._types.of(default))
            return join(given).because("every call of this function")
        plain = isinstance(default, ast.Constant) and isinstance(default.value, (str, int, float, bytes))
        # A default alone is little: callers that nobody sees may hand over anything.
        if plain and self._types.facts.is_project:
            return Inferred(tuple_free=True, reason="its default")
        return UNKNOWN

    def _argument(self, call: ast.Call, node: ast.arg, scope: Function) -> Inferred:
        """What a call hands over for a parameter; nothing when the default is used."""
        if _starred(call) or any(keyword.arg is None for keyword in call.keywords):
            return UNKNOWN
        for keyword in call.keywords:
            if keyword.arg == node.arg:
                return self._types.of(keyword.value)
        positional = [*scope.args.posonlyargs, *scope.args.args]
        if node not in positional:
            return join(())
        place = positional.index(node) - self._types.members.bound_first(scope, call)
        return self._types.of(call.args[place]) if 0 <= place < len(call.args) else join(())


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


def _starred(node: ast.Call) -> bool:
    return any(isinstance(argument, ast.Starred) for argument in node.args)


def _of_match(name: str, node: ast.Call) -> Inferred | None:
    group = described("str | bytes | None")
    if name == "group":
        return group if len(node.args) <= 1 and not _starred(node) else tuple_of(*(group for _ in node.args))
    if name == "groups":
        return Inferred(frozenset({Type("tuple", item=group)}))
    if name == "groupdict":
        return container("dict", exact("str"), group)
    return described("int") if name in {"start", "end"} else None
