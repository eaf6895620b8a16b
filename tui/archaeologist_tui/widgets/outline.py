"""Paragraphs that wrap, open and close, and are found, thousands of them: what log, chat, plan and survey are shown in.

RichLog wraps once and never again, and OptionList measures everything at each change; here only what the screen shows
is ever drawn. What a person looks at stays where it is, whatever comes before or behind it; only while the end is
followed, new entries scroll.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from archaeologist_tui.widgets.layout import NARROW, STEP, Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.style import Style

    from archaeologist_tui.reading.query import Query
    from archaeologist_tui.widgets.entries import Entry
    from archaeologist_tui.widgets.layout import Shown

_DRAWN = 512
"""Entries whose lines are kept as they were drawn: some screens full."""
_OPEN, _CLOSED = "▾ ", "▸ "
_SEPARATOR = "\n"


class Outline(ScrollView, can_focus=True):
    """Entries with one current entry.

    Args:
        marks: whether entries that can be opened have a mark.
        hides: whether a query hides what it does not find.
        follows: whether the end is followed from the beginning.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"outline--current", "outline--found"}
    DEFAULT_CSS = """
    Outline {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .outline--current { background: $surface-lighten-1; }
        &:focus > .outline--current { background: $primary-muted; }
        & > .outline--found { background: $warning-muted; text-style: underline; }
        &:ansi > .outline--current { text-style: reverse; }
        &.-nocolor > .outline--current { text-style: reverse; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("j,down", "move(1)", "Next", show=False, id="outline.next", tooltip="Go to the next entry"),
        Binding("k,up", "move(-1)", "Previous", show=False, id="outline.previous", tooltip="Go to the entry before"),
        Binding("g,home", "first", "First", show=False, id="outline.first", tooltip="Go to the first entry"),
        Binding("G,end", "last", "Last", show=False, id="outline.last", tooltip="Go to the last entry"),
        Binding("ctrl+d,pagedown", "page(1)", "Page down", show=False, id="outline.page-down", tooltip="One page on"),
        Binding("ctrl+u,pageup", "page(-1)", "Page up", show=False, id="outline.page-up", tooltip="One page back"),
        Binding("enter", "turn", "Open", id="outline.open", tooltip="Show what is inside the entry, or hide it"),
        Binding("right,l", "turn(True)", "Open", show=False, id="outline.unfold", tooltip="Show what is inside"),
        Binding("left,h", "turn(False)", "Close", show=False, id="outline.fold", tooltip="Hide what is inside"),
        Binding("y", "copy", "Copy", show=False, id="outline.copy", tooltip="Copy the entry"),
    ]

    current: reactive[int] = reactive(0)
    following: reactive[bool] = reactive(default=False)

    @dataclass
    class Copied(Message):
        """A person wants to have an entry's text."""

        text: str

    @dataclass
    class FollowingChanged(Message):
        """The end is followed from now on, or no more."""

        following: bool

    def __init__(
        self,
        *,
        marks: bool = True,
        hides: bool = True,
        follows: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.layout_of_entries = Layout(marks=marks, hides=hides)
        self._marks = marks
        self._settling = False
        self._drawn: dict[tuple[str, str, bool, int], list[Strip]] = {}
        self.set_reactive(Outline.following, follows)

    @property
    def entry(self) -> Entry | None:
        """The current entry."""
        shown = self.layout_of_entries.shown
        return shown[self.current].entry if shown else None

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries; those with a known key are the same ones."""
        anchor = self._anchor()
        self._drawn.clear()
        self.layout_of_entries.set(entries)
        self._settle(anchor)

    def add_entries(self, entries: Sequence[Entry]) -> None:
        """Show more entries at the end."""
        if not entries:
            return
        height = self.layout_of_entries.height
        self.layout_of_entries.add(entries)
        self._grow()
        if self.following:
            self._settle(None)
        else:
            self.refresh_lines(height, self.layout_of_entries.height - height)

    def replace(self, entry: Entry) -> None:
        """Show an entry in the place of the one with the same key."""
        anchor = self._anchor()
        self.layout_of_entries.replace(entry)
        self._settle(anchor)

    def drop(self, number: int) -> None:
        """Forget so many of the first entries."""
        anchor = self._anchor()
        self.layout_of_entries.drop(number)
        self._settle(anchor)

    def look_for(self, query: Query) -> None:
        """Show what is looked for."""
        anchor = self._anchor()
        self._drawn.clear()
        self.layout_of_entries.look_for(query)
        self._settle(anchor)

    def go_to_found(self, by: int) -> bool:
        """Go to the next entry that is what is looked for, or to the one before; return whether there is one."""
        place = self.layout_of_entries.next_found(self.current, by)
        if place is not None:
            self._go(place)
        return place is not None

    def choose(self, key: str) -> None:
        """Go to the entry with that key, if it is shown."""
        place = self.layout_of_entries.place(key)
        if place is not None:
            self._go(place)

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.following = True
        self._settle(None)

    def watch_following(self, following: bool) -> None:
        """Tell whoever shows it."""
        self.post_message(self.FollowingChanged(following))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stop following when a person scrolls away from the end."""
        super().watch_scroll_y(old_value, new_value)
        if self.following and not self._settling and new_value < self.max_scroll_y:
            self.following = False

    def watch_current(self, old: int, new: int) -> None:
        """Draw the current entry apart."""
        for place in (old, new):
            if place < len(self.layout_of_entries.shown):
                self._refresh_entry(place)

    def _refresh_entry(self, place: int) -> None:
        layout = self.layout_of_entries
        self.refresh_lines(layout.top(place), len(layout.shown[place].starts))

    def on_resize(self) -> None:
        """Wrap anew."""
        width = self.scrollable_content_region.width
        if width > 0 and width != self.layout_of_entries.width:
            anchor = self._anchor()
            self._drawn.clear()
            self.layout_of_entries.resize(width)
            self._settle(anchor)
        elif self.following:
            self._settle(None)

    def _anchor(self) -> tuple[str, int, str]:
        """Return what has to stay where it is: the entry at the top, how much of it is above, the current entry.

        Nothing has to when a person has not moved: then the beginning stays in view, whatever comes before it.
        """
        layout = self.layout_of_entries
        if not layout.shown or not (self.scroll_offset.y or self.current):
            return "", 0, ""
        index, line = layout.at(self.scroll_offset.y)
        return layout.shown[index].entry.key, line, self.entry.key if self.entry else ""

    def _settle(self, anchor: tuple[str, int, str] | None) -> None:
        """Bring what has to stay back to where it was, or go on to the end when it is followed."""
        layout = self.layout_of_entries
        self._settling = True
        self._grow()
        last = max(0, len(layout.shown) - 1)
        if self.following:
            self.current = last
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        elif anchor is not None:
            top, line, current = anchor
            self.current = min(self.current, last) if (place := layout.place(current)) is None else place
            if (place := layout.place(top)) is not None:
                self.scroll_to(y=layout.top(place) + line, animate=False, force=True)
        self._settling = False
        self.refresh()

    def _grow(self) -> None:
        """Have the height of all lines. Set as usual, the size would have the whole screen arranged anew, each time."""
        self.set_reactive(Outline.virtual_size, Size(0, self.layout_of_entries.height))
        self.vertical_scrollbar.window_virtual_size = self.layout_of_entries.height

    def _go(self, place: int) -> None:
        """Make an entry the current one and bring it into view; the end is followed no more."""
        layout = self.layout_of_entries
        if not layout.shown:
            return
        self.current = max(0, min(place, len(layout.shown) - 1))
        self.following = False
        height = len(layout.shown[self.current].starts)
        region = Region(0, layout.top(self.current), 1, min(height, max(1, self.scrollable_content_region.height)))
        self.scroll_to_region(region, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Return one line of what is seen."""
        layout, width = self.layout_of_entries, self.scrollable_content_region.width
        line = self.scroll_offset.y + y
        if line >= layout.height or width != layout.width:
            return Strip.blank(width, self.rich_style)
        index, nth = layout.at(line)
        shown, chosen = layout.shown[index], index == self.current
        opened = layout.shows_inside(index)
        name = (shown.entry.key, shown.entry.text, chosen and self.has_focus, chosen + 2 * opened)
        if name not in self._drawn:
            if len(self._drawn) > _DRAWN:
                self._drawn.clear()
            self._drawn[name] = self._draw(shown, chosen=chosen, opened=opened)
        return self._drawn[name][nth]

    def _draw(self, shown: Shown, *, chosen: bool, opened: bool) -> list[Strip]:
        layout, entry = self.layout_of_entries, shown.entry
        width, narrow = layout.width, layout.width < NARROW
        style = self.get_visual_style("outline--current") if chosen else self.visual_style
        mark = (_OPEN if opened else _CLOSED) if self._marks and entry.inside else ""
        set_in = " " * STEP * shown.level + mark.ljust(STEP if self._marks else 0)
        below = " " * (layout.set_in(shown) + entry.margins(narrow=narrow)[1])
        lines = self._marked(entry.body()).divide(shown.starts[1:])
        heads: list[Content | str] = [Content(set_in) + entry.lead(narrow=narrow), *[below] * (len(lines) - 1)]
        return [self._strip(head + line.rstrip(), width, style) for head, line in zip(heads, lines, strict=True)]

    def _strip(self, content: Content, width: int, style: Style) -> Strip:
        return Strip(content.render_segments(style)).adjust_cell_length(width, style.rich_style)

    def _marked(self, content: Content) -> Content:
        """Return text in which the words that are looked for can be seen."""
        found = self.get_visual_style("outline--found", partial=True)
        text = content.plain.lower()
        for word in self.layout_of_entries.query.words:
            place = text.find(word)
            while place >= 0:
                content = content.stylize(found, place, place + len(word))
                place = text.find(word, place + len(word))
        return content

    def notify_style_update(self) -> None:
        """Forget lines that were drawn in another theme."""
        self._drawn.clear()
        super().notify_style_update()

    def action_move(self, by: int) -> None:
        """Go some entries on."""
        self._go(self.current + by)

    def action_page(self, by: int) -> None:
        """Go a page on: to the entry that is so many lines away."""
        layout = self.layout_of_entries
        if layout.shown:
            lines = by * max(1, self.scrollable_content_region.height - 1)
            place, _ = layout.at(max(0, min(layout.top(self.current) + lines, layout.height - 1)))
            self._go(place if place != self.current else place + by)

    def action_first(self) -> None:
        """Go to the beginning."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the end."""
        self._go(len(self.layout_of_entries.shown) - 1)

    def action_turn(self, opened: bool | None = None) -> None:
        """Open or close the current entry; closing one that is not open goes to the one that it is inside of."""
        entry, layout = self.entry, self.layout_of_entries
        if entry is None:
            return
        is_open = layout.shows_inside(self.current)
        if opened is False and not is_open:
            self._go(self._outer())
        elif entry.inside and opened is not is_open:
            anchor = self._anchor()
            self.following = False
            layout.turn(entry.key, opened=not is_open)
            self._settle(anchor)

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
            self._go(place)
