"""Who calls the functions of one module: all of them, where nobody else can."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.source.composed_names import may_be_composed
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.inference.scopes import Function
    from archaeologist_tools.inference.values import Types


class Callers:
    """The calls of the functions of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types
        self._calls: dict[Function, list[ast.Call] | None] = {}
        self._composed: dict[tuple[str, bool], bool] = {}

    @cached_property
    def _class_names(self) -> frozenset[str]:
        return frozenset(node.name for node in self._types.index.of(ast.ClassDef))

    def of(self, function: Function) -> list[ast.Call] | None:
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
        return not any(isinstance(parent, FUNCTIONS) for parent in around)

    def _method_calls(self, name: str) -> list[ast.Call] | None:
        index = self._types.index
        uses = index.attributes.get(name, [])
        return self._called(uses)

    def _function_calls(self, name: str) -> list[ast.Call] | None:
        index = self._types.index
        if index.bound[name] != 1:
            return None
        uses = index.names.get(name, [])
        return self._called(uses)

    def _called(self, uses: Sequence[ast.expr]) -> list[ast.Call] | None:
        """The calls of what is named; None when it is used otherwise, or nowhere."""
        parents = self._types.index.parents
        calls = [call for use in uses if isinstance(call := parents[use], ast.Call) and call.func is use]
        return calls if calls and len(calls) == len(uses) else None

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
