"""Where a value of one file comes from, by name: the roles that `hints` follows through the project."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.asked import EVERY_NAME
from archaeologist_tools.project.displays import DISPLAYS, has_star, held
from archaeologist_tools.project.tuple_syntax import is_tuple
from archaeologist_tools.project.value_keys import (
    ELEMENT,
    VALUE,
    argument,
    item,
    key_of_role,
    known_as,
    part,
    result,
    text_of,
    variable,
)  # fmt: skip
from archaeologist_tools.source.index import bound_by, called

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.source.index import Index

_Scope: TypeAlias = ast.FunctionDef | ast.Module
Source: TypeAlias = bool | str
_NO_TUPLE: frozenset[Source] = frozenset({False})
_SCOPES = frozenset({ast.FunctionDef, ast.Module})
_HOMES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module})
# How many names a value is followed through inside of one file.
_DEEPEST = 4
LONGEST_PATH = 3
_TEXT_LISTS = frozenset({"split", "rsplit", "splitlines", "readlines", "listdir", "keys", "partition", "rpartition"})
_SAME_ELEMENTS = frozenset({"list", "sorted", "set", "frozenset", "reversed", "tuple", "iter"})
_LOOKED_UP = frozenset({"get", "pop", "setdefault"})
TAKEN_APART = _TEXT_LISTS | _SAME_ELEMENTS | {"items", "values", "enumerate", "zip"}
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class ValueSources:
    """Where values of one file come from.

    Args:
        index: the file's index.
        functions: names of functions and classes; what others give is not told.
    """

    def __init__(self, index: Index, functions: Container[str] = EVERY_NAME) -> None:
        self._index, self._functions = index, functions
        self._parameters: dict[ast.FunctionDef, frozenset[str]] = {}
        self._names: dict[tuple[ast.AST, str, int, Path], set[Source]] = {}

    def of(self, value: ast.expr, path: Path = ()) -> set[Source]:
        """What an expression is, or what is taken from it is, as `is_tuple` tells, or the keys of what it may be."""
        if isinstance(value, ast.Name):
            return self._named(value, path, 1)
        found: set[Source] = set()
        self._add(value, path, 0, found)
        return found

    def _add(self, value: ast.expr, path: Path, depth: int, found: set[Source]) -> None:
        if not path and (verdict := is_tuple(value)) is not None:
            found.add(verdict)
            if (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Attribute)
                and called(value) in self._functions
            ):
                # A class of the project may have a method of that name, too.
                found.add(result(called(value)))
        elif depth > _DEEPEST:
            return
        elif isinstance(value, (ast.BoolOp, ast.IfExp)):
            for each in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                self._add(each, path, depth + 1, found)
        elif isinstance(value, ast.Name):
            found |= self._named(value, path, depth + 1)
        elif isinstance(value, ast.Call):
            self._add_result(value, path, depth + 1, found)
        elif isinstance(value, ast.Subscript) and not text_of(value.slice):
            # Whether it is a list or a mapping is not told here.
            for step in (ELEMENT, VALUE) if not isinstance(value.slice, ast.Slice) else ():
                self._add(value.value, (step, *path), depth + 1, found)
        elif path and isinstance(value, DISPLAYS):
            for each in held(value, path[0]):
                self._add(each, path[1:], depth + 1, found)
        else:
            self._add_keys(value, path, found)

    def _add_result(self, call: ast.Call, path: Path, depth: int, found: set[Source]) -> None:
        name = called(call)
        if name in _LOOKED_UP and isinstance(call.func, ast.Attribute):
            self._add_looked_up(call, call.func.value, path, depth, found)
        elif path and name in TAKEN_APART:
            self._add_taken_apart(call, path, depth, found)
        else:
            self._add_keys(call, path, found)

    def _add_looked_up(self, call: ast.Call, mapping: ast.expr, path: Path, depth: int, found: set[Source]) -> None:
        """What `mapping.get(key, default)` gives: what the mapping has under the key, or the default."""
        if call.args and (key := text_of(call.args[0])):
            found.add(part(item(key), path))
        else:
            self._add_keys(call, path, found)
            self._add(mapping, (VALUE if call.args else ELEMENT, *path), depth, found)
        for default in call.args[1:]:
            self._add(default, path, depth, found)

    def _add_taken_apart(self, call: ast.Call, path: Path, depth: int, found: set[Source]) -> None:
        """What is taken from the result of a call that gives texts, or what its arguments hold."""
        name, step, rest = called(call), path[0], path[1:]
        if name in _TEXT_LISTS:
            found |= set() if rest else _NO_TUPLE
        elif name in _SAME_ELEMENTS and call.args:
            self._add(call.args[0], path, depth, found)
        elif name == "values" and isinstance(call.func, ast.Attribute):
            self._add(call.func.value, (VALUE, *rest), depth, found)
        elif name == "items" and isinstance(call.func, ast.Attribute) and rest[:1] in {(0,), (1,)}:
            self._add(call.func.value, (step if rest[0] == 0 else VALUE, *rest[1:]), depth, found)
        elif name == "enumerate" and rest[:1] == (0,):
            found |= _NO_TUPLE
        elif name in {"enumerate", "zip"} and rest and isinstance(rest[0], int):
            place = 0 if name == "enumerate" else rest[0]
            if place < len(call.args):
                self._add(call.args[place], (step, *rest[1:]), depth, found)

    def _add_keys(self, value: ast.expr, path: Path, found: set[Source]) -> None:
        if isinstance(value, ast.Call) and called(value) not in self._functions:
            return
        key = key_of_role(value)
        if not key or len(path) > LONGEST_PATH:
            return
        found.add(part(key, path))
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id in self._imported:
            found.add(part(variable(value.attr), path))

    @cached_property
    def _imported(self) -> dict[str, str]:
        """The names that the file imports, with what they are called where they come from."""
        return {bound_by(alias): alias.name for alias in self._index.of(ast.alias)}

    def _named(self, name: ast.Name, path: Path, depth: int) -> set[Source]:
        """The sources of a name, or of what is taken from it: a parameter, or everything that is bound to it."""
        scope = self._scope_around(name)
        key = (scope, name.id, depth, path)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = set()
            self._follow(scope, name.id, path, depth, found)
        return found

    def binds(self, name: ast.Name) -> bool:
        """Whether the file binds a name to a value where the name is seen; it may do so as a parameter or an import."""
        scope: _Scope | None = self._scope_around(name)
        while scope is not None:
            if name.id in self._bindings.get(scope, ()):
                return True
            is_outermost = isinstance(scope, ast.Module) or name.id in self._parameters_of(scope)
            scope = None if is_outermost else self._scope_around(scope)
        return False

    def _follow(self, scope: _Scope, name: str, path: Path, depth: int, found: set[Source]) -> None:
        bound = self._bindings.get(scope, {}).get(name, ())
        for source, steps in bound:
            if len(steps) + len(path) <= LONGEST_PATH:
                self._add(source, (*steps, *path), depth, found)
        if isinstance(scope, ast.FunctionDef):
            if name in self._parameters_of(scope):
                found.add(part(argument(known_as(scope, self._index), name), path))
            elif not bound:
                self._follow(self._scope_around(scope), name, path, depth, found)
        elif not bound and name in self._imported:
            found.add(part(variable(self._imported[name]), path))
        elif not bound and not path and name in self._defined:
            found |= _NO_TUPLE

    def _scope_around(self, node: ast.AST) -> _Scope:
        parents = self._index.parents
        node = parents[node]
        while node.__class__ not in _SCOPES:
            node = parents[node]
        return node  # type: ignore[return-value]  # of one of these types

    def _parameters_of(self, function: ast.FunctionDef) -> frozenset[str]:
        if function not in self._parameters:
            self._parameters[function] = _parameter_names(function)
        return self._parameters[function]

    @cached_property
    def _defined(self) -> frozenset[str]:
        """The names of classes and functions at the top of the file."""
        return frozenset(node.name for node in self._index.tree.body if isinstance(node, _DEFINITIONS))

    @cached_property
    def _bindings(self) -> Mapping[ast.AST, Mapping[str, list[tuple[ast.expr, Path]]]]:
        """The values that names are bound to by scope and name, each with what is taken from the value.

        Those of all scopes at once: a walk through one is long, and few names are bound.
        """
        found: defaultdict[ast.AST, defaultdict[str, list[tuple[ast.expr, Path]]]] = defaultdict(_by_name)
        for statement in self._index.of(ast.Assign):
            for target in statement.targets:
                for name, path in _targets(target, ()):
                    found[self._home(statement)][name].append((statement.value, path))
        loops: list[ast.For | ast.comprehension] = [*self._index.of(ast.For), *self._index.of(ast.comprehension)]
        for loop in loops:
            for name, path in _targets(loop.target, (ELEMENT,)):
                found[self._home(loop)][name].append((loop.iter, path))
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


def _parameter_names(function: ast.FunctionDef) -> frozenset[str]:
    arguments = function.args
    return frozenset(each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
