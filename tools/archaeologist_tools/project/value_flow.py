"""What is known of the values of a role, through the whole project: all that is known of what flows into it.

A project has some ten thousand roles, each with dozens of parts, and most flow into one another: so all parts of a
value are moved at once, as the bits of a number.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.value_keys import ELEMENT, PART_ENDS, VALUE, argument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Sets of parts, each with the roles of which these parts are known: a plain value, and small, as most roles are alike.
KnownParts: TypeAlias = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
# A set of parts, as a number.
_Parts: TypeAlias = int
_Reached: TypeAlias = defaultdict[str, _Parts]
_Flows: TypeAlias = "Mapping[str, Sequence[tuple[_Move, Sequence[str]]]]"

# A value may hold itself, and its parts are then without an end: no more parts of parts are followed.
_DEEPEST = 2


@dataclass(frozen=True)
class ShownValues:
    """What the places of a project show.

    Attributes:
        plain: keys of values that some place shows to be no tuples.
        tuples: keys of values that some place shows to be tuples, perhaps.
        flows: for each key those that have its value, too.
        inherited: the names of classes without a constructor of their own, with their parents.
    """

    plain: Collection[str]
    tuples: Collection[str]
    flows: Mapping[str, Collection[str]]
    inherited: Mapping[str, Sequence[str]]


def known_values(shown: ShownValues) -> tuple[KnownParts, KnownParts]:
    """Move what is shown of values to all that they flow into.

    Returns:
        The values that some place shows to be no tuples and none shows to be one; the values that may be tuples.
    """
    numbering = _Numbering()
    flows = _flows(shown, numbering)
    tuples, plain = _parts_by_role(shown.tuples, numbering), _parts_by_role(shown.plain, numbering)
    order = _order([*tuples, *plain], flows)
    tuples = _reached(tuples, flows, order, defaultdict(int))
    plain = _reached(plain, flows, order, tuples)
    return numbering.spoken(plain), numbering.spoken(tuples)


def by_source(flows: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    """What has the value of each key, from pairs of a key and one whose value it has."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for target, source in flows:
        found[source].add(target)
    return found


class Values:
    """Values of which something is known.

    Args:
        parts: the parts and their roles.
    """

    def __init__(self, parts: KnownParts) -> None:
        self._ways = {role: frozenset(ways) for ways, roles in parts for role in roles}

    def __contains__(self, key: str) -> bool:
        whole, way = _apart(key)
        return way in self._ways.get(whole, ())


