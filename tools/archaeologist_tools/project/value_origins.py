"""Where the values of a role come from, through the whole project, and what is known of them there.

What is known of a value is known of all that it flows into. A project has some hundred thousand roles, and a rewrite
asks about some thousand: so a role is followed back to its origins when it is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from archaeologist_tools.project.value_keys import ELEMENT, VALUE, argument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# A value may hold itself, and its parts are then without an end: no more parts of parts are followed.
_DEEPEST = 2


class Origins:
    """The origins of values.

    Args:
        plain: keys of values that some place shows to be no tuples.
        tuples: keys of values that some place shows to be tuples, perhaps.
        flows: pairs of keys: a value of the first role may be one of the second.
        inherited: the names of classes without a constructor of their own, with their parents.
    """

    def __init__(
        self,
        plain: Collection[str],
        tuples: Collection[str],
        flows: Iterable[Sequence[str]],
        inherited: Mapping[str, Sequence[str]],
    ) -> None:
        self._plain = frozenset(plain)
        self._tuples = frozenset(tuples)
        self._into: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for target, source in flows:
            whole, given = _apart(target)
            self._into[whole].append((given, *_apart(source)))
        self._heirs: defaultdict[str, list[str]] = defaultdict(list)
        for name, parents in inherited.items():
            for parent in parents:
                self._heirs[parent].append(name)
        self._verdicts: dict[frozenset[str], dict[str, bool]] = {self._plain: {}, self._tuples: {}}

    def may_be_tuple(self, key: str) -> bool:
        """Whether some place shows that a value of this role may be a tuple."""
        return self._leads_to(self._tuples, key)

    def is_plain(self, key: str) -> bool:
        """Whether some place shows that a value of this role is no tuple, and none shows that it may be one."""
        return self._leads_to(self._plain, key) and not self.may_be_tuple(key)

    def _leads_to(self, wanted: frozenset[str], key: str) -> bool:
        """Whether one of the origins of a value is among some."""
        verdicts = self._verdicts[wanted]
        if key in verdicts:
            return verdicts[key]
        seen, pending = {key}, [key]
        while pending:
            this = pending.pop()
            if this in wanted or verdicts.get(this):
                verdicts[key] = True
                return True
            if this not in verdicts:
                new = set(self._sources(this)) - seen
                seen |= new
                pending += new
        # None of all that was passed on the way leads there either.
        verdicts.update(dict.fromkeys(seen, False))
        return False

    def _sources(self, key: str) -> Iterator[str]:
        """The keys whose values flow into a value directly."""
        whole, parts = _apart(key)
        for given, source, taken in self._into.get(whole, ()):
            # What holds one thing and is put into another holds it still.
            if parts == given or (parts.startswith(given) and _depth(parts) <= _DEEPEST):
                yield f"{source}{taken}{parts[len(given) :]}"
        if whole[:1] == "p":
            name, _, place = whole[2:].partition(":")
            # The argument of a class that has no constructor of its own gets to those it is derived from.
            yield from (f"{argument(heir, place)}{parts}" for heir in self._heirs.get(name, ()))


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
