"""What the places of a project that hand a value on say of it, by name: is it ever a tuple?

One key stands for all values with one role: an argument of functions of a name, an attribute, a key of mappings, a
result of functions of a name. A place that can be read either shows that the value is no tuple, or that it is one, or
says nothing. Read off the syntax, because all places of all files are looked at; `value_flow` puts together what the
files show.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist_tools.project.asked import EVERY_NAME
from archaeologist_tools.project.displays import DISPLAYS, has_star
from archaeologist_tools.project.value_keys import (
    ELEMENT,
    PART_ENDS,
    VALUE,
    argument,
    element,
    known_as,
    part,
)  # fmt: skip
from archaeologist_tools.project.value_places import places
from archaeologist_tools.project.value_sources import TAKEN_APART, ValueSources, parts_of
from archaeologist_tools.source.index import called

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from archaeologist_tools.project.value_bindings import ValueBindings
    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.project.value_sources import Source
    from archaeologist_tools.source.index import Index

# What is taken from other values is followed with these themselves.
_CONTAINERS = frozenset({*DISPLAYS, ast.Name, ast.BoolOp, ast.IfExp, ast.Subscript})
_TAKEN_APART = _CONTAINERS | {ast.Call}


@dataclass(frozen=True)
class Hints:
    """What one file shows.

    Attributes:
        plain: keys of values that it shows to be no tuples.
        tuples: keys of values that it shows to be tuples, perhaps.
        flows: pairs of keys: a value of the first role may be one of the second.
    """

    plain: set[str] = field(default_factory=set)
    tuples: set[str] = field(default_factory=set)
    flows: set[tuple[str, str]] = field(default_factory=set)

    def add(self, key: str, sources: Iterable[Source]) -> None:
        """Add what a place shows of the value of a role.

        Args:
            key: the role.
            sources: what the value is, or where it comes from, as `ValueSources.of` has it.
        """
        for source in sources:
            if isinstance(source, str):
                if source != key:
                    self.flows.add((key, source))
            else:
                (self.tuples if source else self.plain).add(key)

    def update(self, other: Hints) -> None:
        """Add what other files show."""
        self.plain.update(other.plain)
        self.tuples.update(other.tuples)
        self.flows.update(other.flows)


def hints(index: Index, functions: Container[str] = EVERY_NAME, bindings: ValueBindings | None = None) -> Hints:
    """Gather what a file shows.

    Args:
        index: the file's index.
        functions: names of functions and classes; of what others are given, and give, nothing is known anyway.
        bindings: what the names of the file are bound to, where somebody has it.
    """
    found = Hints(flows=set(_parameters(index)))
    sources = ValueSources(index, functions, bindings)
    for key, value in places(index, functions):
        if isinstance(value, ast.Constant):
            if value.value is not None:
                found.plain.add(key)
            continue
        whole = sources.of(value)
        found.add(key, whole)
        if value.__class__ in _TAKEN_APART:
            _add_parts(key, value, whole, sources, found)
    return found


def _add_parts(key: str, value: ast.expr, whole: set[Source], sources: ValueSources, found: Hints) -> None:
    """Add what is shown of the parts of a value, other than that they come from where the value itself does."""
    goes_with_it = key[-1:] not in PART_ENDS  # parts of parts of parts are not followed
    if goes_with_it and isinstance(value, ast.Name):
        if parts := sources.held_apart(value):
            found.add(element(key), parts)
        return
    for steps in _steps_into(value):
        parts = sources.of(value, steps)
        found.add(part(key, steps), parts - parts_of(whole, steps) if goes_with_it else parts)


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
