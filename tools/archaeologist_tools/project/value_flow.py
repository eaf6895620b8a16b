"""What is known of the values of a role, through the whole project: all that is known of what flows into it.

A project has some ten thousand roles, each with dozens of parts, and most flow into one another: so all parts of a
value are moved at once, as the bits of a number.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.value_keys import ELEMENT, VALUE, argument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Sets of parts, each with the roles of which these parts are known: a plain value, and small, as most roles are alike.
KnownParts: TypeAlias = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
# A set of parts, as a number.
_Parts: TypeAlias = int
_Reached: TypeAlias = defaultdict[str, _Parts]
_Flows: TypeAlias = "Mapping[str, Mapping[_Move, Sequence[str]]]"

# A value may hold itself, and its parts are then without an end: no more parts of parts are followed.
_DEEPEST = 2
_ENDS = (ELEMENT[-1], VALUE[-1], ")")


@dataclass(frozen=True)
class ShownValues:
    """What the places of a project show.

    Attributes:
        plain: keys of values that some place shows to be no tuples.
        tuples: keys of values that some place shows to be tuples, perhaps.
        flows: pairs of keys: a value of the first role may be one of the second.
        inherited: the names of classes without a constructor of their own, with their parents.
    """

    plain: Collection[str]
    tuples: Collection[str]
    flows: Iterable[Sequence[str]]
    inherited: Mapping[str, Sequence[str]]


def known_values(shown: ShownValues) -> tuple[KnownParts, KnownParts]:
    """Move what is shown of values to all that they flow into.

    Returns:
        The values that some place shows to be no tuples and none shows to be one; the values that may be tuples.
    """
    numbering = _Numbering()
    flows = _flows(shown, numbering)
    tuples = _reached(_parts_by_role(shown.tuples, numbering), flows, defaultdict(int))
    plain = _reached(_parts_by_role(shown.plain, numbering), flows, tuples)
    return numbering.spoken(plain), numbering.spoken(tuples)


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


class _Move:
    """What parts of a value become when it, or one of its parts, is put somewhere.

    Args:
        taken: what is taken from the value.
        given: the part of the other value that it becomes.
        numbering: the bits of parts.
    """

    def __init__(self, taken: str, given: str, numbering: _Numbering) -> None:
        self._taken, self._given, self._numbering = taken, given, numbering
        self._depth = len(_steps(given))
        self._known: dict[_Parts, _Parts] = {}

    def __call__(self, parts: _Parts) -> _Parts:
        if parts not in self._known:
            self._known[parts] = self._moved(parts)
        return self._known[parts]

    def _moved(self, parts: _Parts) -> _Parts:
        moved = 0
        for way in self._numbering.ways(parts):
            if way.startswith(self._taken):
                # What holds one thing and is put into another holds it still.
                rest = way[len(self._taken) :]
                if not rest or self._depth + len(_steps(rest)) <= _DEEPEST:
                    moved |= self._numbering.bit(f"{self._given}{rest}")
        return moved


def _flows(shown: ShownValues, numbering: _Numbering) -> _Flows:
    """For each role what becomes of the parts of its values when they flow on, with the roles that they flow into."""
    apart = _Apart()
    moves: dict[tuple[str, str], _Move] = {}
    found: defaultdict[str, defaultdict[_Move, list[str]]] = defaultdict(lambda: defaultdict(list))
    for target, source in shown.flows:
        (into, given), (whole, taken) = apart[target], apart[source]
        if (taken, given) not in moves:
            moves[taken, given] = _Move(taken, given, numbering)
        found[whole][moves[taken, given]].append(into)
    as_it_is = moves.get(("", "")) or _Move("", "", numbering)
    roles = {role for role, _ in (*apart.values(), *map(_apart, shown.plain), *map(_apart, shown.tuples))}
    for parent, heir in _inherited(roles, shown.inherited):
        found[heir][as_it_is].append(parent)
    return found


class _Apart(dict[str, tuple[str, str]]):
    """Keys that were taken apart: each stands in many flows."""

    def __missing__(self, key: str) -> tuple[str, str]:
        self[key] = _apart(key)
        return self[key]


def _inherited(roles: Iterable[str], parents: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """That the argument of a class without a constructor of its own gets to those it is derived from."""
    pending = {role for role in roles if role.startswith("p:")}
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


def _reached(start: _Reached, flows: _Flows, barred: _Reached) -> _Reached:
    """The roles that some values flow into, directly or not, each with its parts that do, but for the barred ones."""
    new = {whole: parts & ~barred[whole] for whole, parts in start.items()}
    reached: _Reached = defaultdict(int, new)
    order = _order(new, flows)
    while new:
        for whole in order:
            if parts := new.pop(whole, 0):
                for move, targets in flows.get(whole, {}).items():
                    moved = move(parts)
                    for target in targets if moved else ():
                        if added := moved & ~reached[target] & ~barred[target]:
                            reached[target] |= added
                            new[target] = new.get(target, 0) | added
    return reached


def _order(start: Iterable[str], flows: _Flows) -> Sequence[str]:
    """All roles that some flow into, as far as possible behind those that flow into them."""
    left, seen = list[str](), set[str]()
    way = [iter(start)]
    trail = list[str]()
    while way:
        role = next((role for role in way[-1] if role not in seen), None)
        if role is not None:
            seen.add(role)
            trail.append(role)
            way.append(target for targets in flows.get(role, {}).values() for target in targets)
        else:
            way.pop()
            left += [trail.pop()] if trail else []
    return left[::-1]


def _apart(key: str) -> tuple[str, str]:
    """A key as that of a whole value, and what is taken from it."""
    if key[-1:] not in _ENDS:
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
