"""What is known of a value: the types it can have, and why.

Plain values. Nothing is guessed: where one way for a value to come about is not understood, anything is possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Type:
    """One type that a value can have.

    Attributes:
        name: a builtin's name, `NoneType`, or `instance` for an object of some other class that is no tuple.
        exact: it is that class itself, not a subclass.
        owner: the name of the class, for `instance`, `type` and `function`.
        item: what iterating over it gives.
        value: what a subscript by key gives, for mappings.
        slots: the elements of a tuple of known length.
    """

    name: str
    exact: bool = True
    owner: str = ""
    item: Inferred | None = None
    value: Inferred | None = None
    slots: tuple[Inferred, ...] | None = None


@dataclass(frozen=True)
class Inferred:
    """What a value can be.

    Attributes:
        types: all types that are possible; None when anything is, none for what never has a value.
        tuple_free: it is surely no tuple, whatever else it is.
        reason: the evidence, as a short phrase.
    """

    types: frozenset[Type] | None = None
    tuple_free: bool = False
    reason: str = field(default="", compare=False)

    @property
    def ordered(self) -> list[Type]:
        """The possible types, in an order that is the same in every process: reasons are put together in it."""
        kinds = list(self.types or ())
        return sorted(kinds, key=_order) if len(kinds) > 1 else kinds

    def only(self, *names: str) -> bool:
        """Whether every possible type is one of these, or a subclass."""
        return bool(self.types) and all(kind.name in names for kind in self.types or ())

    def exactly(self, *names: str) -> bool:
        """Whether every possible type is one of these itself."""
        return self.only(*names) and all(kind.exact for kind in self.types or ())

    def never(self, name: str) -> bool:
        """Whether no possible type is this one, or a subclass of it."""
        if self.types is None:
            return name == "tuple" and self.tuple_free
        return bool(self.types) and all(kind.name != name for kind in self.types)

    def because(self, reason: str) -> Inferred:
        """The same, with a reason when there is none yet."""
        return self if self.reason else Inferred(self.types, self.tuple_free, reason)

    def without(self, *names: str) -> Inferred:
        """The same, when these types are ruled out."""
        if self.types is None:
            return Inferred(None, self.tuple_free or "tuple" in names, self.reason)
        return replace(self, types=frozenset(kind for kind in self.types if kind.name not in names))


_OR = " or "


def _order(kind: Type) -> str:
    inner = [kind.item, kind.value, *(kind.slots or ())]
    parts = ["" if each is None else ",".join(map(_order, each.ordered)) for each in inner]
    return f"{kind.name} {kind.exact} {kind.owner} [{'|'.join(parts)}]"


EMPTY: frozenset[Type] = frozenset()
UNKNOWN = Inferred()
NOTHING = Inferred(EMPTY)
NO_TUPLE = Inferred(tuple_free=True)
NONE = Inferred(frozenset({Type("NoneType")}))


@cache
def exact(name: str, reason: str = "") -> Inferred:
    """A value of just this class."""
    return Inferred(frozenset({Type(name)}), reason=reason)


@cache
def loose(name: str, reason: str = "") -> Inferred:
    """A value of this class or a subclass."""
    return Inferred(frozenset({Type(name, exact=False)}), reason=reason)


def container(name: str, item: Inferred, value: Inferred | None = None) -> Inferred:
    """A container and what it holds."""
    return Inferred(frozenset({Type(name, item=item, value=value)}))


def tuple_of(*slots: Inferred) -> Inferred:
    """A tuple of known length."""
    return Inferred(frozenset({Type("tuple", item=join(slots), slots=slots)}))


def join(parts: Iterable[Inferred], *, evidence: bool = True) -> Inferred:
    """What a value can be that comes about in one of several ways; no more of them are looked at when it is unknown.

    Args:
        parts: what it can be by each of them.
        evidence: a value of unknown type that is surely no tuple counts as known.
    """
    found = NOTHING
    for part in parts:
        if part.types is None and not (evidence and part.tuple_free):
            # Without the reasons of those before: what else shows something of the value has reasons of its own.
            return UNKNOWN
        found = part if found is NOTHING else _joined(found, part)
        if found.types is None and not found.tuple_free:
            return UNKNOWN
    return found


def _joined(first: Inferred, second: Inferred) -> Inferred:
    if first.types == EMPTY:
        return second
    if second.types == EMPTY:
        return first
    # Each reason once and in one order: types are sets, and commits quote the reasons.
    reason = _OR.join(sorted({*first.reason.split(_OR), *second.reason.split(_OR)} - {""}))
    if first.types is None or second.types is None:
        return Inferred(None, first.never("tuple") and second.never("tuple"), reason)
    return Inferred(first.types | second.types, reason=reason)
