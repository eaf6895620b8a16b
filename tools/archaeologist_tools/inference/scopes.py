"""Where names are bound: which scope each belongs to, and its bindings there.

Looked up name by name, because few names of a file are ever asked about.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from archaeologist_tools.inference.bindings import bound_at, effect_of, of_parameter
from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.source.index import Index

_Node = TypeVar("_Node", bound=ast.AST)
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope: TypeAlias = ast.Module | ast.ClassDef | Function | Comprehension

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.Module, ast.ClassDef, *FUNCTIONS, *COMPREHENSIONS)
_BODIES = frozenset({ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef})
_EXPRESSIONS = frozenset({ast.Lambda, *COMPREHENSIONS})
_STATEMENTS = frozenset(ast.stmt.__subclasses__())
_SEVERAL = 2


class Scopes:
    """The scopes of a module, each looked at when it is first asked for.

    Args:
        index: the module's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._bindings: dict[tuple[Scope, str], Sequence[Binding]] = {}
        self._known_parameters: dict[Function, Mapping[str, ast.arg]] = {}
        self._known_sites: dict[str, Mapping[Scope, list[ast.AST]]] = {}
        self._by_kind: dict[type[ast.AST], dict[ast.AST, list[ast.AST]]] = {}
        self._around: dict[ast.AST, Scope] = {}
        self._found: dict[tuple[Scope, str], tuple[Scope, Sequence[Binding]] | None] = {}
        self.declared = frozenset(name for node in index.of(ast.Nonlocal) for name in node.names)

    def nodes(self, kind: type[_Node], scope: ast.AST) -> Sequence[_Node]:
        """The nodes of exactly this type that are evaluated in a scope itself, not in one inside of it."""
        if kind not in self._by_kind:
            found: defaultdict[ast.AST, list[ast.AST]] = defaultdict(list)
            for node in self._index.of(kind):
                found[self.around(node)].append(node)
            self._by_kind[kind] = found
        return self._by_kind[kind].get(scope, ())  # type: ignore[return-value]  # they are of the type asked for

    def around(self, node: ast.AST) -> Scope:
        """The scope that a node is evaluated in."""
        found = self._around.get(node)
        if found is None:
            found = self._around[node] = self._found_around(node)
        return found

    def _found_around(self, node: ast.AST) -> Scope:
        parents = self._index.parents
        grandchild = child = node
        while (parent := parents.get(child)) is not None:
            # Types are looked up, because asking for one of many is slow; a statement's answer holds for all in it.
            kind = parent.__class__
            if kind in _BODIES:
                return parent if child.__class__ in _STATEMENTS else self.around(parent)  # type: ignore[return-value]
            if kind in _EXPRESSIONS and _is_inside(child, grandchild, parent):
                return parent  # type: ignore[return-value]  # of one of these types
            if kind in _STATEMENTS:
                return self.around(parent)
            grandchild, child = child, parent
        return self._index.tree

    def bindings(self, scope: Scope, name: str) -> Sequence[Binding]:
        """The bindings of a name in a scope, in the order in which they take effect."""
        found = self._bindings.get((scope, name))
        if found is None:
            found = self._bindings[scope, name] = self._found_bindings(scope, name)
        return found

    def _found_bindings(self, scope: Scope, name: str) -> Sequence[Binding]:
        parameter = self._parameters(scope).get(name) if isinstance(scope, FUNCTIONS) else None
        sites = self._sites(name).get(scope, ())
        found = [of_parameter(parameter, scope)] if parameter else []
        found += [binding for site in sites if (binding := bound_at(site, self._index))]
        return found if len(found) < _SEVERAL else sorted(found, key=effect_of)

    def _parameters(self, function: Function) -> Mapping[str, ast.arg]:
        if function not in self._known_parameters:
            self._known_parameters[function] = {each.arg: each for each in _parameters_of(function)}
        return self._known_parameters[function]

    def _sites(self, name: str) -> Mapping[Scope, list[ast.AST]]:
        """What binds a name, parameters aside, by the scope that it does it in."""
        if name not in self._known_sites:
            self._known_sites[name] = found = defaultdict[Scope, list[ast.AST]](list)
            for node in self._index.names.get(name, ()):
                if node.ctx.__class__ is ast.Store:
                    for scope in self._scopes_of(node):
                        found[scope].append(node)
            for other in self._named.get(name, ()):
                found[self.around(other)].append(other)
        return self._known_sites[name]

    def _scopes_of(self, target: ast.Name) -> Iterable[Scope]:
        """The scopes that a target binds its name in; a walrus inside a comprehension binds outside of it, too."""
        parent = self._index.parents[target]
        if not isinstance(parent, ast.NamedExpr):
            return (self.around(target),)
        outside = (each for each in self._index.ancestors(parent) if isinstance(each, COMPREHENSIONS))
        return {self.around(each) for each in (parent, *outside)}

    @cached_property
    def _named(self) -> Mapping[str, list[ast.AST]]:
        """What binds a name that is not written as a target: definitions, imports, handlers and patterns."""
        of, found = self._index.of, defaultdict[str, list[ast.AST]](list)
        for definition in self._index.definitions:
            found[definition.name].append(definition)
        for alias in of(ast.alias):
            found[bound_by(alias)].append(alias)
        others: tuple[ast.ExceptHandler | ast.MatchAs | ast.MatchStar, ...]
        others = (*of(ast.ExceptHandler), *of(ast.MatchAs), *of(ast.MatchStar))
        for other in others:
            if other.name:
                found[other.name].append(other)
        for mapping in of(ast.MatchMapping):
            if mapping.rest:
                found[mapping.rest].append(mapping)
        return found

    def lookup(self, node: ast.Name) -> tuple[Scope, Sequence[Binding]] | None:
        """The scope that a name belongs to, with the name's bindings there; None when the module does not bind it."""
        name = node.id
        if name not in self._index.bound:
            return None
        place = self.around(node), name
        if place not in self._found:
            self._found[place] = self._looked_up(*place)
        return self._found[place]

    def _looked_up(self, first: Scope, name: str) -> tuple[Scope, Sequence[Binding]] | None:
        scope = first
        while True:
            visible = scope is first or not isinstance(scope, ast.ClassDef)
            if visible and not self._is_global(scope, name) and (found := self.bindings(scope, name)):
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


def _parameters_of(function: Function) -> list[ast.arg]:
    arguments = function.args
    rest = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def _is_inside(child: ast.AST, grandchild: ast.AST, scope: ast.AST) -> bool:
    """Whether what is below a direct child of a scope is evaluated in the scope, not in the one around it."""
    if isinstance(scope, COMPREHENSIONS):
        return not (child is scope.generators[0] and grandchild is scope.generators[0].iter)
    return isinstance(scope, ast.Lambda) and child is scope.body
