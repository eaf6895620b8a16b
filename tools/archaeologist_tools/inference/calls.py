"""What calls give back."""

from __future__ import annotations

import ast
from itertools import chain
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import described
from archaeologist_tools.inference.known import BUILTINS, FUNCTIONS, METHODS, NO_TUPLE_METHODS
from archaeologist_tools.inference.operators import arithmetic, iterated
from archaeologist_tools.inference.parameters import is_starred
from archaeologist_tools.inference.structures import unpacked
from archaeologist_tools.inference.types import (
    NO_TUPLE,
    NOTHING,
    UNKNOWN,
    Inferred,
    Type,
    container,
    exact,
    join,
    tuple_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.inference.values import Types

_MODULE_CALLS = frozenset({"itertools.count", "struct.unpack", "struct.unpack_from"})
_MAKERS = {
    "sorted": "list",
    "list": "list",
    "set": "set",
    "frozenset": "frozenset",
    "reversed": "iterator",
    "iter": "iterator",
    "tuple": "tuple",
}
_OF_ITEMS = frozenset({"enumerate", "zip", "min", "max", "sum", "next"})
_CALCULATING = frozenset({"abs", "round", "divmod"})
# Methods of containers that give what these hold.
_TAKING = frozenset({"pop", "keys", "values", "items", "get", "setdefault"})
_PAIR = 2


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
            first = self._types.whole(node.args[0]) if node.args else exact("int")
            later = [arithmetic(ast.Add(), first, self._types.whole(step)) for step in node.args[1:]]
            return container("iterator", UNKNOWN if node.keywords or is_starred(node) else join((first, *later)))
        template = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        return unpacked(template) if isinstance(template, (str, bytes)) else UNKNOWN

    def _builtin(self, name: str, node: ast.Call) -> Inferred:
        if name in BUILTINS:
            return described(BUILTINS[name]).because(f"{name}() gives it")
        if name in _MAKERS:
            return self._of_same_items(_MAKERS[name], node)
        if name in _OF_ITEMS and node.args and not is_starred(node):
            return self._of_items(name, node)
        if name in _CALCULATING and node.args:
            return self._of_numbers(name, node)
        if name == "dict":
            return exact("dict") if not node.args else UNKNOWN
        if name == "type" and len(node.args) == 1:
            return exact("type", "type() gives it")
        exception = name.endswith(("Error", "Exception", "Warning"))
        return exact("exception", "an exception") if exception else UNKNOWN

    def _of_same_items(self, name: str, node: ast.Call) -> Inferred:
        """What a builtin gives that makes one container of another."""
        if not self._types.asked.contents or (name == "tuple" and not node.args):
            return exact(name)
        return container(name, iterated(self._types.holding(node.args[0])) if node.args else NOTHING)

    def _of_items(self, name: str, node: ast.Call) -> Inferred:
        """What a builtin gives that hands on its arguments, or their items."""
        first, *others = node.args
        if name in {"enumerate", "zip"}:
            return self._paired(node.args, counted=name == "enumerate")
        if name == "sum":
            if others or node.keywords:
                return UNKNOWN
            total = arithmetic(ast.Add(), exact("int"), iterated(self._types.holding(first)))
            return self._types.joined((exact("int"), total)).because("a sum of numbers")
        default = [keyword.value for keyword in node.keywords if keyword.arg == "default"]
        whole = node.args if others and name != "next" else others
        taken = () if whole is node.args else (first,)
        items = (iterated(self._types.holding(each)) for each in taken)
        return self._types.joined(chain(items, map(self._types.of, [*whole, *default])))

    def _paired(self, arguments: Sequence[ast.expr], *, counted: bool) -> Inferred:
        if not self._types.asked.contents:
            return exact("iterator")
        items = [iterated(self._types.holding(argument)) for argument in arguments]
        return container("iterator", tuple_of(exact("int"), items[0]) if counted else tuple_of(*items))

    def _of_numbers(self, name: str, node: ast.Call) -> Inferred:
        operands = [self._types.kinds(argument) for argument in node.args[:_PAIR]]
        if name == "divmod":
            if len(node.args) != _PAIR or is_starred(node):
                return UNKNOWN
            return tuple_of(arithmetic(ast.FloorDiv(), *operands), arithmetic(ast.Mod(), *operands))
        if not operands[0].exactly("int", "float"):
            return NO_TUPLE
        return exact("int", "round() gives it") if name == "round" and len(node.args) == 1 else operands[0]

    def _method(self, function: ast.Attribute, node: ast.Call) -> Inferred:
        name = function.attr
        receiver = (self._types.holding if name in _TAKING else self._types.kinds)(function.value)
        found = self._types.members.called_method(function.attr, receiver)
        if found is not None:
            return found
        if receiver.types:
            results = [self._of_type(kind, name, node) for kind in receiver.ordered]
            if all(result is not None for result in results):
                return join(result for result in results if result is not None).because(f"{name}() gives it")
        foreign = self._types.members.foreign_result(function)
        if foreign.never("tuple") or not self._types.asked.evidence:
            return foreign if foreign.never("tuple") else UNKNOWN
        one_group = name == "group" and len(node.args) <= 1 and not is_starred(node)
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


def _of_match(name: str, node: ast.Call) -> Inferred | None:
    group = described("str | bytes | None")
    if name == "group":
        return group if len(node.args) <= 1 and not is_starred(node) else tuple_of(*(group for _ in node.args))
    if name == "groups":
        return Inferred(frozenset({Type("tuple", item=group)}))
    if name == "groupdict":
        return container("dict", exact("str"), group)
    return described("int") if name in {"start", "end"} else None
