"""Where a value of one file comes from, by name: the roles that `hints` follows through the project."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.asked import EVERY_NAME
from archaeologist_tools.project.displays import DISPLAYS, held
from archaeologist_tools.project.tuple_syntax import is_tuple
from archaeologist_tools.project.value_bindings import ValueBindings
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
from archaeologist_tools.source.index import called

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from archaeologist_tools.project.value_bindings import Scope
    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.source.index import Index

Source: TypeAlias = bool | str
_NO_TUPLE: frozenset[Source] = frozenset({False})
# How many names a value is followed through inside of one file.
_DEEPEST = 4
LONGEST_PATH = 3
_TEXT_LISTS = frozenset({"split", "rsplit", "splitlines", "readlines", "listdir", "keys", "partition", "rpartition"})
_SAME_ELEMENTS = frozenset({"list", "sorted", "set", "frozenset", "reversed", "tuple", "iter"})
_LOOKED_UP = frozenset({"get", "pop", "setdefault"})
TAKEN_APART = _TEXT_LISTS | _SAME_ELEMENTS | {"items", "values", "enumerate", "zip"}


class ValueSources:
    """Where values of one file come from.

    Args:
        index: the file's index.
        functions: names of functions and classes; what others give is not told.
        bindings: what the names of the file are bound to, where somebody has it.
    """

    def __init__(
        self, index: Index, functions: Container[str] = EVERY_NAME, bindings: ValueBindings | None = None
    ) -> None:
        self._index, self._functions = index, functions
        self._bindings = bindings or ValueBindings(index)
        self._names: dict[tuple[ast.AST, str, int, Path], set[Source]] = {}
        self._held: dict[tuple[ast.AST, str], set[Source]] = {}

    def of(self, value: ast.expr, path: Path = ()) -> set[Source]:
        """What an expression is, or what is taken from it is, as `is_tuple` tells, or the keys of what it may be."""
        if isinstance(value, ast.Name):
            return self._named(value, path, 1)
        found: set[Source] = set()
        self._add(value, path, 0, found)
        return found

    def held_apart(self, name: ast.Name) -> set[Source]:
        """What a name holds, other than what comes from where its value does."""
        place = self._bindings.around(name), name.id
        if place not in self._held:
            parts = self.of(name, (ELEMENT,)) if self._bindings.is_bound(*place) else set()
            self._held[place] = parts - parts_of(self.of(name), (ELEMENT,)) if parts else parts
        return self._held[place]

    def _add(self, value: ast.expr, path: Path, depth: int, found: set[Source]) -> None:
        if isinstance(value, ast.Constant):
            if not path and value.value is not None:
                found |= _NO_TUPLE
        elif not path and (verdict := is_tuple(value)) is not None:
            found.add(verdict)
            if (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Attribute)
                and called(value) in self._functions
            ):
                # A class of the project may have a method of that name, too.
                found.add(result(called(value)))
        elif depth <= _DEEPEST:
            self._add_untold(value, path, depth, found)

    def _add_untold(self, value: ast.expr, path: Path, depth: int, found: set[Source]) -> None:
        """Add the sources of what its own syntax does not tell."""
        if isinstance(value, ast.Name):
            found |= self._named(value, path, depth + 1)
        elif isinstance(value, ast.Call):
            self._add_result(value, path, depth + 1, found)
        elif isinstance(value, (ast.BoolOp, ast.IfExp)):
            for each in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                self._add(each, path, depth + 1, found)
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
        if isinstance(value, ast.Attribute) and getattr(value.value, "id", "") in self._bindings.imported:
            found.add(part(variable(value.attr), path))

    def _named(self, name: ast.Name, path: Path, depth: int) -> set[Source]:
        """The sources of a name, or of what is taken from it: a parameter, or everything that is bound to it."""
        scope = self._bindings.around(name)
        key = (scope, name.id, depth, path)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = set()
            self._follow(scope, name.id, path, depth, found)
        return found

    def _follow(self, scope: Scope, name: str, path: Path, depth: int, found: set[Source]) -> None:
        bindings = self._bindings
        bound = bindings.of(scope, name)
        for source, steps in bound:
            if len(steps) + len(path) <= LONGEST_PATH:
                self._add(source, (*steps, *path), depth, found)
        if isinstance(scope, ast.FunctionDef):
            if name in bindings.parameters(scope):
                found.add(part(argument(known_as(scope, self._index), name), path))
            elif not bound:
                self._follow(bindings.around(scope), name, path, depth, found)
        elif not bound and name in bindings.imported:
            found.add(part(variable(bindings.imported[name]), path))
        elif not bound and not path and name in bindings.defined:
            found |= _NO_TUPLE


def parts_of(whole: Iterable[Source], path: Path) -> set[Source]:
    """The keys of what is taken from a value, from those that the value may be."""
    return {part(source, path) for source in whole if isinstance(source, str)}
