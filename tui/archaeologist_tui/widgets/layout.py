"""Which entries of an outline are seen, and at which line: folding, filtering and wrapping, without any drawing."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tui.reading.query import Query
from archaeologist_tui.widgets.wrapping import line_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tui.widgets.entries import Entry

NARROW = 80
"""Cells below which entries lead with less."""
STEP = 2
"""Cells by which each level is set in, and that the mark of what can be opened takes."""
_REMEMBERED = 60_000


class Shown(NamedTuple):
    """An entry that is seen.

    Attributes:
        entry: which one.
        level: how deep inside others.
        starts: offsets in its text at which its lines begin.
        found: whether it is what is looked for, and not only around it.
    """

    entry: Entry
    level: int
    starts: tuple[int, ...]
    found: bool


class Layout:
    """Entries, top to bottom.

    Args:
        marks: whether entries that can be opened have a mark.
        hides: whether a query hides what it does not find; else it only tells it apart.
    """

    def __init__(self, *, marks: bool = True, hides: bool = True) -> None:
        self.width = NARROW
        self.query = Query()
        self.shown: list[Shown] = []
        self._marks = marks
        self._hides = hides
        self._entries: list[Entry] = []
        self._tops: list[int] = [0]
        self._open: dict[str, bool] = {}
        self._known: dict[str, Shown] = {}
        """Entries as they were seen last: to wrap them takes time, and so does to make many small objects."""
        self._places: dict[str, int] = {}
        """Of what is seen, as far as it was asked for."""

    @property
    def height(self) -> int:
        """Lines in all."""
        return self._tops[-1]

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries of the first level, seen or not."""
        return self._entries

    def set(self, entries: Sequence[Entry]) -> None:
        """Have other entries."""
        self._entries = list(entries)
        self.arrange()

    def add(self, entries: Sequence[Entry]) -> None:
        """Have more entries, at the end."""
        self._entries += entries
        self._extend(self._flat(entries, 0))

    def replace(self, entry: Entry) -> None:
        """Have an entry in the place of the one with the same key, which is one of the last ones."""
        place = next(
            (place for place in reversed(range(len(self._entries))) if self._entries[place].key == entry.key), None
        )
        if place is None:
            return
        self._entries[place] = entry
        seen = self.place(entry.key)
        if seen is None or self.is_open(entry) or self.query:
            self.arrange()
            return
        before, after = self.shown[seen], self._placed(entry, 0, found=False)
        self.shown[seen] = after
        if len(before.starts) != len(after.starts):
            self._tops[seen:] = accumulate((len(shown.starts) for shown in self.shown[seen:]), initial=self._tops[seen])

    def drop(self, number: int) -> None:
        """Forget so many of the first entries."""
        del self._entries[:number]
        self.arrange()

    def resize(self, width: int) -> None:
        """Wrap for another width."""
        self.width = width
        self._known.clear()
        self.arrange()

    def look_for(self, query: Query) -> None:
        """Show what is looked for."""
        self.query = query
        self.arrange()

    def is_open(self, entry: Entry) -> bool:
        """Whether what is inside is shown."""
        return self._open.get(entry.key, entry.opened)

    def shows_inside(self, index: int) -> bool:
        """Whether what is inside of an entry that is seen is seen, too, be it only what was looked for."""
        after = index + 1
        return after < len(self.shown) and self.shown[after].level > self.shown[index].level

    def turn(self, key: str, *, opened: bool) -> None:
        """Open or close an entry."""
        self._open[key] = opened
        self.arrange()

    def arrange(self) -> None:
        """Find out anew what is seen where."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self.shown, self._tops, self._places = [], [0], {}
        self._extend(self._flat(self._entries, 0))

    def at(self, line: int) -> tuple[int, int]:
        """Return which of the entries that are seen a line belongs to, and which of its lines it is."""
        index = min(bisect_right(self._tops, line), len(self.shown)) - 1
        return index, line - self._tops[index]

    def top(self, index: int) -> int:
        """Return the first line of an entry that is seen."""
        return self._tops[index]

    def place(self, key: str) -> int | None:
        """Return which of the entries that are seen has this key."""
        if len(self._places) < len(self.shown):
            known = len(self._places)
            self._places.update((shown.entry.key, place) for place, shown in enumerate(self.shown[known:], known))
        return self._places.get(key)

    def next_found(self, index: int, by: int) -> int | None:
        """Return the next entry that is what is looked for, or the previous one for -1, around the end."""
        found = [place for place, shown in enumerate(self.shown) if shown.found] if self.query else []
        if not found:
            return None
        after = [place for place in found[::by] if (place - index) * by > 0]
        return after[0] if after else found[::by][0]

    def set_in(self, shown: Shown) -> int:
        """Return the cells before an entry's lead."""
        return STEP * (shown.level + self._marks)

    def _extend(self, more: list[Shown]) -> None:
        self.shown += more
        self._tops += list(accumulate([len(shown.starts) for shown in more], initial=self._tops[-1]))[1:]

    def _flat(self, entries: Sequence[Entry], level: int) -> list[Shown]:
        if not self.query:
            return self._unfiltered(entries, level)
        if self._hides:
            return self._filtered(entries, level)
        shown: list[Shown] = []
        for entry in entries:
            shown.append(self._placed(entry, level, found=entry.matches(self.query) or self._holds(entry)))
            if self.is_open(entry):
                shown += self._flat(entry.inside, level + 1)
        return shown

    def _unfiltered(self, entries: Sequence[Entry], level: int) -> list[Shown]:
        shown: list[Shown] = []
        for entry in entries:
            shown.append(self._placed(entry, level, found=False))
            if self.is_open(entry):
                shown += self._unfiltered(entry.inside, level + 1)
        return shown

    def _filtered(self, entries: Sequence[Entry], level: int) -> list[Shown]:
        """Return entries that are looked for, those around them, and what the former hold when they are open."""
        shown: list[Shown] = []
        for entry in entries:
            found = entry.matches(self.query)
            inside = self._filtered(entry.inside, level + 1) if entry.deep else []
            if found or inside:
                shown.append(self._placed(entry, level, found=found))
                if inside and self._open.get(entry.key, True):
                    shown += inside
                elif not inside and self.is_open(entry):
                    shown += self._unfiltered(entry.inside, level + 1)
        return shown

    def _holds(self, entry: Entry) -> bool:
        """Whether a closed entry holds what is looked for."""
        return (
            entry.deep
            and not self.is_open(entry)
            and any(each.matches(self.query) or self._holds(each) for each in entry.inside)
        )

    def _placed(self, entry: Entry, level: int, *, found: bool) -> Shown:
        known = self._known.get(entry.key)
        if known is None or known.level != level or (known.entry is not entry and known.entry.text != entry.text):
            narrow = self.width < NARROW
            room = self.width - STEP * (level + self._marks)
            lead, hang = entry.margins(narrow=narrow)
            known = Shown(entry, level, line_starts(entry.text, room - lead, room - hang), found)
        elif known.entry is not entry or known.found is not found:
            known = Shown(entry, level, known.starts, found)
        else:
            return known
        self._known[entry.key] = known
        return known
