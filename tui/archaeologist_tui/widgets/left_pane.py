"""What was left alone, and why, for whatever is chosen: reason by reason, with the places inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, overload

from textual.content import Content

from archaeologist.review.model import amount_of
from archaeologist_tui.keys import titled
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.outline import Outline

if TYPE_CHECKING:
    from archaeologist.review.model import LeftPlace

_FEW = 4
"""Places of a reason that are listed without being asked for."""
_SEPARATOR = "\0"


class LeftPane(Outline):
    """Reasons, each with its places."""

    BORDER_TITLE: ClassVar = "Left alone"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._shown = self._elsewhere = _Places()
        self._nothing = ""
        """That nothing was left alone where one is, when what is shown is from elsewhere."""

    @property
    def place(self) -> LeftPlace | None:
        """The current place; the first one of a reason."""
        key = self.entry.key if self.entry is not None else ""
        number = key.rpartition(_SEPARATOR)[2]
        return self._shown.places[int(number)] if number else None

    def set_places(self, places: Sequence[LeftPlace], nothing: str = "", elsewhere: Sequence[LeftPlace] = ()) -> None:
        """Show what was left alone at some places; when it is nothing, what was elsewhere.

        Args:
            places: what was left alone where one is.
            nothing: what is said when that is nothing.
            elsewhere: what was left alone at all.
        """
        said = "" if places or not elsewhere else nothing
        if not places and self._elsewhere.places is not elsewhere:  # kept, as they are many, and shown at many lines
            self._elsewhere = _Places(elsewhere)
        shown = _Places(places) if places else self._elsewhere
        if (tuple(shown.places), said) == (tuple(self._shown.places), self._nothing):
            return
        self._shown, self._nothing = shown, said
        # Two of them: there may be room for one row only.
        heads = [(_SEPARATOR, said), (f"all{_SEPARATOR}", f"in all {shown.amount}:")] if said else []
        head = [Paragraph(key, plain(words, "$text-warning")) for key, words in heads]
        self.set_entries([*head, *shown.paragraphs])
        self.call()
        self.set_class(not places, "-empty")

    def call(self) -> None:
        """Write above it which key leads here, and how much it is."""
        amount = self._shown.amount if self._shown.places else ""
        if self._nothing or not amount:
            amount = f"nothing here{f' of {amount}' * bool(amount)}"
        self.border_title = titled(self.app, "branch.left", f"{self.BORDER_TITLE}: {amount}")


@dataclass(frozen=True)
class _Places:
    """Places, as they are shown."""

    places: Sequence[LeftPlace] = ()

    @cached_property
    def amount(self) -> str:
        """How much it is, in words."""
        return amount_of(self.places)

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """What is told of them."""
        return paragraphs(self.places)


def paragraphs(places: Sequence[LeftPlace]) -> list[Paragraph]:
    """Return reasons with their places inside; the key of each ends in the number of its place."""
    reasons: dict[tuple[str, str], list[int]] = {}
    for number, place in enumerate(places):
        reasons.setdefault((place.rule, place.reason), []).append(number)
    return [_reason(rule, reason, numbers, places) for (rule, reason), numbers in reasons.items()]


def _reason(rule: str, reason: str, numbers: Sequence[int], places: Sequence[LeftPlace]) -> Paragraph:
    key = f"{rule}{_SEPARATOR}{reason}{_SEPARATOR}"
    where = {_where(places[number]): number for number in reversed(numbers)}
    head = plain(rule, "bold") + Content(" ") if rule else Content()
    count = Content.styled(f"  {amount_of(places[number] for number in numbers)}", "$foreground-muted")
    return Paragraph(
        f"reason {key}{numbers[0]}",
        head + plain(reason) + count,
        inside=_Inside(key, tuple(reversed(where.items()))),
        opened=len(numbers) <= _FEW,
    )


@dataclass(frozen=True)
class _Inside(Sequence[Paragraph]):
    """The places of a reason, made into paragraphs when they are looked at: there may be thousands."""

    key: str
    where: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        return len(self.where)

    @overload
    def __getitem__(self, index: int) -> Paragraph: ...
    @overload
    def __getitem__(self, index: slice) -> list[Paragraph]: ...
    def __getitem__(self, index: int | slice) -> Paragraph | list[Paragraph]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        words, number = self.where[index]
        return Paragraph(f"{self.key}{number}", plain(words), Content("    "))


def _where(place: LeftPlace) -> str:
    return f"{place.path}:{place.line}" if place.line else place.path
