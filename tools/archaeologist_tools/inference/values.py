"""What an expression can be: the entry point of inference.

Evaluated on demand and backwards, from a use to what it comes from, because few expressions of a file are ever asked
about. A value that depends on itself, through a loop, is what its other sources are.
"""

from __future__ import annotations

import ast
from functools import cached_property, partial
from typing import TYPE_CHECKING
from weakref import proxy

from archaeologist_tools.inference.annotations import read
from archaeologist_tools.inference.bindings import ANY, Kind
from archaeologist_tools.inference.calls import Calls
from archaeologist_tools.inference.changes import Changes
from archaeologist_tools.inference.countable import Countable
from archaeologist_tools.inference.guards import Guards
from archaeologist_tools.inference.held import Held
from archaeologist_tools.inference.members import Members
from archaeologist_tools.inference.mentions import key_of
from archaeologist_tools.inference.names import Names
from archaeologist_tools.inference.operators import arithmetic, iterated, slot, subscripted
from archaeologist_tools.inference.scopes import FUNCTIONS
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
)  # fmt: skip
from archaeologist_tools.project.value_keys import attribute
from archaeologist_tools.project.value_sources import ValueSources
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.neighbours import Neighbours
    from archaeologist_tools.inference.results import Strangers
    from archaeologist_tools.inference.scopes import Scope
    from archaeologist_tools.source.index import Index

_TYPING = frozenset({"typing", "typing_extensions", "collections.abc", "collections", "builtins", "re"})
_MAX_DEPTH = 25
_MAX_STEPS = 600
"""Expressions looked at for one question; code that needs more is generated, or too tangled to rest a rewrite on."""


class _Methods(dict[type[ast.expr], str]):
    """What the method is called that evaluates a type of expression."""

    def __missing__(self, kind: type[ast.expr]) -> str:
        self[kind] = f"_{kind.__name__.lower()}"
        return self[kind]


_METHODS = _Methods()


