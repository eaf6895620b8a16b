"""What is known of the values of a role, through the whole project: all that is known of what flows into it.

A project has some ten thousand roles, each with dozens of parts, and most flow into one another: so all parts of a
value are moved at once, as the bits of a number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.value_keys import apart, argument, depth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

# Sets of parts, each with the roles of which these parts are known: a plain value, and small, as most roles are alike.
KnownParts: TypeAlias = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
# A set of parts, as a number.
_Parts: TypeAlias = int
_Reached: TypeAlias = defaultdict[str, _Parts]

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
    flows = _Flows(shown, numbering)
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
        alike = ((frozenset(ways), roles) for ways, roles in parts)
        self._ways = {role: ways for ways, roles in alike for role in roles}

    def __contains__(self, key: str) -> bool:
        whole, way = apart(key)
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
        self._depth = depth(given)

    def __missing__(self, parts: _Parts) -> _Parts:
        moved = 0
        for way in self._numbering.ways(parts):
            if way.startswith(self._taken):
                # What holds one thing and is put into another holds it still.
                rest = way[len(self._taken) :]
                if not rest or self._depth + depth(rest) <= _DEEPEST:
                    moved |= self._numbering.bit(f"{self._given}{rest}")
        self[parts] = moved
        return moved


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
        self[key] = apart(key)
        return self[key]


class _Flows(dict[str, list[tuple[_Move, Sequence[str]]]]):
    """For each role what becomes of the parts of its values when they flow on, with the roles that they flow into.

    Found when a role is first reached: nothing is known of most roles, and so of what they flow into.

    Args:
        shown: what the places of a project show.
        numbering: the bits of parts.
    """

    def __init__(self, shown: ShownValues, numbering: _Numbering) -> None:
        super().__init__()
        self._shown = shown
        self._apart = _Apart()
        self._moves = _Moves(numbering)
        self._parts: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for source in shown.flows:
            whole, taken = apart(source)
            self._parts[whole].append((source, taken))

    def __missing__(self, role: str) -> list[tuple[_Move, Sequence[str]]]:
        found = self[role] = []
        for source, taken in self._parts.get(role, ()):
            by_part: dict[str, list[str]] = {}
            for target in self._shown.flows[source]:
                into, given = self._apart[target]
                by_part.setdefault(given, []).append(into)
            found += ((self._moves[taken, given], roles) for given, roles in by_part.items())
        if parents := self._parents(role):
            found.append((self._moves["", ""], parents))
        return found

    def _parents(self, role: str) -> list[str]:
        """The same argument of those that a class without a constructor of its own is derived from."""
        if not role.startswith("p:"):
            return []
        name, _, place = role.removeprefix("p:").partition(":")
        return [argument(parent, place) for parent in self._shown.inherited.get(name, ())]


def _parts_by_role(keys: Collection[str], numbering: _Numbering) -> _Reached:
    found: _Reached = defaultdict(int)
    for whole, way in map(apart, keys):
        found[whole] |= numbering.bit(way)
    return found


def _reached(start: _Reached, flows: _Flows, order: Sequence[str], barred: _Reached) -> _Reached:
    """The roles that some values flow into, directly or not, each with its parts that do, but for the barred ones."""
    new = {whole: parts & ~barred[whole] for whole, parts in start.items()}
    reached: _Reached = defaultdict(int, new)
    while new:
        for whole in order:
            if whole in new:
                parts = new.pop(whole)
                for move, targets in flows[whole]:
                    moved = move[parts]
                    for target in targets if moved else ():
                        if added := moved & ~(reached[target] | barred[target]):
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
                trail.append((target, chain.from_iterable(into for _, into in flows[target])))
                break
        else:
            left.append(role)
            trail.pop()
    return left[::-1]
