"""Which methods and values of classes get another meaning in a class elsewhere.

Classes are known by name, and one name may stand for hundreds of classes, each of which may be meant: so what is asked
of a class is asked of all classes of a name together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.project.models import ClassFact, FileFacts


class _Body(NamedTuple):
    """What classes have.

    Attributes:
        methods: names.
        values: as `ClassFact` has them.
        names: those of the methods and of the values.
    """

    methods: frozenset[str]
    values: frozenset[str]
    names: frozenset[str]


def overridden_elsewhere(files: Sequence[FileFacts]) -> set[str]:
    """`Class.name` for the methods that a class derived from it defines again in another file, and for its values."""
    families = _Families(files)
    found: set[str] = set()
    several: set[tuple[str, str]] = set()
    for number, file in enumerate(files):
        for fact in file.classes:
            above, body = families.above(fact), families.body(fact)
            for name in above:
                if elsewhere := families.elsewhere(name, number):
                    found.update(f"{name}.{each}" for each in _again(body, elsewhere))
            if len(fact.parents) > 1:
                several.update(product(above, above))
    # Where there are several parents, one may stand before another in the order of look-ups.
    for one, other in several:
        found.update(f"{other}.{name}" for name in families.beside(one, other))
    return found


class _Families:
    """The classes of a project by name.

    Args:
        files: the facts of all files.
    """

    def __init__(self, files: Sequence[FileFacts]) -> None:
        self._homes: defaultdict[str, list[tuple[int, ClassFact]]] = defaultdict(list)
        self._bodies: dict[int, _Body] = {}
        for number, file in enumerate(files):
            for fact in file.classes:
                self._homes[fact.name].append((number, fact))
                self._bodies[id(fact)] = _body(fact)
        self._above: dict[int, frozenset[str]] = {}
        self._files = {name: {number for number, _ in homes} for name, homes in self._homes.items()}
        self._outside = cache(self._joined)

    def body(self, fact: ClassFact) -> _Body:
        """What a class has."""
        return self._bodies[id(fact)]

    def above(self, fact: ClassFact) -> frozenset[str]:
        """The names of the classes that a class is derived from, its own aside."""
        # By identity: to compare two classes is to compare all that they have.
        if id(fact) not in self._above:
            self._above[id(fact)] = self._found_above(fact)
        return self._above[id(fact)]

    def elsewhere(self, name: str, number: int) -> _Body | None:
        """What the classes of a name have that are in other files than one; None when there are none."""
        return self._outside(name, number if number in self._files[name] else None)

    def _joined(self, name: str, number: int | None) -> _Body | None:
        bodies = [self.body(fact) for home, fact in self._homes[name] if home != number]
        if not bodies:
            return None
        methods, values, names = zip(*bodies, strict=True)
        # A value is the same again only where all have it.
        return _Body(frozenset().union(*methods), frozenset.intersection(*values), frozenset().union(*names))

    def _found_above(self, fact: ClassFact) -> frozenset[str]:
        seen, pending = {fact.name}, list(fact.parents)
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending.extend(parent for _, each in self._homes.get(name, ()) for parent in each.parents)
        return frozenset(name for name in seen - {fact.name} if name in self._homes)

    def beside(self, name: str, other: str) -> Iterator[str]:
        """What classes of a name give another meaning than those of another one that neither is derived from."""
        bodies = Counter(self.body(fact) for _, fact in self._homes[name] if other not in self.above(fact))
        ancestors = (
            {self.body(fact) for _, fact in self._homes[other] if name not in self.above(fact)} if bodies else ()
        )
        for body, ancestor in product(bodies, ancestors):
            if name != other or body != ancestor or bodies[body] > 1:
                yield from _again(body, ancestor)


def _body(fact: ClassFact) -> _Body:
    methods, values = frozenset(fact.methods), frozenset(fact.values)
    return _Body(methods, values, methods.union(value.partition("=")[0] for value in values))


def _again(body: _Body, ancestor: _Body) -> Iterator[str]:
    """The names to which a class gives another meaning than a parent does, in its body or a constructor."""
    yield from body.methods & ancestor.names
    yield from (value.partition("=")[0] for value in body.values if value[-1:] == "=" or value not in ancestor.values)
