"""What the places of a project that hand a value on say of it, by name: is it ever a tuple?

One key stands for all values with one role: an argument of functions of a name, an attribute, a key of mappings, a
result of functions of a name. A place that can be read either shows that the value is no tuple, or that it is one, or
says nothing. Read off the syntax, because all places of all files are looked at.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.project.value_keys import (
    ELEMENT,
    argument,
    attribute,
    called,
    element,
    item,
    known_as,
    result,
    text_of,
)  # fmt: skip
from archaeologist_tools.project.value_sources import ValueSources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.source.index import Index


@dataclass(frozen=True)
class Hints:
    """What one file shows.

    Attributes:
        plain: keys of values that it shows to be no tuples.
        tuples: keys of values that it shows to be tuples, perhaps.
        flows: pairs of keys: a value of the first role may be one of the second.
    """

    plain: frozenset[str]
    tuples: frozenset[str]
    flows: frozenset[tuple[str, str]]


def hints(index: Index) -> Hints:
    """Gather what a file shows."""
    plain: set[str] = set()
    tuples: set[str] = set()
    flows: set[tuple[str, str]] = set(_parameters(index))
    sources = ValueSources(index)
    for key, value in _places(index):
        inside = key.endswith(ELEMENT)
        if isinstance(value, ast.Constant):
            plain.update(() if inside or value.value is None else (key,))
            continue
        shown = [(key, sources.elements(value) if inside else sources.of(value))]
        if not inside and not isinstance(value, ast.JoinedStr):
            # It may be a container: what holds for what it holds is told, too.
            shown.append((element(key), sources.elements(value)))
        for role, found in shown:
            for source in found:
                if isinstance(source, str):
                    flows.add((role, source))
                else:
                    (tuples if source else plain).add(role)
    return Hints(frozenset(plain), frozenset(tuples), frozenset(flow for flow in flows if flow[0] != flow[1]))


def settled(files: Iterable[Hints]) -> tuple[set[str], set[str]]:
    """What the files show together: what is known of a value is known of all that it flows into.

    Returns:
        The keys of values that some place shows to be no tuples and none shows to be one; the keys of values that may
        be tuples.
    """
    known = list(files)
    into: dict[str, list[str]] = {}
    for target, source in (flow for file in known for flow in file.flows):
        into.setdefault(source, []).append(target)
        # What holds one thing and is put into another holds it still.
        into.setdefault(element(source), []).append(element(target))
    tuples = _reached({key for file in known for key in file.tuples}, into)
    return _reached({key for file in known for key in file.plain}, into) - tuples, tuples


def _reached(keys: set[str], into: dict[str, list[str]]) -> set[str]:
    reached, pending = set(keys), list(keys)
    while pending:
        for target in into.get(pending.pop(), ()):
            if target not in reached:
                reached.add(target)
                pending.append(target)
    return reached


def _parameters(index: Index) -> Iterator[tuple[str, str]]:
    """That what is handed over by position is what the parameter at that position gets."""
    for function in index.of(ast.FunctionDef):
        name = known_as(function, index)
        first = isinstance(index.parents[function], ast.ClassDef)
        for position, each in enumerate((*function.args.posonlyargs, *function.args.args)):
            if position >= first:
                yield argument(name, each.arg), argument(name, position - first)


def _places(index: Index) -> Iterator[tuple[str, ast.expr]]:
    for call in index.of(ast.Call):
        function = called(call)
        starred = False
        for position, value in enumerate(call.args):
            starred = starred or isinstance(value, ast.Starred)
            if not starred:
                yield argument(function, position), value
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield argument(function, keyword.arg), keyword.value
                if function == "dict":
                    yield item(keyword.arg), keyword.value
        if isinstance(call.func, ast.Attribute) and function in {"append", "add"} and len(call.args) == 1:
            yield from _put_in(call.func.value, call.args[0])
    yield from _stores(index)
    for statement in index.of(ast.Return):
        if statement.value is not None:
            for parent in index.ancestors(statement):
                if isinstance(parent, ast.FunctionDef):
                    yield result(parent.name), statement.value


def _stores(index: Index) -> Iterator[tuple[str, ast.expr]]:
    for statement in index.of(ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Attribute):
                yield attribute(target.attr), statement.value
            elif isinstance(target, ast.Subscript) and (key := text_of(target.slice)):
                yield item(key), statement.value
            elif isinstance(target, ast.Name) and isinstance(index.parents[statement], ast.ClassDef):
                yield attribute(target.id), statement.value
    for mapping in index.of(ast.Dict):
        for node, value in zip(mapping.keys, mapping.values, strict=True):
            if node is not None and (key := text_of(node)):
                yield item(key), value


def _put_in(container: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """What is put into a list that is an attribute."""
    if isinstance(container, ast.Attribute):
        yield element(attribute(container.attr)), ast.List([value], ast.Load())
