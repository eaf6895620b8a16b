"""What the names of one file are bound to, by scope: where `ValueSources` goes on from a name."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.displays import has_star
from archaeologist_tools.project.value_keys import ELEMENT
from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.source.index import Index

Scope: TypeAlias = ast.FunctionDef | ast.Module
_SCOPES = frozenset({ast.FunctionDef, ast.Module})
_HOMES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module})
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class ValueBindings:
    """The names of one file.

    Args:
        index: the file's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._parameters: dict[ast.FunctionDef, frozenset[str]] = {}
        self._scopes: dict[ast.AST, Scope] = {}

    def around(self, node: ast.AST) -> Scope:
        """The function or module that a node is in."""
        parents = self._index.parents
        first = parent = parents[node]
        if first not in self._scopes:
            while parent.__class__ not in _SCOPES:
                parent = parents[parent]
            self._scopes[first] = parent  # type: ignore[assignment]  # of one of these types
        return self._scopes[first]

    def parameters(self, function: ast.FunctionDef) -> frozenset[str]:
        """The names of the parameters of a function."""
        if function not in self._parameters:
            arguments = function.args
            every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            self._parameters[function] = frozenset(each.arg for each in every)
        return self._parameters[function]

    def of(self, scope: ast.AST, name: str) -> Sequence[tuple[ast.expr, Path]]:
        """The values that a name is bound to in a scope, each with what is taken from the value."""
        return self._bindings.get(scope, {}).get(name, ())

    def is_bound(self, first: Scope, name: str) -> bool:
        """Whether a name is bound to a value where a scope sees it; it may be a parameter or an import there."""
        scope: Scope | None = first
        while scope is not None:
            if self.of(scope, name):
                return True
            is_outermost = isinstance(scope, ast.Module) or name in self.parameters(scope)
            scope = None if is_outermost else self.around(scope)
        return False

    @cached_property
    def imported(self) -> Mapping[str, str]:
        """The names that the file imports, with what they are called where they come from."""
        return {bound_by(alias): alias.name for alias in self._index.of(ast.alias)}

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of classes and functions at the top of the file."""
        return frozenset(node.name for node in self._index.tree.body if isinstance(node, _DEFINITIONS))

    @cached_property
    def _bindings(self) -> Mapping[ast.AST, Mapping[str, list[tuple[ast.expr, Path]]]]:
        """The bindings of all scopes at once: a walk through one is long, and few names are bound."""
        found: defaultdict[ast.AST, defaultdict[str, list[tuple[ast.expr, Path]]]] = defaultdict(_by_name)
        for statement in self._index.of(ast.Assign):
            for target in statement.targets:
                if not isinstance(target, (ast.Attribute, ast.Subscript)):
                    names = found[self._home(statement)]
                    for name, path in _targets(target, ()):
                        names[name].append((statement.value, path))
        loops: list[ast.For | ast.comprehension] = [*self._index.of(ast.For), *self._index.of(ast.comprehension)]
        for loop in loops:
            names = found[self._home(loop)]
            for name, path in _targets(loop.target, (ELEMENT,)):
                names[name].append((loop.iter, path))
        return found

    def _home(self, node: ast.AST) -> ast.AST:
        """The function, class or module that a node is in the body of; some node that is none for a default."""
        parents = self._index.parents
        parent = parents[node]
        while parent.__class__ not in _HOMES:
            node, parent = parent, parents[parent]
        return parent if isinstance(node, ast.stmt) else node


def _by_name() -> defaultdict[str, list[tuple[ast.expr, Path]]]:
    return defaultdict(list)


def _targets(target: ast.expr, path: Path) -> Iterator[tuple[str, Path]]:
    """The names that a target binds, with the way to what each of them gets."""
    if isinstance(target, ast.Name):
        yield target.id, path
    elif isinstance(target, (ast.Tuple, ast.List)) and not has_star(target):
        for position, each in enumerate(target.elts):
            yield from _targets(each, (*path, position))
