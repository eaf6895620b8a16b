"""Entries below each other, wrapped and drawn as far as they are seen: an outline without its keys.

RichLog wraps once and never again, and OptionList measures everything at each change; here only what the screen shows
is ever drawn. What a person looks at stays where it is, whatever comes before or behind it; only while the end is
followed, new entries scroll.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.geometry import Size
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


class EntryView(ScrollView):
    """Entries of which one is the current one.

    Args:
        marks: whether entries that can be opened have a mark.
        hides: whether a query hides what it does not find.
        follows: whether the end is followed from the beginning.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"entry-view--current", "entry-view--found"}
    DEFAULT_CSS = """
    EntryView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .entry-view--current { background: $surface-lighten-1; }
        &:focus > .entry-view--current { background: $primary-muted; }
        & > .entry-view--found { background: $warning-muted; text-style: underline; }
        &:ansi > .entry-view--current, &:nocolor > .entry-view--current {
            background: ansi_default;
            text-style: reverse;
        }
    }
    """
    current: reactive[int] = reactive(0)
    following: reactive[bool] = reactive(default=False)

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
        self.set_reactive(EntryView.following, follows)

    @property
    def entry(self) -> Entry | None:
        """The current entry."""
        shown = self.layout_of_entries.shown
        return shown[self.current].entry if shown else None

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries; those with a known key are the same ones."""
        anchor = self.held()
        self._drawn.clear()
        self.layout_of_entries.set(entries)
        self.settle(anchor)

    def add_entries(self, entries: Sequence[Entry]) -> None:
        """Show more entries at the end."""
        if not entries:
            return
        height = self.layout_of_entries.height
        self.layout_of_entries.add(entries)
        self._grow()
        if self.following:
            self.settle(None)
        else:
            self.refresh_lines(height, self.layout_of_entries.height - height)

    def replace(self, entry: Entry) -> None:
        """Show an entry in the place of the one with the same key."""
        anchor = self.held()
        self.layout_of_entries.replace(entry)
        self.settle(anchor)

    def drop(self, number: int) -> None:
        """Forget so many of the first entries."""
        anchor = self.held()
        self.layout_of_entries.drop(number)
        self.settle(anchor)

    def look_for(self, query: Query) -> None:
        """Show what is looked for."""
        anchor = self.held()
        self._drawn.clear()
        self.layout_of_entries.look_for(query)
        self.settle(anchor)

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.following = True
        self.settle(None)

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
            anchor = self.held()
            self._drawn.clear()
            self.layout_of_entries.resize(width)
            self.settle(anchor)
        elif self.following:
            self.settle(None)

    def held(self) -> tuple[str, int, str]:
        """Return what has to stay where it is: the entry at the top, how much of it is above, the current entry.

        Nothing has to when a person has not moved: then the beginning stays in view, whatever comes before it.
        """
        layout = self.layout_of_entries
        if not layout.shown or not (self.scroll_offset.y or self.current):
            return "", 0, ""
        index, line = layout.at(self.scroll_offset.y)
        return layout.shown[index].entry.key, line, self.entry.key if self.entry else ""

    def settle(self, anchor: tuple[str, int, str] | None) -> None:
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
        self.set_reactive(EntryView.virtual_size, Size(0, self.layout_of_entries.height))
        self.vertical_scrollbar.window_virtual_size = self.layout_of_entries.height

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
        style = self.get_visual_style("entry-view--current") if chosen else self.visual_style
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
        found = self.get_visual_style("entry-view--found", partial=True)
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
