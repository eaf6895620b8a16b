"""What the places of a project that hand a value on say of it, by name: is it ever a tuple?

One key stands for all values with one role: an argument of functions of a name, an attribute, a key of mappings, a
result of functions of a name. A place that can be read either shows that the value is no tuple, or that it is one, or
says nothing. Read off the syntax, because all places of all files are looked at; `value_flow` puts together what the
files show.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.project.value_keys import (
    ELEMENT,
    VALUE,
    argument,
    known_as,
    part,
)  # fmt: skip
from archaeologist_tools.project.value_places import places
from archaeologist_tools.project.value_sources import DISPLAYS, TAKEN_APART, ValueSources, has_star
from archaeologist_tools.source.index import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.source.index import Index

# What is taken from other values is followed with these themselves.
_CONTAINERS = frozenset({*DISPLAYS, ast.Name, ast.BoolOp, ast.IfExp, ast.Subscript})
_TAKEN_APART = _CONTAINERS | {ast.Call}
_WHOLE: tuple[Path, ...] = ((),)


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
    for key, path, value in places(index):
        if isinstance(value, ast.Constant):
            plain.update(() if value.value is None else (part(key, path),))
            continue
        for steps in ((), *_steps_into(value)) if value.__class__ in _TAKEN_APART else _WHOLE:
            role = part(key, (*path, *steps))
            for source in sources.of(value, steps):
                if isinstance(source, str):
                    flows.add((role, source))
                else:
                    (tuples if source else plain).add(role)
    return Hints(frozenset(plain), frozenset(tuples), frozenset(flow for flow in flows if flow[0] != flow[1]))


def _steps_into(value: ast.expr) -> Iterator[Path]:
    """What can be taken from a value that may be a container."""
    if value.__class__ in _CONTAINERS or (isinstance(value, ast.Call) and called(value) in TAKEN_APART):
        yield (ELEMENT,)
    if isinstance(value, (ast.Dict, ast.DictComp)):
        yield (VALUE,)
    if isinstance(value, ast.Tuple) and not has_star(value):
        yield from ((position,) for position in range(len(value.elts)))


def _parameters(index: Index) -> Iterator[tuple[str, str]]:
    """That what is handed over by position is what the parameter at that position gets."""
    for function in index.of(ast.FunctionDef):
        name = known_as(function, index)
        first = isinstance(index.parents[function], ast.ClassDef)
        for position, each in enumerate((*function.args.posonlyargs, *function.args.args)):
            if position >= first:
                yield argument(name, each.arg), argument(name, position - first)
