"""The places of a file that hand a value on: arguments, assignments, results, what is put into containers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.project.value_keys import (
    ELEMENT,
    VALUE,
    argument,
    attribute,
    item,
    known_as,
    result,
    text_of,
    variable,
)  # fmt: skip
from archaeologist_tools.project.value_sources import has_star
from archaeologist_tools.source.index import called, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.source.index import Index


def places(index: Index) -> Iterator[tuple[str, Path, ast.expr]]:
    """The values that are handed on, with the key of where they go and the part of that that they are."""
    imported = (alias for node in index.of(ast.ImportFrom) for alias in node.names)
    renamed = {alias.asname: alias.name for alias in imported if alias.asname}
    for call in index.of(ast.Call):
        function = called(call)
        function = renamed.get(function, function) if isinstance(call.func, ast.Name) else function
        if function == "__init__" and isinstance(call.func, ast.Attribute):
            yield from _constructed(call, call.func.value, index)
            continue
        yield from _handed_over(call, function, call.args)
        for keyword in call.keywords:
            if keyword.arg is not None and function == "dict":
                yield item(keyword.arg), (), keyword.value
        if isinstance(call.func, ast.Attribute) and function in {"append", "add"} and len(call.args) == 1:
            yield from ((key, (ELEMENT,), call.args[0]) for key in _kept_in(call.func.value))
    yield from _defaults(index)
    yield from _stores(index)
    yield from _given_back(index)


def _defaults(index: Index) -> Iterator[tuple[str, Path, ast.expr]]:
    for function in index.of(ast.FunctionDef):
        name, arguments = known_as(function, index), function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
        pairs += [
            (each, default)
            for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default
        ]
        yield from ((argument(name, each.arg), (), default) for each, default in pairs)


def _given_back(index: Index) -> Iterator[tuple[str, Path, ast.expr]]:
    nodes: list[ast.Return | ast.Yield] = [*index.of(ast.Return), *index.of(ast.Yield)]
    for node in nodes:
        if node.value is not None:
            path = () if isinstance(node, ast.Return) else (ELEMENT,)
            for parent in index.ancestors(node):
                if isinstance(parent, ast.FunctionDef):
                    is_property = any(dotted(each).endswith("property") for each in parent.decorator_list)
                    yield (attribute if is_property else result)(parent.name), path, node.value


def _handed_over(call: ast.Call, function: str, values: Sequence[ast.expr]) -> Iterator[tuple[str, Path, ast.expr]]:
    for position, value in enumerate(values):
        if isinstance(value, ast.Starred):
            break
        yield argument(function, position), (), value
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield argument(function, keyword.arg), (), keyword.value


def _constructed(call: ast.Call, receiver: ast.expr, index: Index) -> Iterator[tuple[str, Path, ast.expr]]:
    """What `super().__init__(a)` and `Parent.__init__(self, a)` hand over, to the parents."""
    if isinstance(receiver, ast.Call) and called(receiver) == "super":
        owner = next((each for each in index.ancestors(call) if isinstance(each, ast.ClassDef)), None)
        for base in owner.bases if owner else ():
            yield from _handed_over(call, dotted(base).rpartition(".")[2], call.args)
    else:
        yield from _handed_over(call, dotted(receiver).rpartition(".")[2], call.args[1:])


def _stores(index: Index) -> Iterator[tuple[str, Path, ast.expr]]:
    for statement in index.of(ast.Assign):
        for target in statement.targets:
            yield from _stored(target, statement.value, index.parents[statement])
    for annotated in index.of(ast.AnnAssign):
        if annotated.value is not None:
            yield from _stored(annotated.target, annotated.value, index.parents[annotated])
    for mapping in index.of(ast.Dict):
        for node, value in zip(mapping.keys, mapping.values, strict=True):
            if node is not None and (key := text_of(node)):
                yield item(key), (), value


def _stored(target: ast.expr, value: ast.expr, parent: ast.AST) -> Iterator[tuple[str, Path, ast.expr]]:
    if isinstance(target, ast.Attribute):
        yield attribute(target.attr), (), value
    elif isinstance(target, ast.Subscript):
        if key := text_of(target.slice):
            yield item(key), (), value
        elif not isinstance(target.slice, ast.Slice):
            yield from ((key, (step,), value) for key in _kept_in(target.value) for step in (ELEMENT, VALUE))
    elif isinstance(target, ast.Name) and isinstance(parent, ast.ClassDef):
        yield attribute(target.id), (), value
    elif isinstance(target, ast.Name) and isinstance(parent, ast.Module):
        yield variable(target.id), (), value
    elif isinstance(target, (ast.Tuple, ast.List)) and not has_star(target):
        apart = isinstance(value, ast.Tuple) and not has_star(value) and len(value.elts) == len(target.elts)
        for position, each in enumerate(target.elts):
            if isinstance(each, ast.Attribute):
                found = value.elts[position] if apart else ast.Subscript(value, ast.Constant(position), ast.Load())  # type: ignore[attr-defined]  # a tuple
                yield attribute(each.attr), (), found


def _kept_in(container: ast.expr) -> Iterator[str]:
    """The key of a container that others see, too: an attribute, or what a mapping has under a key."""
    if isinstance(container, ast.Attribute):
        yield attribute(container.attr)
    elif isinstance(container, ast.Subscript) and (key := text_of(container.slice)):
        yield item(key)
