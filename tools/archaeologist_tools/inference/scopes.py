"""Where names are bound: scopes, and the bindings of each name in order.

A binding takes effect at a position of the source: behind an assignment, at the start of a loop's body.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.source.index import Index

_Node = TypeVar("_Node", bound=ast.AST)
Position: TypeAlias = tuple[int, int]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope: TypeAlias = ast.Module | ast.ClassDef | Function | Comprehension

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
ANY = -1
_BINDERS: tuple[type[ast.AST], ...] = (
    ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith,
    ast.ExceptHandler, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom,
    ast.MatchAs, ast.MatchStar, ast.MatchMapping,
)  # fmt: skip
SCOPES = (ast.Module, ast.ClassDef, *FUNCTIONS, *COMPREHENSIONS)
_SCOPE_KINDS = frozenset(SCOPES)
_STATEMENTS = frozenset(ast.stmt.__subclasses__())


class Kind(StrEnum):
    """How a name gets its value."""

    VALUE = "value"
    AUGMENTED = "augmented"
    ITEM = "item"
    CONTEXT = "context"
    EXCEPTION = "exception"
    STARRED = "starred"
    PARAMETER = "parameter"
    IMPORT = "import"
    DEFINITION = "definition"
    OTHER = "other"


@dataclass(frozen=True, eq=False)
class Binding:
    """One way for a name to get a value.

    Attributes:
        kind: how.
        node: the statement, comprehension, parameter, alias or walrus that does it.
        source: the expression that the value comes from.
        path: positions to unpack from that value, outermost first; `ANY` behind a starred target.
        effect: the position behind which the name has the value.
    """

    kind: Kind
    node: ast.AST
    source: ast.expr | None
    path: tuple[int, ...]
    effect: Position


def start_of(node: ast.AST) -> Position:
    """Where a node begins."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def end_of(node: ast.AST) -> Position:
    """Where a node ends."""
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0


class Scopes:
    """The scopes of a module, each looked at when it is first asked for.

    Args:
        index: the module's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._bindings: dict[ast.AST, dict[str, list[Binding]]] = {}
        self._by_kind: dict[type[ast.AST], dict[ast.AST, list[ast.AST]]] = {}
        self._around: dict[ast.AST, Scope] = {}
        self._found: dict[tuple[Scope, str], tuple[Scope, list[Binding]] | None] = {}
        self.declared = frozenset(name for node in index.of(ast.Nonlocal) for name in node.names)

    def nodes(self, kind: type[_Node], scope: ast.AST) -> Sequence[_Node]:
        """The nodes of exactly this type that are evaluated in a scope itself, not in one inside of it."""
        if kind not in self._by_kind:
            found: defaultdict[ast.AST, list[ast.AST]] = defaultdict(list)
            for node in self._index.of(kind):
                for place in self._places_of(node):
                    found[place].append(node)
            self._by_kind[kind] = found
        return self._by_kind[kind].get(scope, ())  # type: ignore[return-value]  # they are of the type asked for

    def _places_of(self, node: ast.AST) -> set[Scope]:
        """The scope that a node is evaluated in; a walrus inside a comprehension binds outside of it, too."""
        if not isinstance(node, ast.NamedExpr):
            return {self.around(node)}
        outside = [parent for parent in self._index.ancestors(node) if isinstance(parent, COMPREHENSIONS)]
        return {self.around(each) for each in (node, *outside)}

    def around(self, node: ast.AST) -> Scope:
        """The scope that a node is evaluated in."""
        if node not in self._around:
            self._around[node] = self._found_around(node)
        return self._around[node]

    def _found_around(self, node: ast.AST) -> Scope:
        parents = self._index.parents
        grandchild = child = node
        while (parent := parents.get(child)) is not None:
            # Types are looked up, because asking for one of many is slow; a statement's answer holds for all in it.
            if parent.__class__ in _SCOPE_KINDS and _is_inside(child, grandchild, parent):
                return parent  # type: ignore[return-value]  # of one of these types
            if parent.__class__ in _STATEMENTS:
                return self.around(parent)
            grandchild, child = child, parent
        return self._index.tree

    def bindings(self, scope: Scope) -> dict[str, list[Binding]]:
        """The bindings of a scope by name, in the order in which they take effect."""
        if scope not in self._bindings:
            found: defaultdict[str, list[Binding]] = defaultdict(list)
            for name, binding in _bindings_of(scope, self._binders.get(scope, ())):
                found[name].append(binding)
            for bound in found.values():
                bound.sort(key=lambda binding: binding.effect)
            self._bindings[scope] = dict(found)
        return self._bindings[scope]

    @cached_property
    def _binders(self) -> dict[Scope, list[ast.AST]]:
        """What binds names, by the scope that it does it in."""
        found: defaultdict[Scope, list[ast.AST]] = defaultdict(list)
        for node in (node for kind in _BINDERS for node in self._index.of(kind)):
            for place in self._places_of(node):
                found[place].append(node)
        return dict(found)

    def lookup(self, node: ast.Name) -> tuple[Scope, list[Binding]] | None:
        """The scope that a name belongs to, with the name's bindings there; None when the module does not bind it."""
        place = self.around(node), node.id
        if place not in self._found:
            self._found[place] = self._looked_up(*place)
        return self._found[place]

    def _looked_up(self, first: Scope, name: str) -> tuple[Scope, list[Binding]] | None:
        scope = first
        while True:
            visible = scope is first or not isinstance(scope, ast.ClassDef)
            if visible and not self._is_global(scope, name) and (found := self.bindings(scope).get(name)):
                return scope, found
            if isinstance(scope, ast.Module):
                return None
            scope = self.around(scope)

    def is_builtin(self, node: ast.Name) -> bool:
        """Whether nothing in the module gives a name another meaning than Python's, as far as the name can see."""
        index = self._index
        hidden = index.writes_namespace or node.id in index.declared_global or node.id in index.replaced_builtins
        return not hidden and self.lookup(node) is None

    def are_all(self, scope: Scope, bindings: Sequence[Binding], name: str) -> bool:
        """Whether the bindings that a scope shows of a name are all there are."""
        if name in self.declared:
            return False
        if not isinstance(scope, ast.Module):
            return True
        if self._index.writes_namespace or name in self._index.declared_global:
            return False
        last = max(binding.effect[0] for binding in bindings)
        return not any(star.lineno >= last for star in self._index.star_imports)

    def _is_global(self, scope: Scope, name: str) -> bool:
        if isinstance(scope, ast.Module) or name not in self._index.declared_global:
            return False
        return any(name in node.names for node in self.nodes(ast.Global, scope))


