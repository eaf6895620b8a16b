"""The places of a file that hand a value on: arguments, assignments, results, what is put into containers.

A file has a hundred of them, so they are put into a list, and handed through no chain of generators.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.displays import has_star
from archaeologist_tools.project.value_keys import (
    argument,
    attribute,
    element,
    held,
    item,
    known_as,
    result,
    text_of,
    variable,
)  # fmt: skip
from archaeologist_tools.source.index import called, dotted

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from archaeologist_tools.source.index import Index

# The key of where a value goes, and the value.
_Places: TypeAlias = list[tuple[str, ast.expr]]


def places(index: Index, functions: Container[str]) -> _Places:
    """The values that are handed on, each with the key of where it goes, or of what it is a part of there.

    Args:
        index: the index of the file.
        functions: names of functions and classes; of what others are given nothing is told.
    """
    found: _Places = []
    _add_calls(index, functions, found)
    _add_defaults(index, found)
    _add_stores(index, found)
    _add_results(index, found)
    return found


def _add_calls(index: Index, functions: Container[str], found: _Places) -> None:
    imported = (alias for node in index.of(ast.ImportFrom) for alias in node.names)
    renamed = {alias.asname: alias.name for alias in imported if alias.asname}
    for call in index.of(ast.Call):
        function, owner = called(call), call.func.value if isinstance(call.func, ast.Attribute) else None
        if owner is None:
            function = renamed.get(function, function) if isinstance(call.func, ast.Name) else function
        elif function == "__init__":
            for base, values in _constructed(call, owner, index):
                if base in functions:
                    _add_arguments(call, base, values, found)
            continue
        elif function in {"append", "add"} and len(call.args) == 1:
            found += [(element(key), call.args[0]) for key in _kept_in(owner)]
        if function in functions:
            _add_arguments(call, function, call.args, found)
        if function == "dict":
            found += [(item(keyword.arg), keyword.value) for keyword in call.keywords if keyword.arg is not None]


def _add_arguments(call: ast.Call, function: str, values: Sequence[ast.expr], found: _Places) -> None:
    for position, value in enumerate(values):
        if isinstance(value, ast.Starred):
            break
        found.append((argument(function, position), value))
    for keyword in call.keywords:
        if keyword.arg is not None:
            found.append((argument(function, keyword.arg), keyword.value))


def _constructed(call: ast.Call, receiver: ast.expr, index: Index) -> Iterator[tuple[str, Sequence[ast.expr]]]:
    """What `super().__init__(a)` and `Parent.__init__(self, a)` hand over by position, with the parents."""
    if isinstance(receiver, ast.Call) and called(receiver) == "super":
        owner = next((each for each in index.ancestors(call) if isinstance(each, ast.ClassDef)), None)
        for base in owner.bases if owner else ():
            yield dotted(base).rpartition(".")[2], call.args
    else:
        yield dotted(receiver).rpartition(".")[2], call.args[1:]


def _add_defaults(index: Index, found: _Places) -> None:
    for function in index.of(ast.FunctionDef):
        arguments = function.args
        if arguments.defaults or arguments.kw_defaults:
            name, positional = known_as(function, index), [*arguments.posonlyargs, *arguments.args]
            pairs = [
                *zip(reversed(positional), reversed(arguments.defaults), strict=False),
                *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
            ]
            found += [(argument(name, each.arg), default) for each, default in pairs if default]


def _add_results(index: Index, found: _Places) -> None:
    for function in index.of(ast.Lambda):
        found += [(result(name), function.body) for name in _names_of(function, index)]
    nodes: list[ast.Return | ast.Yield] = [*index.of(ast.Return), *index.of(ast.Yield)]
    for node in nodes:
        if node.value is not None:
            for parent in index.ancestors(node):
                if isinstance(parent, ast.FunctionDef):
                    is_property = any(dotted(each).endswith("property") for each in parent.decorator_list)
                    key = (attribute if is_property else result)(parent.name)
                    found.append((key if isinstance(node, ast.Return) else element(key), node.value))


def _names_of(function: ast.Lambda, index: Index) -> list[str]:
    """The names that an assignment gives a function without one of its own, as variables and as attributes."""
    statement = index.parents[function]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [
        each.id if isinstance(each, ast.Name) else each.attr
        for each in targets
        if isinstance(each, (ast.Name, ast.Attribute))
    ]


def _add_stores(index: Index, found: _Places) -> None:
    for statement in index.of(ast.Assign):
        for target in statement.targets:
            _add_stored(target, statement.value, index.parents[statement], found)
    for annotated in index.of(ast.AnnAssign):
        if annotated.value is not None:
            _add_stored(annotated.target, annotated.value, index.parents[annotated], found)
    for mapping in index.of(ast.Dict):
        for node, value in zip(mapping.keys, mapping.values, strict=True):
            if node is not None and (key := text_of(node)):
                found.append((item(key), value))


def _add_stored(target: ast.expr, value: ast.expr, parent: ast.AST, found: _Places) -> None:
    if isinstance(target, ast.Name):
        if isinstance(parent, (ast.ClassDef, ast.Module)):
            found.append(((attribute if isinstance(parent, ast.ClassDef) else variable)(target.id), value))
    elif isinstance(target, ast.Attribute):
        found.append((attribute(target.attr), value))
    elif isinstance(target, ast.Subscript):
        if key := text_of(target.slice):
            found.append((item(key), value))
        elif not isinstance(target.slice, ast.Slice):
            found += [(part, value) for key in _kept_in(target.value) for part in (element(key), held(key))]
    elif isinstance(target, (ast.Tuple, ast.List)) and not has_star(target):
        apart = isinstance(value, ast.Tuple) and not has_star(value) and len(value.elts) == len(target.elts)
        for position, each in enumerate(target.elts):
            if isinstance(each, ast.Attribute):
                part = value.elts[position] if apart else ast.Subscript(value, ast.Constant(position), ast.Load())  # type: ignore[attr-defined]  # a tuple
                found.append((attribute(each.attr), part))


def _kept_in(container: ast.expr) -> list[str]:
    """The key of a container that others see, too: an attribute, or what a mapping has under a key."""
    if isinstance(container, ast.Attribute):
        return [attribute(container.attr)]
    key = text_of(container.slice) if isinstance(container, ast.Subscript) else ""
    return [item(key)] if key else []
