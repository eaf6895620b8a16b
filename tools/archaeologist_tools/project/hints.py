"""What the places of a project that hand a value on say of it, by name: is it ever a tuple?

One key stands for all values with one role: an argument of functions of a name, an attribute, a key of mappings, a
result of functions of a name. A place that can be read either shows that the value is no tuple, or that it is one, or
says nothing. Read off the syntax, because all places of all files are looked at.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from archaeologist_tools.project.value_keys import (
    ELEMENT,
    VALUE,
    argument,
    called,
    known_as,
    part,
    result,
    variable,
)  # fmt: skip
from archaeologist_tools.project.value_places import places
from archaeologist_tools.project.value_sources import DISPLAYS, TAKEN_APART, ValueSources, has_star

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archaeologist_tools.project.value_keys import Path
    from archaeologist_tools.source.index import Index

# A value may hold itself, and its parts are then without an end: no more parts of parts are followed.
_DEEPEST = 2
# What is taken from other values is followed with these themselves.
_CONTAINERS = (*DISPLAYS, ast.Name, ast.BoolOp, ast.IfExp, ast.Subscript)
_TAKEN_APART = (*_CONTAINERS, ast.Call)
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


@dataclass(frozen=True)
class Classes:
    """What the classes of a project say of the values that they make.

    Attributes:
        names: all of them.
        plain: the names of those whose objects are surely no tuples.
        tuples: the names of those whose objects may be tuples.
        inherited: the names of those without a constructor of their own, with their parents.
    """

    names: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    tuples: frozenset[str] = frozenset()
    inherited: Mapping[str, Sequence[str]] = field(default_factory=dict)


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
        for steps in ((), *_steps_into(value)) if isinstance(value, _TAKEN_APART) else _WHOLE:
            role = part(key, (*path, *steps))
            for source in sources.of(value, steps):
                if isinstance(source, str):
                    flows.add((role, source))
                else:
                    (tuples if source else plain).add(role)
    return Hints(frozenset(plain), frozenset(tuples), frozenset(flow for flow in flows if flow[0] != flow[1]))


def _steps_into(value: ast.expr) -> Iterator[Path]:
    """What can be taken from a value that may be a container."""
    if isinstance(value, _CONTAINERS) or (isinstance(value, ast.Call) and called(value) in TAKEN_APART):
        yield (ELEMENT,)
    if isinstance(value, (ast.Dict, ast.DictComp)):
        yield (VALUE,)
    if isinstance(value, ast.Tuple) and not has_star(value):
        yield from ((position,) for position in range(len(value.elts)))


def settled(files: Iterable[Hints], classes: Classes | None = None) -> tuple[set[str], set[str]]:
    """What the files show together: what is known of a value is known of all that it flows into.

    Args:
        files: what each file shows.
        classes: the classes of the project.

    Returns:
        The keys of values that some place shows to be no tuples and none shows to be one; the keys of values that may
        be tuples.
    """
    known = list(files)
    classes = classes or Classes()
    into: dict[str, list[str]] = {}
    for target, source in (flow for file in known for flow in file.flows):
        into.setdefault(source, []).append(target)
    tuples = {key for file in known for key in file.tuples}.union(map(result, classes.tuples))
    tuples = _reached(tuples, into, classes)
    plain = {key for file in known for key in file.plain}
    plain.update(*(map(variable, classes.names), map(result, classes.plain)))
    return _reached(plain, into, classes) - tuples, tuples


def _reached(keys: set[str], into: Mapping[str, Sequence[str]], classes: Classes) -> set[str]:
    """The keys that others flow into, directly or not.

    A value has many parts, and they go where it goes: all known parts of a value are moved at once.
    """
    flows: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for source, targets in into.items():
        whole, taken = _apart(source)
        flows[whole].update((taken, *_apart(target)) for target in targets)
    reached: defaultdict[str, set[str]] = defaultdict(set)
    pending: defaultdict[str, set[str]] = defaultdict(set)
    for whole, parts in map(_apart, keys):
        reached[whole].add(parts)
        pending[whole].add(parts)
    while pending:
        whole, new = pending.popitem()
        # Many places take the same from a value, mostly all of it.
        changed: dict[tuple[str, str], set[str]] = {}
        moves = [(target, new) for target in _given_on(whole, classes)]
        for taken, target, given in flows.get(whole, ()):
            if (taken, given) not in changed:
                changed[taken, given] = _moved(new, taken, given)
            moves.append((target, changed[taken, given]))
        for target, moved in moves:
            if added := moved - reached[target]:
                reached[target] |= added
                pending[target] |= added
    return {f"{whole}{parts}" for whole, found in reached.items() for parts in found}


def _moved(new: set[str], taken: str, given: str) -> set[str]:
    """What parts of a value become that flows on: what holds one thing and is put into another holds it still."""
    depth, start = _depth(given), len(taken)
    rests = (parts[start:] for parts in new if parts.startswith(taken))
    return {f"{given}{rest}" for rest in rests if not rest or depth + _depth(rest) <= _DEEPEST}


@cache
def _depth(parts: str) -> int:
    """How many parts are taken from one another."""
    depth, split = 0, _split(parts)
    while split is not None:
        depth, split = depth + 1, _split(split[0])
    return depth


def _apart(key: str) -> tuple[str, str]:
    """The key of a whole value, and what is taken from it."""
    whole, parts = key, ""
    while (split := _split(whole)) is not None:
        whole, parts = split[0], f"{split[1]}{parts}"
    return whole, parts


def _split(key: str) -> tuple[str, str] | None:
    """A key of a part as the key of what it is taken from, and the last step."""
    if key.endswith((ELEMENT, VALUE)):
        return key[:-2], key[-2:]
    start = key.rfind("(") if key.endswith(")") else -1
    return (key[:start], key[start:]) if start >= 0 and key[start + 1 : -1].isdecimal() else None


def _given_on(key: str, classes: Classes) -> Iterator[str]:
    """Where an argument of a class that has no constructor of its own gets to: to those it is derived from."""
    if key[:1] == "p":
        name, _, place = key[2:].partition(":")
        yield from (argument(parent, place) for parent in classes.inherited.get(name, ()))


def _parameters(index: Index) -> Iterator[tuple[str, str]]:
    """That what is handed over by position is what the parameter at that position gets."""
    for function in index.of(ast.FunctionDef):
        name = known_as(function, index)
        first = isinstance(index.parents[function], ast.ClassDef)
        for position, each in enumerate((*function.args.posonlyargs, *function.args.args)):
            if position >= first:
                yield argument(name, each.arg), argument(name, position - first)
