"""Attributes, methods and functions of one module: what they are by the definitions and assignments in it."""

from __future__ import annotations

import ast
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import described
from archaeologist_tools.inference.bindings import Kind
from archaeologist_tools.inference.classes import Classes
from archaeologist_tools.inference.known import ATTRIBUTES, EXCEPTION_ATTRIBUTES, FUNCTIONS, VALUES
from archaeologist_tools.inference.types import NONE, UNKNOWN, Inferred, Type, exact
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.inference.scopes import Function
    from archaeologist_tools.inference.values import Types

_PLAIN_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "cached_property", "override", "final"})


class Members:
    """The definitions of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types
        self._classes = Classes(types)
        self._qualified: dict[ast.expr, str] = {}
        self._returns: dict[ast.FunctionDef, Sequence[ast.Return] | None] = {}

    @cached_property
    def _imported(self) -> frozenset[str]:
        """The names that imports bind, in whatever scope."""
        return frozenset(map(bound_by, self._types.index.of(ast.alias)))

    @cached_property
    def _methods(self) -> frozenset[str]:
        index = self._types.index
        found = (node for node in index.definitions if isinstance(index.parents[node], ast.ClassDef))
        return frozenset(node.name for node in found)

    def defines_method(self, name: str) -> bool:
        """Whether a class of the project has a method of this name."""
        return name in self._methods or self._types.facts.defines_method(name)

    def qualified(self, node: ast.expr) -> str:
        """The full name of what a chain of names stands for, such as `os.path.join` for an imported `join`."""
        if node not in self._qualified:
            self._qualified[node] = self._full_name(node)
        return self._qualified[node]

    def _full_name(self, node: ast.expr) -> str:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        found = self._types.scopes.lookup(node) if node.id in self._imported else None
        if found is None or not all(binding.kind is Kind.IMPORT for binding in found[1]):
            return ""
        if not self._types.scopes.are_all(found[0], found[1], node.id):
            return ""
        names = {self._imported_name(binding.node) for binding in found[1]}
        head = names.pop() if len(names) == 1 else ""
        return ".".join((head, *reversed(parts))) if head else ""

    def _imported_name(self, alias: ast.AST) -> str:
        if not isinstance(alias, ast.alias):
            return ""
        statement = self._types.index.parents[alias]
        if isinstance(statement, ast.ImportFrom):
            # A leading dot keeps the project's own modules apart from the standard library's.
            dots = "." if statement.level else ""
            return f"{dots}{statement.module}.{alias.name}" if statement.module else f"{dots}{alias.name}"
        return alias.name if alias.asname else alias.name.partition(".")[0]

    def imported(self, alias: ast.alias) -> Inferred:
        """What an imported name can be."""
        name = self._imported_name(alias)
        if name in VALUES:
            return described(VALUES[name]).because(name)
        if isinstance(self._types.index.parents[alias], ast.Import):
            return exact("module")
        if name in FUNCTIONS:
            return exact("function")
        return self._foreign(name, constant=True)

    def attribute(self, node: ast.Attribute) -> Inferred:
        """What an attribute can be."""
        name = self.qualified(node)
        if name in VALUES:
            return described(VALUES[name]).because(name)
        if node.attr in ATTRIBUTES and (node.attr.startswith("__") or not self._types.index.stored(node.attr)):
            return described(ATTRIBUTES[node.attr]).because(f"{node.attr} of every object")
        receiver = self._types.kinds(node.value)
        if receiver.only("exception"):
            return described(EXCEPTION_ATTRIBUTES.get(node.attr, "?")).because("an attribute of exceptions")
        if receiver.only("instance", "type") and all(kind.owner for kind in receiver.types or ()):
            owners = {kind.owner for kind in receiver.types or ()}
            return self._types.joined(self._classes.attribute(owner, node.attr) for owner in sorted(owners))
        return UNKNOWN

    def receiver(self, parameter: ast.arg, scope: Function) -> Inferred | None:
        """What `self` or `cls` is; None for another parameter."""
        owner = self._types.index.parents.get(scope)
        positional = [*scope.args.posonlyargs, *scope.args.args]
        if not isinstance(owner, ast.ClassDef) or positional[:1] != [parameter]:
            return None
        names = {dotted(item) for item in getattr(scope, "decorator_list", [])}
        if "staticmethod" in names:
            return None
        if "classmethod" in names or getattr(scope, "name", "") in {"__new__", "__init_subclass__"}:
            return Inferred(frozenset({Type("type", exact=False, owner=owner.name)}), reason="it is the class")
        return self._classes.instance(owner)

    def called(self, name: ast.Name) -> Inferred:
        """What calling a name that the module binds gives."""
        found = self._types.scopes.lookup(name)
        if found is None or not self._types.scopes.are_all(found[0], found[1], name.id):
            return UNKNOWN
        bindings = found[1]
        if all(binding.kind is Kind.IMPORT for binding in bindings):
            return self._foreign(self.qualified(name))
        if len(bindings) != 1 or bindings[0].kind is not Kind.DEFINITION:
            return UNKNOWN
        definition = bindings[0].node
        if isinstance(definition, ast.ClassDef):
            return self._classes.instance(definition)
        return self.result(definition) if isinstance(definition, ast.FunctionDef) else UNKNOWN

    def _foreign(self, name: str, *, constant: bool = False) -> Inferred:
        """What a function of another file of the project gives, or a constant of one is."""
        module, _, last = name.rpartition(".")
        if not module:
            return UNKNOWN
        shown = last if constant else f"{last}()"
        text = self._types.facts.result_of(f"{module.rpartition('.')[2]}.{shown}")
        return described(text).because(f"{shown} is defined so") if text else UNKNOWN

    def foreign_result(self, function: ast.Attribute) -> Inferred:
        """What `module.function` or `object.method` gives by what other files say."""
        known = self._foreign(self.qualified(function))
        if known.types or known.tuple_free:
            return known
        text = self._types.facts.result_of(f".{function.attr}") if self._types.facts.is_project else ""
        if text and described(text).never("tuple"):
            return Inferred(tuple_free=True, reason=f"every {function.attr}() of the project gives {text}")
        return UNKNOWN

    def called_method(self, name: str, receiver: Inferred) -> Inferred | None:
        """What a method of one of the module's classes gives; None when it is another object's."""
        if not receiver.only("instance", "type") or not all(kind.owner for kind in receiver.types or ()):
            return None
        found: list[ast.FunctionDef] = []
        for kind in sorted(receiver.types or (), key=lambda kind: kind.owner):
            methods = self._classes.methods(kind.owner, name)
            if not methods:
                return None
            found += methods
        return self._types.joined(map(self.result, found))

    def result(self, function: ast.FunctionDef) -> Inferred:
        """What a function gives back, by its return statements."""
        results, search = self._types.asked.results, self._types.search
        found = results.get(function)
        if found is None:
            cuts = search.cuts
            found = self._result(function)
            if search.cuts == cuts:
                results[function] = found
        return found

    def _result(self, function: ast.FunctionDef) -> Inferred:
        if is_open(function):
            return UNKNOWN
        if function not in self._returns:
            scopes = self._types.scopes
            yields = any(scopes.nodes(kind, function) for kind in (ast.Yield, ast.YieldFrom))
            self._returns[function] = None if yields else scopes.nodes(ast.Return, function)
        returns = self._returns[function]
        if returns is None:
            return exact("iterator")
        if not returns and isinstance(function.body[-1], ast.Raise):
            return UNKNOWN  # meant to be overridden
        found = (self._types.of(node.value) if node.value else NONE for node in returns)
        last = () if _ends(function.body[-1]) else (NONE,)
        return self._types.joined(chain(found, last)).because(f"{function.name}() gives it")


def is_open(function: ast.FunctionDef) -> bool:
    """Whether a decorator, or another class that defines it again, decides what a function gives."""
    if any(dotted(item).rpartition(".")[2] not in _PLAIN_DECORATORS for item in function.decorator_list):
        return True
    *first, last = function.body
    return isinstance(last, ast.Raise) and all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) for statement in first
    )


def _ends(statement: ast.stmt) -> bool:
    """Whether nothing is reached behind a statement."""
    if isinstance(statement, (ast.Return, ast.Raise)):
        return True
    if isinstance(statement, ast.If):
        return bool(statement.orelse) and _ends(statement.body[-1]) and _ends(statement.orelse[-1])
    if isinstance(statement, ast.With):
        return _ends(statement.body[-1])
    if isinstance(statement, ast.Try):
        blocks = [statement.orelse or statement.body, *(handler.body for handler in statement.handlers)]
        return all(_ends(block[-1]) for block in blocks)
    return False