class _Numbering:
    """Gives each way of taking a part from a value a bit."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._ways: list[str] = []

    def bit(self, way: str) -> _Parts:
        if way not in self._numbers:
            self._numbers[way] = len(self._ways)
            self._ways.append(way)
        return 1 << self._numbers[way]

    def ways(self, parts: _Parts) -> Iterator[str]:
        while parts:
            lowest = parts & -parts
            yield self._ways[lowest.bit_length() - 1]
            parts ^= lowest

    def spoken(self, reached: Mapping[str, _Parts]) -> KnownParts:
        """Parts by role as plain values, in an order that does not depend on the numbers."""
        alike: defaultdict[_Parts, list[str]] = defaultdict(list)
        for role in sorted(role for role, parts in reached.items() if parts):
            alike[reached[role]].append(role)
        return tuple(sorted((tuple(sorted(self.ways(parts))), tuple(roles)) for parts, roles in alike.items()))


class _Move(dict[_Parts, _Parts]):
    """What parts of a value become when it, or one of its parts, is put somewhere.

    Args:
        taken: what is taken from the value.
        given: the part of the other value that it becomes.
        numbering: the bits of parts.
    """

    def __init__(self, taken: str, given: str, numbering: _Numbering) -> None:
        self._taken, self._given, self._numbering = taken, given, numbering
        self._depth = len(_steps(given))

    def __missing__(self, parts: _Parts) -> _Parts:
        moved = 0
        for way in self._numbering.ways(parts):
            if way.startswith(self._taken):
                # What holds one thing and is put into another holds it still.
                rest = way[len(self._taken) :]
                if not rest or self._depth + len(_steps(rest)) <= _DEEPEST:
                    moved |= self._numbering.bit(f"{self._given}{rest}")
        self[parts] = moved
        return moved


def _flows(shown: ShownValues, numbering: _Numbering) -> _Flows:
    """For each role what becomes of the parts of its values when they flow on, with the roles that they flow into."""
    apart = _Apart()
    moves = _Moves(numbering)
    found: defaultdict[str, list[tuple[_Move, Sequence[str]]]] = defaultdict(list)
    for source, targets in shown.flows.items():
        whole, taken = _apart(source)
        by_part: dict[str, list[str]] = {}
        for target in targets:
            into, given = apart[target]
            by_part.setdefault(given, []).append(into)
        for given, roles in by_part.items():
            found[whole].append((moves[taken, given], roles))
    parameters = (
        key for keys in (apart, shown.flows, shown.plain, shown.tuples) for key in keys if key.startswith("p:")
    )
    for parent, heir in _inherited({_apart(key)[0] for key in parameters}, shown.inherited):
        found[heir].append((moves["", ""], (parent,)))
    return found


class _Moves(dict[tuple[str, str], _Move]):
    """The moves by what is taken and what it becomes."""

    def __init__(self, numbering: _Numbering) -> None:
        super().__init__()
        self._numbering = numbering

    def __missing__(self, parts: tuple[str, str]) -> _Move:
        self[parts] = _Move(*parts, self._numbering)
        return self[parts]


class _Apart(dict[str, tuple[str, str]]):
    """Keys that were taken apart: each stands in many flows."""

    def __missing__(self, key: str) -> tuple[str, str]:
        self[key] = _apart(key)
        return self[key]


def _inherited(roles: Iterable[str], parents: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """That the argument of a class without a constructor of its own gets to those it is derived from."""
    pending = set(roles)
    seen = set(pending)
    while pending:
        heir = pending.pop()
        name, _, place = heir.removeprefix("p:").partition(":")
        for key in [argument(parent, place) for parent in parents.get(name, ())]:
            yield key, heir
            pending |= {key} - seen
            seen.add(key)


def _parts_by_role(keys: Collection[str], numbering: _Numbering) -> _Reached:
    found: _Reached = defaultdict(int)
    for whole, way in map(_apart, keys):
        found[whole] |= numbering.bit(way)
    return found


def _reached(start: _Reached, flows: _Flows, order: Sequence[str], barred: _Reached) -> _Reached:
    """The roles that some values flow into, directly or not, each with its parts that do, but for the barred ones."""
    new = {whole: parts & ~barred[whole] for whole, parts in start.items()}
    reached: _Reached = defaultdict(int, new)
    while new:
        for whole in order:
            if parts := new.pop(whole, 0):
                for move, targets in flows.get(whole, ()):
                    moved = move[parts]
                    for target in targets if moved else ():
                        if added := moved & ~reached[target] & ~barred[target]:
                            reached[target] |= added
                            new[target] = new.get(target, 0) | added
    return reached


def _order(start: Iterable[str], flows: _Flows) -> Sequence[str]:
    """All roles that some flow into, as far as possible behind those that flow into them."""
    left, seen = list[str](), set[str]()
    trail = [("", iter(start))]
    while trail:
        role, targets = trail[-1]
        for target in targets:
            if target not in seen:
                seen.add(target)
                trail.append((target, chain.from_iterable(into for _, into in flows.get(target, ()))))
                break
        else:
            left.append(role)
            trail.pop()
    return left[::-1]


def _apart(key: str) -> tuple[str, str]:
    """A key as that of a whole value, and what is taken from it."""
    if key[-1:] not in PART_ENDS:
        return key, ""
    taken = sum(map(len, _steps(key)))
    return key[: len(key) - taken], key[len(key) - taken :]


def _steps(key: str) -> list[str]:
    """What is taken from a value, outermost first."""
    steps: list[str] = []
    while True:
        if key.endswith((ELEMENT, VALUE)):
            start = len(key) - 2
        else:
            start = key.rfind("(") if key.endswith(")") else -1
            if start < 0 or not key[start + 1 : -1].isdecimal():
                return steps[::-1]
        steps.append(key[start:])
        key = key[:start]