def _is_inside(child: ast.AST, grandchild: ast.AST, scope: ast.AST) -> bool:
    """Whether what is below a direct child of a scope is evaluated in the scope, not in the one around it."""
    if isinstance(scope, COMPREHENSIONS):
        return not (child is scope.generators[0] and grandchild is scope.generators[0].iter)
    if isinstance(scope, ast.Lambda):
        return child is scope.body
    return isinstance(child, ast.stmt)


def _bindings_of(scope: ast.AST, binders: Sequence[ast.AST]) -> Iterator[tuple[str, Binding]]:
    if isinstance(scope, FUNCTIONS):
        arguments = scope.args
        for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            yield parameter.arg, Binding(Kind.PARAMETER, parameter, None, (), start_of(scope))
        for rest in (arguments.vararg, arguments.kwarg):
            if rest:
                yield rest.arg, Binding(Kind.PARAMETER, rest, None, (), start_of(scope))
    if isinstance(scope, COMPREHENSIONS):
        for generator in scope.generators:
            yield from _targets(generator.target, Kind.ITEM, scope, generator.iter, start_of(scope))
    for node in binders:
        yield from _bound_by(node)


def _bound_by(node: ast.AST) -> Iterator[tuple[str, Binding]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target, Kind.VALUE, node, node.value, end_of(node))
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name):
        if node.value is not None:
            yield node.target.id, Binding(Kind.VALUE, node, node.value, (), end_of(node))
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, Binding(Kind.AUGMENTED, node, node.value, (), end_of(node))
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        kind = Kind.ITEM if isinstance(node, ast.For) else Kind.OTHER
        yield from _targets(node.target, kind, node, node.iter, end_of(node.iter))
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        kind = Kind.CONTEXT if isinstance(node, ast.With) else Kind.OTHER
        for item in node.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars, kind, node, item.context_expr, end_of(item.optional_vars))
    else:
        yield from _bound_by_others(node)


def _bound_by_others(node: ast.AST) -> Iterator[tuple[str, Binding]]:
    if isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name, Binding(Kind.EXCEPTION, node, node.type, (), end_of(node.type or node))
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name, Binding(Kind.DEFINITION, node, None, (), end_of(node))
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            name = bound_by(alias)
            yield name, Binding(Kind.IMPORT, alias, None, (), end_of(node))
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name, Binding(Kind.OTHER, node, None, (), end_of(node))
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, Binding(Kind.OTHER, node, None, (), end_of(node))


def _targets(
    target: ast.expr, kind: Kind, node: ast.AST, source: ast.expr, effect: Position, *, path: tuple[int, ...] = ()
) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, Binding(kind, node, source, path, effect)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, Kind.STARRED, node, source, effect)
    elif isinstance(target, (ast.Tuple, ast.List)):
        starred = False
        for position, inner in enumerate(target.elts):
            starred = starred or isinstance(inner, ast.Starred)
            yield from _targets(inner, kind, node, source, effect, path=(*path, ANY if starred else position))
