"""Entries below each other, wrapped and drawn as far as they are seen: an outline without its keys.

RichLog wraps once and never again, and OptionList measures everything at each change; here only what the screen shows
is ever drawn. What a person looks at stays where it is, whatever comes before or behind it; only while the end is
followed, new entries scroll.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from archaeologist_tui.widgets.component_styles import DrawnStyles, component_style
from archaeologist_tui.widgets.drawing import Look, draw
from archaeologist_tui.widgets.layout import Layout
from archaeologist_tui.widgets.scrolling import scroll_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tui.reading.query import Query
    from archaeologist_tui.widgets.entries import Entry

_DRAWN = 512
"""Entries whose lines are kept as they were drawn: some screens full."""


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
        & > .entry-view--found { color: $text-warning; text-style: bold underline; }
        &:ansi > .entry-view--current, &:nocolor > .entry-view--current {
            background: ansi_default;
            text-style: reverse;
        }
    }
    """
    current: reactive[int] = reactive(0, repaint=False)
    following: reactive[bool] = reactive(default=False, repaint=False)

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
        self._settling = False
        self._drawn: dict[Look, list[Strip]] = {}
        self._drawn_styles = DrawnStyles(self)
        self._on_screen: dict[int, tuple[Look, int]] = {}
        """What was drawn last at each line of the screen."""
        self.set_reactive(EntryView.following, follows)

    @property
    def entry(self) -> Entry | None:
        """The current entry."""
        shown = self.layout_of_entries.shown
        return shown[self.current].entry if shown else None

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries; those with a known key are the same ones."""
        anchor = self.held()
        self.layout_of_entries.set(entries)
        self.settle(anchor)

    def add_entries(self, entries: Sequence[Entry]) -> None:
        """Show more entries at the end."""
        if not entries:
            return
        height = self.layout_of_entries.height
        self.layout_of_entries.add(entries)
        scroll_over(self, Size(0, self.layout_of_entries.height))
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
        scroll_over(self, Size(0, self.layout_of_entries.height))
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
        self._refresh_changed()

    def render_line(self, y: int) -> Strip:
        """Return one line of what is seen."""
        layout, width = self.layout_of_entries, self.scrollable_content_region.width
        line = self.scroll_offset.y + y
        if line >= layout.height or width != layout.width:
            self._on_screen.pop(y, None)
            return Strip.blank(width, self.rich_style)
        look, nth = self._on_screen[y] = self._look(line)
        if look not in self._drawn:
            if len(self._drawn) > _DRAWN:
                self._drawn.clear()
            self._drawn[look] = self._draw(look)
        return self._drawn[look][nth]

    def _look(self, line: int) -> tuple[Look, int]:
        """Return how the entry looks that a line belongs to, and which of its lines it is."""
        layout = self.layout_of_entries
        index, nth = layout.at(line)
        chosen = index == self.current
        opened = layout.shows_inside(index)
        return Look(layout.shown[index], chosen, chosen and self.has_focus, opened, layout.query.words), nth

    def _refresh_changed(self) -> None:
        """Have those lines drawn that are not on the screen yet: what changed is mostly elsewhere."""
        first, height = self.scroll_offset.y, self.layout_of_entries.height
        for y in range(self.size.height):
            look = self._look(first + y) if first + y < height else None
            if look != self._on_screen.get(y):
                self.refresh_line(first + y)

    def _draw(self, look: Look) -> list[Strip]:
        style = component_style(self, "entry-view--current") if look.chosen else self.visual_style
        return draw(look, self.layout_of_entries, style, self.get_visual_style("entry-view--found", partial=True))

    def notify_style_update(self) -> None:
        """Forget lines that were drawn with other styles: when the focus moves, those of the current entry."""
        super().notify_style_update()
        if self._drawn_styles.are_others():
            self._drawn.clear()
        for look in [look for look in self._drawn if look.chosen]:
            del self._drawn[look]
