"""What the rest of a function, a class and the project show of a value of which the code around it shows nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.mentions import key_of
from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.inference.types import UNKNOWN, Inferred
from archaeologist_tools.project.value_keys import attribute
from archaeologist_tools.project.value_sources import ValueSources
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from archaeologist_tools.inference.values import Types


class ProjectEvidence:
    """What is seen elsewhere of the values of one module; it counts only where there is more than one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types
        self._sources = ValueSources(types.index, bindings=types.names.values)
        self._is_project = types.facts.is_project

    def used(self, node: ast.expr, known: Inferred, scope: ast.AST | None) -> Inferred:
        """What is known of a value, with what its other uses in the same function or class show when it is nothing."""
        wanted = known.types is None and not known.tuple_free and self._is_project and self._types.asked.evidence
        if not wanted or not isinstance(scope, (*FUNCTIONS, ast.ClassDef)):
            return known
        key = key_of(node)
        if key is None or not self._types.guards.used_otherwise(key, scope):
            return known
        name = getattr(scope, "name", "this function")
        return Inferred(tuple_free=True, reason=f"{name} uses it as no tuple can be used")

    def hinted(self, node: ast.expr) -> Inferred:
        """What the other places of the project show of a value of which the code around it shows nothing."""
        if not self._is_project:
            return UNKNOWN
        facts, callers = self._types.facts, self._types.callers
        found = set(self._sources.of(node))
        method = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if method and facts.defines_method(method):
            found -= {False}  # it may be that one, not the method of a text
        if True in found:
            return UNKNOWN
        keys = sorted(source for source in found if isinstance(source, str))
        if False not in found and not facts.hints_at_no_tuple(*keys):
            return UNKNOWN
        if any(callers.is_composed(key.split(":")[1], of_texts=True) for key in keys if key.startswith("p:")):
            return UNKNOWN
        if facts.hints_at_tuple(*keys, *self._set_as(node)):
            return UNKNOWN
        return Inferred(
            tuple_free=True,
            reason=f"no place of the project that hands on {dotted(node) or ast.unparse(node)} shows a tuple",
        )

    def _set_as(self, node: ast.expr) -> list[str]:
        """The key under which other modules give a variable of this one another value."""
        found = self._types.scopes.lookup(node) if isinstance(node, ast.Name) else None
        return [attribute(node.id)] if found and isinstance(found[0], ast.Module) and isinstance(node, ast.Name) else []
