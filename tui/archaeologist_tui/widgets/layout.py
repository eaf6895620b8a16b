"""Which entries of an outline are seen, and at which line: folding, filtering and wrapping, without any drawing."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from archaeologist_tui.reading.query import Query
from archaeologist_tui.reading.wrapping import line_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tui.widgets.entries import Entry

NARROW = 100
"""Cells below which entries lead with less."""
STEP = 2
"""Cells by which each level is set in, and that the mark of what can be opened takes."""
_REMEMBERED = 60_000


@dataclass(eq=False, slots=True)
class Shown:
    """An entry that is seen; another one when its text, or how deep inside others it is, changed.

    Attributes:
        entry: which one.
        level: how deep inside others.
        starts: offsets in its text at which its lines begin.
    """

    entry: Entry
    level: int
    starts: tuple[int, ...]


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
        self.found: list[int] = []
        """Which of those that are seen are what is looked for, and not only around it."""
        self.marks = marks
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
        self._show(entries)

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
        before, after = self.shown[seen], self._placed(entry, 0)
        self.shown[seen] = after
        if len(before.starts) != len(after.starts):
            self._tops[seen:] = accumulate((len(shown.starts) for shown in self.shown[seen:]), initial=self._tops[seen])

    def drop(self, number: int) -> None:
        """Forget so many of the first entries."""
        self._forget(self._entries[:number])
        del self._entries[:number]
        self.arrange()

    def _forget(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._known.pop(entry.key, None)
            if self.is_open(entry):
                self._forget(entry.inside)
            self._open.pop(entry.key, None)

    def resize(self, width: int) -> None:
        """Wrap for another width."""
        self.width = width
        self._known.clear()
        self.arrange()

    def look_for(self, query: Query) -> None:
        """Show what is looked for; when it is the last query and some letters more, only among what that one found."""
        narrower = self._hides and query.narrows(self.query)
        among = [shown.entry for shown in self.shown if not shown.level] if narrower else self._entries
        self.query = query
        self._arrange(among)

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
        self._arrange(self._entries)

    def _arrange(self, entries: Sequence[Entry]) -> None:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self.shown, self.found, self._tops, self._places = [], [], [0], {}
        self._show(entries)

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
        found = self.found[::by]
        if not found:
            return None
        after = [place for place in found if (place - index) * by > 0]
        return after[0] if after else found[0]

    def set_in(self, shown: Shown) -> int:
        """Return the cells before an entry's lead."""
        return STEP * (shown.level + self.marks)

    def _show(self, entries: Sequence[Entry]) -> None:
        begun = len(self.shown)
        if not self.query:
            self._show_all(entries, 0)
        elif self._hides:
            self._show_found(entries, 0)
        else:
            self._show_and_find(entries, 0)
        lines = [len(shown.starts) for shown in self.shown[begun:]]
        self._tops += list(accumulate(lines, initial=self._tops[-1]))[1:]

    def _show_all(self, entries: Sequence[Entry], level: int) -> None:
        for entry in entries:
            self.shown.append(self._placed(entry, level))
            if self.is_open(entry):
                self._show_all(entry.inside, level + 1)

    def _show_and_find(self, entries: Sequence[Entry], level: int) -> None:
        for entry in entries:
            if self._is_found(entry) or self._holds(entry):
                self.found.append(len(self.shown))
            self.shown.append(self._placed(entry, level))
            if self.is_open(entry):
                self._show_and_find(entry.inside, level + 1)

    def _show_found(self, entries: Sequence[Entry], level: int) -> bool:
        """Show what is looked for and what is around it, and what the former holds where it is open.

        Returns:
            whether there is anything.
        """
        begun = len(self.shown)
        for entry in entries:
            place, found = len(self.shown), self._is_found(entry)
            if not found and not entry.deep:
                continue
            self.shown.append(self._placed(entry, level))
            if found:
                self.found.append(place)
            if entry.deep and self._show_found(entry.inside, level + 1):
                if not self._open.get(entry.key, True):
                    self._hide_after(place)
            elif not found:
                self.shown.pop()
            elif self.is_open(entry):
                self._show_all(entry.inside, level + 1)
        return len(self.shown) > begun

    def _hide_after(self, place: int) -> None:
        del self.shown[place + 1 :]
        while self.found and self.found[-1] > place:
            self.found.pop()

    def _is_found(self, entry: Entry) -> bool:
        return self.query.matches(entry.searched, entry)

    def _holds(self, entry: Entry) -> bool:
        """Whether a closed entry holds what is looked for."""
        return (
            entry.deep
            and not self.is_open(entry)
            and any(self._is_found(each) or self._holds(each) for each in entry.inside)
        )

    def _placed(self, entry: Entry, level: int) -> Shown:
        known = self._known.get(entry.key)
        if known is not None and known.entry is entry and known.level == level:
            return known
        room = self.width - STEP * (level + self.marks)
        lead, hang = entry.margins(narrow=self.width < NARROW)
        known = self._known[entry.key] = Shown(entry, level, line_starts(entry.text, room - lead, room - hang))
        return known
