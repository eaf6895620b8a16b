"""Where a value of one file comes from, by name: the roles that `hints` follows through the project."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.inference.known import BUILTINS, NO_TUPLE_METHODS
from archaeologist_tools.project.value_keys import argument, called, element, key_of_role, known_as, result, text_of
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.source.index import Index

_Scope: TypeAlias = ast.FunctionDef | ast.Module
_Source: TypeAlias = bool | str
_NO_TUPLE = frozenset({False})
_SCOPES = frozenset({ast.FunctionDef, ast.Module})
_HOMES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module})
# How many names a value is followed through inside of one file.
_DEEPEST = 4
_NO_TUPLES = (
    ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Lambda,
    ast.Compare, ast.UnaryOp,
)  # fmt: skip
_NO_TUPLE_OPERATORS = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift)
_TEXT_METHODS = NO_TUPLE_METHODS | {"join", "format", "replace", "split", "read", "readline", "readlines", "find"}
_TEXT_LISTS = frozenset({"split", "rsplit", "splitlines", "readlines", "listdir", "keys", "partition", "rpartition"})
_SAME_ELEMENTS = frozenset({"list", "sorted", "set", "frozenset", "reversed", "tuple", "iter"})
_TUPLE_FUNCTIONS = frozenset({"split", "splitext", "splitdrive"})


class ValueSources:
    """Where values of one file come from.

    Args:
        index: the file's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._parameters: dict[ast.FunctionDef, frozenset[str]] = {}
        self._names: dict[tuple[ast.AST, str, int, bool], set[_Source]] = {}

    def of(self, value: ast.expr) -> set[_Source]:
        """What an expression is, as `is_tuple` tells, or the keys of what it may be."""
        found: set[_Source] = set()
        self._add(value, 0, found)
        return found

    def elements(self, value: ast.expr) -> set[_Source]:
        """What a container holds, in the same terms."""
        found: set[_Source] = set()
        self._add_elements(value, 0, found)
        return found

    def _add(self, value: ast.expr, depth: int, found: set[_Source]) -> None:
        verdict = is_tuple(value)
        if verdict is not None:
            found.add(verdict)
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                # A class of the project may have a method of that name, too.
                found.add(result(called(value)))
        elif depth > _DEEPEST:
            return
        elif isinstance(value, (ast.BoolOp, ast.IfExp)):
            for part in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                self._add(part, depth + 1, found)
        elif isinstance(value, ast.Name):
            found |= self._named(value, depth + 1, inside=False)
        elif isinstance(value, ast.Subscript) and not text_of(value.slice):
            if not isinstance(value.slice, ast.Slice):
                self._add_elements(value.value, depth + 1, found)
        elif key := key_of_role(value):
            found.add(key)

    def _add_elements(self, value: ast.expr, depth: int, found: set[_Source]) -> None:
        if depth > _DEEPEST:
            return
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            for part in value.elts:
                self._add(part, depth + 1, found)
        elif isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            self._add(value.elt, depth + 1, found)
        elif isinstance(value, ast.Call) and called(value) in _SAME_ELEMENTS and value.args:
            self._add_elements(value.args[0], depth + 1, found)
        elif isinstance(value, ast.Call) and called(value) in _TEXT_LISTS:
            found |= _NO_TUPLE
        elif isinstance(value, (ast.BoolOp, ast.IfExp)):
            for part in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                self._add_elements(part, depth + 1, found)
        elif isinstance(value, ast.Name):
            found |= self._named(value, depth + 1, inside=True)
        elif key := key_of_role(value):
            found.add(element(key))

    def _named(self, name: ast.Name, depth: int, *, inside: bool) -> set[_Source]:
        """The sources of a name, or of what it holds: a parameter, or everything that is bound to it."""
        scope = self._scope_around(name)
        key = (scope, name.id, depth, inside)
        if key not in self._names:
            found: set[_Source] = set()
            self._names[key] = found
            self._follow(scope, name.id, depth, found, inside=inside)
        return self._names[key]

    def _follow(self, scope: _Scope, name: str, depth: int, found: set[_Source], *, inside: bool) -> None:
        bound = self._bindings.get(scope, {}).get(name, ())
        for source, is_element in bound:
            if not (inside and is_element):
                (self._add_elements if inside or is_element else self._add)(source, depth, found)
        if isinstance(scope, ast.FunctionDef):
            if name in self._parameters_of(scope):
                key = argument(known_as(scope, self._index), name)
                found.add(element(key) if inside else key)
            elif not bound:
                self._follow(self._scope_around(scope), name, depth, found, inside=inside)

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
    def _bindings(self) -> Mapping[ast.AST, Mapping[str, list[tuple[ast.expr, bool]]]]:
        """The values that names are bound to by scope and name, each with whether it is one of the value's elements.

        Those of all scopes at once: a walk through one is long, and few names are bound.
        """
        found: defaultdict[ast.AST, defaultdict[str, list[tuple[ast.expr, bool]]]] = defaultdict(_by_name)
        for statement in self._index.of(ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found[self._home(statement)][target.id].append((statement.value, False))
        loops: list[ast.For | ast.comprehension] = [*self._index.of(ast.For), *self._index.of(ast.comprehension)]
        for loop in loops:
            if isinstance(loop.target, ast.Name):
                found[self._home(loop)][loop.target.id].append((loop.iter, True))
        return found

    def _home(self, node: ast.AST) -> ast.AST:
        """The function, class or module that a node is in the body of; some node that is none for a default."""
        parents = self._index.parents
        parent = parents[node]
        while parent.__class__ not in _HOMES:
            node, parent = parent, parents[parent]
        return parent if isinstance(node, ast.stmt) else node


def _by_name() -> defaultdict[str, list[tuple[ast.expr, bool]]]:
    return defaultdict(list)


def _parameter_names(function: ast.FunctionDef) -> frozenset[str]:
    arguments = function.args
    return frozenset(each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def is_tuple(node: ast.expr) -> bool | None:
    """Whether an expression may be a tuple of one value, or surely is no tuple; None when nothing can be told."""
    if isinstance(node, ast.Constant):
        return None if node.value is None else False
    if isinstance(node, _NO_TUPLES):
        return False
    if isinstance(node, ast.Starred):
        return True
    if isinstance(node, ast.Tuple):
        # Two values never fitted one place of a template: such code fails already, and says nothing of the rest.
        starred = any(isinstance(part, ast.Starred) for part in node.elts)
        return True if starred or len(node.elts) == 1 else None
    if isinstance(node, ast.BinOp):
        return _of_operator(node)
    return _of_call(node) if isinstance(node, ast.Call) else None


def _of_operator(node: ast.BinOp) -> bool | None:
    if isinstance(node.op, ast.Mod):
        return False if isinstance(node.left, (ast.Constant, ast.JoinedStr)) else None
    if isinstance(node.op, ast.Add):
        verdicts = {is_tuple(node.left), is_tuple(node.right)}
        return True if True in verdicts else (False if False in verdicts else None)
    return False if isinstance(node.op, _NO_TUPLE_OPERATORS) else None


def _of_call(node: ast.Call) -> bool | None:
    if isinstance(node.func, ast.Name):
        if node.func.id == "tuple":
            return True
        return False if node.func.id in BUILTINS else None
    if not isinstance(node.func, ast.Attribute):
        return None
    head, _, name = dotted(node.func).rpartition(".")
    if head.endswith("path"):
        return None if name in _TUPLE_FUNCTIONS else False
    if node.func.attr == "groups":
        return True
    return False if node.func.attr in _TEXT_METHODS else None