class Types:
    """What values of one module can be.

    Args:
        index: the module's index.
        facts: what the other files of the project say of the names in it.
        names: what was read off its names before.
    """

    def __init__(self, index: Index, facts: Neighbours | Strangers, names: Names | None = None) -> None:
        self.index = index
        self.facts = facts
        names = names or Names(index)
        self.scopes, self.flow, self.mentions = names.scopes, names.flow, names.mentions
        self.guards = Guards(index, self.flow, self.scopes, self.mentions, self.facts.tuple_fields)
        # Without a cycle, what is known of a module is freed as soon as nobody needs it: trees are large.
        own = proxy(self)
        self.members = Members(own)
        self._calls = Calls(own)
        self._sources = ValueSources(index)
        self._held = Held(own)
        self._changes = Changes(own)
        self.countable = Countable(own, self._changes)
        self._known: dict[ast.AST, Inferred] = {}
        self._open: set[ast.AST] = set()
        self._bound: dict[Binding, Inferred] = {}
        self._befores: dict[ast.AST, Inferred] = {}
        self._steps = 0
        self.cuts = 0

    def of(self, node: ast.expr) -> Inferred:
        """What an expression can be where it stands."""
        if node in self._known:
            return self._known[node]
        if node in self._open:
            self.cuts += 1
            return NOTHING
        outermost = not self._open
        self._steps = 0 if outermost else self._steps + 1
        if len(self._open) > _MAX_DEPTH or self._steps > _MAX_STEPS:
            self.cuts += 1
            return UNKNOWN
        cuts = self.cuts
        self._open.add(node)
        try:
            found = self._evaluated(node)
        finally:
            self._open.discard(node)
        if outermost and found.types == frozenset():
            found = UNKNOWN
        # What was found inside of a cycle is only part of the truth, so only whole answers are kept.
        if outermost or self.cuts == cuts:
            self._known[node] = found
        return found

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names of the module that do not come from where annotations usually come from."""
        imports: list[ast.Import | ast.ImportFrom] = [*self.index.of(ast.Import)]
        imports += [node for node in self.index.of(ast.ImportFrom) if node.module in _TYPING]
        aliases = [alias for node in imports for alias in node.names]
        usual = {bound_by(alias) for alias in aliases}
        return frozenset(name for name in self.index.bound if name not in usual)

    def _evaluated(self, node: ast.expr) -> Inferred:
        evaluate: Callable[[ast.expr], Inferred] | None = getattr(self, _METHODS[node.__class__], None)
        found = evaluate(node) if evaluate else UNKNOWN
        if found.types is None and not found.tuple_free and self.facts.is_project:
            return self._hinted(node)
        return found

    def _constant(self, node: ast.Constant) -> Inferred:
        return exact(type(node.value).__name__, "a literal")

    def _joinedstr(self, _: ast.JoinedStr) -> Inferred:
        return exact("str", "a literal")

    def _list(self, node: ast.List) -> Inferred:
        return container("list", self._items(node.elts))

    def _set(self, node: ast.Set) -> Inferred:
        return container("set", self._items(node.elts))

    def _tuple(self, node: ast.Tuple) -> Inferred:
        if any(isinstance(item, ast.Starred) for item in node.elts):
            return exact("tuple")
        return tuple_of(*(self.of(item) for item in node.elts))

    def _dict(self, node: ast.Dict) -> Inferred:
        if any(key is None for key in node.keys):
            return exact("dict")
        keys = join(self.of(key) for key in node.keys if key)
        return container("dict", keys, join(map(self.of, node.values)))

    def _items(self, items: Sequence[ast.expr]) -> Inferred:
        if any(isinstance(item, ast.Starred) for item in items):
            return UNKNOWN
        return join(map(self.of, items)) if items else NOTHING

    def _listcomp(self, node: ast.ListComp) -> Inferred:
        return container("list", self.of(node.elt))

    def _setcomp(self, node: ast.SetComp) -> Inferred:
        return container("set", self.of(node.elt))

    def _generatorexp(self, node: ast.GeneratorExp) -> Inferred:
        return container("iterator", self.of(node.elt))

    def _dictcomp(self, node: ast.DictComp) -> Inferred:
        return container("dict", self.of(node.key), self.of(node.value))

    def _lambda(self, _: ast.Lambda) -> Inferred:
        return exact("function")

    def _namedexpr(self, node: ast.NamedExpr) -> Inferred:
        return self.of(node.value)

    def _ifexp(self, node: ast.IfExp) -> Inferred:
        return join((self.of(node.body), self.of(node.orelse)))

    def _boolop(self, node: ast.BoolOp) -> Inferred:
        *first, last = map(self.of, node.values)
        if isinstance(node.op, ast.Or):
            first = [value.without("NoneType") for value in first]
        return join((*first, last))

    def _compare(self, node: ast.Compare) -> Inferred:
        plain = all(isinstance(operator, (ast.In, ast.NotIn, ast.Is, ast.IsNot)) for operator in node.ops)
        return exact("bool") if plain else NO_TUPLE

    def _unaryop(self, node: ast.UnaryOp) -> Inferred:
        if isinstance(node.op, ast.Not):
            return exact("bool")
        operand = self.of(node.operand)
        return operand if operand.exactly("int", "float") else NO_TUPLE

    def _binop(self, node: ast.BinOp) -> Inferred:
        return arithmetic(node.op, self.of(node.left), self.of(node.right))

    def _subscript(self, node: ast.Subscript) -> Inferred:
        return self._narrowed(node, subscripted(self.of(node.value), node.slice), partial(self._changes.of, node))

    def _starred(self, _: ast.Starred) -> Inferred:
        return UNKNOWN

    def _call(self, node: ast.Call) -> Inferred:
        return self._calls.result(node)

    def _attribute(self, node: ast.Attribute) -> Inferred:
        known = self._narrowed(node, self.members.attribute(node), partial(self._changes.of, node))
        owner = next((parent for parent in self.index.ancestors(node) if isinstance(parent, ast.ClassDef)), None)
        is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
        return self._used(node, known, owner) if is_own else known

    def _name(self, node: ast.Name) -> Inferred:
        found = self.scopes.lookup(node)
        if found is None or node.id in self.scopes.declared or self._is_written_elsewhere(found[0], node.id):
            return UNKNOWN
        scope, bindings = found
        here = scope is self.scopes.around(node)
        if isinstance(scope, ast.Module) and not here and self.facts.is_stored_elsewhere(node.id):
            return UNKNOWN
        # Seen from an inner function, a name has whatever value it was given last.
        reaching = self.flow.reaching(node, bindings) if here else bindings
        known = join(self.bound(binding, scope) for binding in reaching)
        is_global = isinstance(scope, ast.Module) and node.id in self.index.declared_global
        if is_global:
            known = join((known, self._declared_global(node.id)))
        known = self._held.known(node.id, scope, known)
        # Whatever is called behind a test can bind a global again.
        known = self._narrowed(node, known, lambda: bindings) if here and not is_global else known
        return self._used(node, known, scope)

    def _used(self, node: ast.expr, known: Inferred, scope: ast.AST | None) -> Inferred:
        """What is known of a value, with what its other uses in the same function or class show when it is nothing."""
        wanted = known.types is None and not known.tuple_free and self.facts.is_project
        if not wanted or not isinstance(scope, (*FUNCTIONS, ast.ClassDef)):
            return known
        key = key_of(node)
        if key is None or not self.guards.used_otherwise(key, scope):
            return known
        name = getattr(scope, "name", "this function")
        return Inferred(tuple_free=True, reason=f"{name} uses it as no tuple can be used")

    def named(self, name: str, place: ast.AST, scope: Scope) -> Inferred:
        """What a name of a scope can be at a place of that scope."""
        bindings = self.scopes.bindings(scope, name)
        known = join(self.bound(binding, scope) for binding in self.flow.reaching(place, bindings))
        return self._held.known(name, scope, known) if known.types else known

    def _hinted(self, node: ast.expr) -> Inferred:
        """What the other places of the project show of a value of which the code around it shows nothing."""
        found = set(self._sources.of(node))
        method = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if method and self.facts.defines_method(method):
            found -= {False}  # it may be that one, not the method of a text
        keys = sorted(source for source in found if isinstance(source, str))
        if any(self.members.is_composed(key.split(":")[1], of_texts=True) for key in keys if key.startswith("p:")):
            return UNKNOWN
        shown = False in found or self.facts.hints_at_no_tuple(*keys)
        if True in found or not shown or self.facts.hints_at_tuple(*keys, *self._set_as(node)):
            return UNKNOWN
        return Inferred(
            tuple_free=True,
            reason=f"no place of the project that hands on {dotted(node) or ast.unparse(node)} shows a tuple",
        )

    def _set_as(self, node: ast.expr) -> list[str]:
        """The key under which other modules give a variable of this one another value."""
        found = self.scopes.lookup(node) if isinstance(node, ast.Name) else None
        return [attribute(node.id)] if found and isinstance(found[0], ast.Module) and isinstance(node, ast.Name) else []

    def _narrowed(self, node: ast.expr, known: Inferred, bindings: Callable[[], Sequence[Binding]]) -> Inferred:
        if known.exactly("str", "int", "float", "bytes"):
            return known
        return self.guards.narrowed(node, known, bindings)

    def _is_written_elsewhere(self, scope: Scope, name: str) -> bool:
        """Whether a module's variable may be set in ways that no binding shows."""
        if not isinstance(scope, ast.Module):
            return False
        return self.index.writes_namespace or bool(self.index.star_imports and not name.startswith("_"))

    def _declared_global(self, name: str) -> Inferred:
        found = []
        for declaration in self.index.of(ast.Global):
            if name in declaration.names:
                scope = self.scopes.around(declaration)
                found += [self.bound(binding, scope) for binding in self.scopes.bindings(scope, name)]
        return join(found)

    def bound(self, binding: Binding, scope: Scope) -> Inferred:
        """What a binding gives its name."""
        if binding in self._bound:
            return self._bound[binding]
        cuts = self.cuts
        found = self._given(binding, scope)
        if self.cuts == cuts:
            self._bound[binding] = found
        return found

    def _given(self, binding: Binding, scope: Scope) -> Inferred:
        if binding.kind is Kind.VALUE and binding.source is not None:
            if (
                isinstance(binding.node, ast.AnnAssign)
                and (known := read(binding.node.annotation, self.own_names)).types
            ):
                return known.because("its annotation")
            return _unpacked(self.of(binding.source), binding.path)
        if binding.kind is Kind.AUGMENTED and isinstance(binding.node, ast.AugAssign):
            return arithmetic(binding.node.op, self._before(binding, scope), self.of(binding.node.value))
        if binding.kind is Kind.ITEM and binding.source is not None:
            return _unpacked(iterated(self.of(binding.source)), binding.path)
        return self._bound_otherwise(binding, scope)

    def _before(self, binding: Binding, scope: Scope) -> Inferred:
        """What the target of an augmented assignment can be before it."""
        name = binding.node.target.id  # type: ignore[attr-defined]  # an augmented assignment to a name
        if binding.node in self._befores:
            return self._befores[binding.node]
        others = self.scopes.bindings(scope, name)
        if binding.node in self._open:
            self.cuts += 1
            return NOTHING
        self._steps += 1
        if self._steps > _MAX_STEPS:
            # Assignments in a loop that all see each other have as many ways between them as there are orders.
            self.cuts += 1
            return UNKNOWN
        cuts = self.cuts
        self._open.add(binding.node)
        try:
            found = join(
                self.bound(other, scope) for other in self.flow.reaching(binding.node, others) if other is not binding
            )
        finally:
            self._open.discard(binding.node)
        if self.cuts == cuts:
            self._befores[binding.node] = found
        return found

    def _bound_otherwise(self, binding: Binding, scope: Scope) -> Inferred:
        if binding.kind is Kind.EXCEPTION:
            return exact("exception", "an exception that was caught") if binding.source else UNKNOWN
        if binding.kind is Kind.STARRED:
            return exact("list")
        if binding.kind is Kind.CONTEXT and binding.source is not None:
            opened = self.of(binding.source)
            return opened if opened.only("file") else UNKNOWN
        if binding.kind is Kind.PARAMETER and isinstance(binding.node, ast.arg):
            return self._calls.parameter(binding.node, scope)
        if binding.kind is Kind.IMPORT and isinstance(binding.node, ast.alias):
            return self.members.imported(binding.node)
        if binding.kind is Kind.DEFINITION:
            name = "type" if isinstance(binding.node, ast.ClassDef) else "function"
            plain = not getattr(binding.node, "decorator_list", None)
            return Inferred(frozenset({Type(name, owner=binding.node.name)})) if plain else NO_TUPLE  # type: ignore[attr-defined]
        return UNKNOWN


def _unpacked(value: Inferred, path: Sequence[int]) -> Inferred:
    for position in path:
        value = iterated(value) if position == ANY else slot(value, position)
    return value
