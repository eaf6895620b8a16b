"""What a name can be: what its bindings that reach a place give it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import read
from archaeologist_tools.inference.bindings import ANY, Kind
from archaeologist_tools.inference.held import Held
from archaeologist_tools.inference.operators import arithmetic, iterated, slot
from archaeologist_tools.inference.parameters import Parameters
from archaeologist_tools.inference.questions import MAX_STEPS
from archaeologist_tools.inference.types import NO_TUPLE, NOTHING, UNKNOWN, Inferred, Type, exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.scopes import Scope
    from archaeologist_tools.inference.values import Types


class Variables:
    """The names of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types
        self._held = Held(types)
        self._parameters = Parameters(types)

    def of(self, node: ast.Name) -> tuple[Inferred, Scope | None]:
        """What a name can be where it is read, and the scope it belongs to; no scope where it may be anything."""
        types = self._types
        found = types.scopes.lookup(node)
        if found is None or node.id in types.scopes.declared or self._is_written_elsewhere(found[0], node.id):
            return UNKNOWN, None
        scope, bindings = found
        here = scope is types.scopes.around(node)
        of_module = isinstance(scope, ast.Module)
        if of_module and not here and types.facts.is_stored_elsewhere(node.id):
            return UNKNOWN, None
        # Seen from an inner function, a name has whatever value it was given last.
        reaching = types.flow.reaching(node, bindings) if here else bindings
        known = types.joined(self.bound(binding, scope) for binding in reaching)
        is_global = of_module and node.id in types.index.declared_global
        if is_global:
            known = types.joined((known, self._declared_global(node.id)))
        if types.asked.contents:
            known = self._held.known(node.id, scope, known)
        if here and not is_global:
            # Whatever is called behind a test can bind a global again.
            known = types.narrowed(node, known, lambda: bindings)
        return known, scope

    def named(self, name: str, place: ast.AST, scope: Scope) -> Inferred:
        """What a name of a scope can be at a place of that scope."""
        bindings = self._types.scopes.bindings(scope, name)
        reaching = self._types.flow.reaching(place, bindings)
        return self._types.joined(self.bound(binding, scope) for binding in reaching)

    def _is_written_elsewhere(self, scope: Scope, name: str) -> bool:
        """Whether a module's variable may be set in ways that no binding shows."""
        if not isinstance(scope, ast.Module):
            return False
        index = self._types.index
        return index.writes_namespace or bool(index.star_imports and not name.startswith("_"))

    def _declared_global(self, name: str) -> Inferred:
        scopes = self._types.scopes
        around = (scopes.around(node) for node in self._types.index.of(ast.Global) if name in node.names)
        bound = ((binding, scope) for scope in around for binding in scopes.bindings(scope, name))
        return self._types.joined(self.bound(binding, scope) for binding, scope in bound)

    def kinds(self, binding: Binding, scope: Scope) -> Inferred:
        """What types a binding gives its name."""
        return self._types.asking_kinds(lambda: self.bound(binding, scope))

    def bound(self, binding: Binding, scope: Scope) -> Inferred:
        """What a binding gives its name."""
        asked, search = self._types.asked, self._types.search
        found = asked.bound.get(binding)
        if found is None:
            cuts = search.cuts
            found = self._given(binding, scope)
            if search.cuts == cuts:
                asked.bound[binding] = found
        return found

    def _given(self, binding: Binding, scope: Scope) -> Inferred:
        kind, node, source = binding.kind, binding.node, binding.source
        if kind is Kind.VALUE and source is not None:
            if isinstance(node, ast.AnnAssign) and (known := read(node.annotation, self._types.names.own)).types:
                return known.because("its annotation")
            if binding.path:
                return _unpacked(self._types.holding(source), binding.path)
            return self._types.of(source)
        if kind is Kind.AUGMENTED and isinstance(node, ast.AugAssign):
            return arithmetic(node.op, self._before(binding, scope), self._types.operand(node.value))
        if kind is Kind.ITEM and source is not None:
            return _unpacked(iterated(self._types.holding(source)), binding.path)
        if kind is Kind.PARAMETER and isinstance(node, ast.arg):
            return self._parameters.of(node, scope)
        return self._bound_otherwise(binding)

    def _before(self, binding: Binding, scope: Scope) -> Inferred:
        """What the target of an augmented assignment can be before it."""
        node, search, asked = binding.node, self._types.search, self._types.asked
        if node in asked.before:
            return asked.before[node]
        if node in search.open:
            search.cuts += 1
            return NOTHING
        search.steps += 1
        if search.steps > MAX_STEPS:
            # Assignments in a loop that all see each other have as many ways between them as there are orders.
            search.cuts += 1
            return UNKNOWN
        cuts = search.cuts
        search.open.add(node)
        try:
            found = self._joined_before(binding, scope)
        finally:
            search.open.discard(node)
        if search.cuts == cuts:
            asked.before[node] = found
        return found

    def _joined_before(self, binding: Binding, scope: Scope) -> Inferred:
        name = binding.node.target.id  # type: ignore[attr-defined]  # an augmented assignment to a name
        reaching = self._types.flow.reaching(binding.node, self._types.scopes.bindings(scope, name))
        return self._types.joined(self.bound(other, scope) for other in reaching if other is not binding)

    def _bound_otherwise(self, binding: Binding) -> Inferred:
        kind, node, source = binding.kind, binding.node, binding.source
        if kind is Kind.EXCEPTION:
            return exact("exception", "an exception that was caught") if source else UNKNOWN
        if kind is Kind.STARRED:
            return exact("list")
        if kind is Kind.CONTEXT and source is not None:
            opened = self._types.kinds(source)
            return opened if opened.only("file") else UNKNOWN
        if kind is Kind.IMPORT and isinstance(node, ast.alias):
            return self._types.members.imported(node)
        if kind is Kind.DEFINITION:
            name = "type" if isinstance(node, ast.ClassDef) else "function"
            plain = not getattr(node, "decorator_list", None)
            return Inferred(frozenset({Type(name, owner=node.name)})) if plain else NO_TUPLE  # type: ignore[attr-defined]
        return UNKNOWN


def _unpacked(value: Inferred, path: Sequence[int]) -> Inferred:
    for position in path:
        value = iterated(value) if position == ANY else slot(value, position)
    return value
