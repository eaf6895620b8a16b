"""Paragraphs that wrap, open and close, and are found, thousands of them: what log, chat, plan and survey stand on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message

from archaeologist_tui.keys import MOVEMENT
from archaeologist_tui.reading.commits import NOTHING_OF_CODE, Subject
from archaeologist_tui.widgets.entry_view import EntryView


class Outline(EntryView, can_focus=True):
    """Entries with the keys and the mouse to go through them."""

    BINDINGS: ClassVar = [
        *MOVEMENT,
        Binding("enter", "turn", "Open", id="outline.open", tooltip="Show what is inside the entry, or its diff"),
        Binding("right,l", "turn(True)", "Open", show=False, id="outline.unfold", tooltip="Show what is inside"),
        Binding("left,h", "turn(False)", "Close", show=False, id="outline.fold", tooltip="Hide what is inside"),
        Binding("y", "copy", "Copy", show=False, id="outline.copy", tooltip="Copy the entry"),
    ]

    @dataclass
    class Asked(Message):
        """A person wants to see the diff of what the current entry is about."""

    @dataclass
    class Copied(Message):
        """A person wants to have an entry's text."""

        text: str

    @property
    def about(self) -> Subject:
        """What of the code the current entry is about, or the one that it is inside of."""
        shown, level = self.layout_of_entries.shown, sys.maxsize
        for each in reversed(shown[: self.current + 1]):
            if each.level < level:
                if each.entry.about:
                    return each.entry.about
                level = each.level
        return NOTHING_OF_CODE

    def go_to_found(self, by: int) -> bool:
        """Go to the next entry that is what is looked for, or to the one before; return whether there is one."""
        place = self.layout_of_entries.next_found(self.current, by)
        if place is not None:
            self.go(place)
        return place is not None

    def choose(self, key: str) -> None:
        """Go to the entry with that key, if it is shown."""
        place = self.layout_of_entries.place(key)
        if place is not None:
            self.go(place)

    def go(self, place: int) -> None:
        """Make an entry the current one and bring it into view; the end is followed no more."""
        layout = self.layout_of_entries
        if not layout.shown:
            return
        self.current = max(0, min(place, len(layout.shown) - 1))
        self.following = False
        height = len(layout.shown[self.current].starts)
        region = Region(0, layout.top(self.current), 1, min(height, max(1, self.scrollable_content_region.height)))
        self.scroll_to_region(region, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Go some entries on."""
        self.go(self.current + by)

    def action_page(self, by: int) -> None:
        """Go a page on: to the entry that is so many lines away."""
        layout = self.layout_of_entries
        if layout.shown:
            lines = by * max(1, self.scrollable_content_region.height - 1)
            place, _ = layout.at(max(0, min(layout.top(self.current) + lines, layout.height - 1)))
            self.go(place if place != self.current else place + by)

    def action_edge(self, end: int) -> None:
        """Go to the first entry, or to the last one."""
        self.go(len(self.layout_of_entries.shown) - 1 if end else 0)

    def action_turn(self, opened: bool | None = None) -> None:
        """Open or close the current entry; closing one that is not open goes to the one that it is inside of."""
        entry, layout = self.entry, self.layout_of_entries
        if entry is None:
            return
        is_open = layout.shows_inside(self.current)
        if opened is False and not is_open:
            self.go(self._outer())
        elif entry.inside and opened is not is_open:
            anchor = self.held()
            self.following = False
            layout.turn(entry.key, opened=not is_open)
            self.settle(anchor)
        elif opened is None and entry.about:
            self.post_message(self.Asked())

    def _outer(self) -> int:
        shown = self.layout_of_entries.shown
        level = shown[self.current].level
        return next((place for place in range(self.current, -1, -1) if shown[place].level < level), self.current)

    def action_copy(self) -> None:
        """Copy the current entry."""
        if self.entry is not None:
            self.post_message(self.Copied(self.entry.copied))

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        line, layout = event.y + self.scroll_offset.y, self.layout_of_entries
        if line >= layout.height:
            return
        place, _ = layout.at(line)
        if place == self.current:
            self.action_turn()
        else:
            self.go(place)
