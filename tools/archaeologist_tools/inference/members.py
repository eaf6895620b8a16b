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
from archaeologist_tools.inference.scopes import FUNCTIONS as FUNCTION_NODES
from archaeologist_tools.inference.types import NONE, UNKNOWN, Inferred, Type, exact
from archaeologist_tools.source.composed_names import may_be_composed
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
        self._calls: dict[Function, list[ast.Call] | None] = {}
        self._composed: dict[tuple[str, bool], bool] = {}
        self._returns: dict[ast.FunctionDef, Sequence[ast.Return] | None] = {}

    @cached_property
    def _imported(self) -> frozenset[str]:
        """The names that imports bind, in whatever scope."""
        return frozenset(map(bound_by, self._types.index.of(ast.alias)))

    @cached_property
    def _class_names(self) -> frozenset[str]:
        return frozenset(node.name for node in self._types.index.of(ast.ClassDef))

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
        text = self._types.facts.result_of(f".{function.attr}")
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
        if any(dotted(item).rpartition(".")[2] not in _PLAIN_DECORATORS for item in function.decorator_list):
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

    def calls_of(self, function: Function) -> list[ast.Call] | None:
        """All calls of a private function; None when somebody else may call it."""
        if function not in self._calls:
            self._calls[function] = self._found_calls(function)
        return self._calls[function]

    def _found_calls(self, function: Function) -> list[ast.Call] | None:
        if not isinstance(function, ast.FunctionDef):
            return None
        name, owner = function.name, self._types.index.parents[function]
        inner = not isinstance(owner, (ast.Module, ast.ClassDef)) and not self._is_at_top(owner)
        if not inner and (not name.startswith("_") or name.endswith("__")):
            return None
        decorators = {dotted(item) for item in function.decorator_list}
        if decorators - ({"staticmethod", "classmethod"} if isinstance(owner, ast.ClassDef) else set()):
            return None
        others = self._types.facts.uses_of(name)
        is_method = isinstance(owner, ast.ClassDef)
        if (not inner and others > is_method) or name in self._types.index.texts:
            return None
        if not inner and self.is_composed(name):
            return None
        return self._method_calls(name) if is_method else self._function_calls(name)

    def is_composed(self, name: str, *, of_texts: bool = False) -> bool:
        """Whether some code may put a private name together, and call what it stands for.

        Args:
            name: the name.
            of_texts: as `may_be_composed` has it.
        """
        if (name, of_texts) not in self._composed:
            private = name.startswith("_") and not name.endswith("__")
            index, facts = self._types.index, self._types.facts
            composed = private and (facts.is_composed(name) or may_be_composed(name, index, of_texts=of_texts))
            self._composed[name, of_texts] = composed
        return self._composed[name, of_texts]

    def _is_at_top(self, node: ast.AST) -> bool:
        around = [node, *self._types.index.ancestors(node)]
        return not any(isinstance(parent, FUNCTION_NODES) for parent in around)

    def _method_calls(self, name: str) -> list[ast.Call] | None:
        index = self._types.index
        uses = index.attributes.get(name, [])
        calls = [index.parents[node] for node in uses]
        called = [
            call for call, use in zip(calls, uses, strict=True) if isinstance(call, ast.Call) and call.func is use
        ]
        return called if called and len(called) == len(uses) else None

    def _function_calls(self, name: str) -> list[ast.Call] | None:
        index = self._types.index
        if index.bound[name] != 1:
            return None
        uses = index.names.get(name, [])
        calls = [index.parents[node] for node in uses]
        called = [
            call for call, use in zip(calls, uses, strict=True) if isinstance(call, ast.Call) and call.func is use
        ]
        return called if called and len(called) == len(uses) else None

    def bound_first(self, function: Function, call: ast.Call) -> int:
        """How many of a function's first parameters a call does not write: one for a method of an object."""
        owner = self._types.index.parents[function]
        if not isinstance(owner, ast.ClassDef):
            return 0
        if "staticmethod" in {dotted(item) for item in getattr(function, "decorator_list", [])}:
            return 0
        # `Class.method(self, x)` writes it.
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        through_class = isinstance(receiver, ast.Name) and receiver.id in self._class_names
        is_class_method = "classmethod" in {dotted(item) for item in getattr(function, "decorator_list", [])}
        return 0 if through_class and not is_class_method else 1


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
