"""A list of rows of one line each, of which one is current: thousands of them cost no more than the screen shows.

Rows have keys, so that a list that is set anew ten times a second keeps its current row, and the place where a person
has scrolled to, whatever comes before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events, on
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from archaeologist_tui.keys import MOVEMENT
from archaeologist_tui.widgets.component_styles import component_style
from archaeologist_tui.widgets.entries import NOTHING
from archaeologist_tui.widgets.scrolling import scroll_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

_CACHED = 512


class Listed(Protocol):
    """What a list shows as one line: its key and its content, as `Row` has them."""

    @property
    def key(self) -> str:
        """What stays the same when the list is set anew."""
        ...

    @property
    def content(self) -> Content:
        """What is shown; asked for when the line is seen."""
        ...

    @property
    def aside(self) -> Content:
        """What is shown behind it where there is room for all of it."""
        ...


@dataclass(frozen=True)
class Row:
    """One line.

    Args:
        key: what stays the same when the list is set anew.
        content: what is shown; cut at the widget's width.
        aside: what is shown behind it where there is room for all of it.
    """

    key: str
    content: Content
    aside: Content = NOTHING


class RowList(ScrollView, can_focus=True):
    """Rows with one current row."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .rows--current { background: $surface-lighten-1; }
        &:focus > .rows--current { background: $primary-muted; text-style: bold; }
        &:ansi > .rows--current, &:nocolor > .rows--current { background: ansi_default; text-style: reverse; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--current"}
    BINDINGS: ClassVar = [
        *MOVEMENT,
        Binding("enter", "open", "Open", id="rows.open", tooltip="Open the current row"),
    ]

    current: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Moved(Message):
        """Another row is the current one."""

        rows: RowList
        key: str

        @property
        def control(self) -> RowList:
            """The list."""
            return self.rows

    @dataclass
    class Opened(Message):
        """A person opened a row."""

        rows: RowList
        key: str

        @property
        def control(self) -> RowList:
            """The list."""
            return self.rows

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._rows: tuple[Listed, ...] = ()
        self._strips: dict[tuple[Listed, bool, int, bool], Strip] = {}

    @property
    def key(self) -> str:
        """Key of the current row; empty when there is none."""
        return self._rows[self.current].key if self._rows else ""

    @property
    def rows(self) -> tuple[Listed, ...]:
        """All rows."""
        return self._rows

    def set_rows(self, rows: Sequence[Listed]) -> None:
        """Show other rows; the current row stays current as long as it is there."""
        if tuple(rows) == self._rows:
            return
        key, offset = self.key, self.current - self.scroll_offset.y
        before, self._rows = self._rows, tuple(rows)
        self._refresh_changed(before)
        if len(before) != len(rows):
            scroll_over(self, Size(0, len(rows)))
            self.scroll_to(y=self.scroll_offset.y, animate=False, force=True)
        place = next((index for index, row in enumerate(rows) if row.key == key), None)
        if place is None:
            self.current = max(0, min(self.current, len(rows) - 1))
            if self.key != key:
                self.post_message(self.Moved(self, self.key))
        elif place != self.current:
            self.set_reactive(RowList.current, place)
            self.scroll_to(y=place - offset, animate=False, force=True)
            self.refresh()

    def _refresh_changed(self, before: Sequence[Listed]) -> None:
        """Draw those rows anew that are seen and that are others than before."""
        top = self.scroll_offset.y
        for place, (old, new) in enumerate(
            zip_longest(before[top : top + self.size.height], self._rows[top : top + self.size.height]), top
        ):
            if old != new:
                self.refresh_line(place)

    def choose(self, key: str) -> None:
        """Make the row with that key the current one, if there is one."""
        place = next((index for index, row in enumerate(self._rows) if row.key == key), None)
        if place is not None:
            self.current = place

    def watch_current(self, old: int, new: int) -> None:
        """Bring the current row into view and tell."""
        for place in (old, new):
            self.refresh_line(place)
        if self._rows:
            self.scroll_to_region(Region(0, self.current, 1, 1), animate=False, force=True)
            self.post_message(self.Moved(self, self.key))

    def render_line(self, y: int) -> Strip:
        """Return one line of what is seen."""
        width, index = self.scrollable_content_region.width, self.scroll_offset.y + y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        chosen = index == self.current
        cache_key = (self._rows[index], chosen, width, self.has_focus)
        if cache_key not in self._strips:
            if len(self._strips) > _CACHED:
                self._strips.clear()
            self._strips[cache_key] = self._strip(self._rows[index], width, chosen=chosen)
        return self._strips[cache_key].apply_meta({"row": index})

    def _strip(self, row: Listed, width: int, *, chosen: bool) -> Strip:
        style = component_style(self, "rows--current") if chosen else self.visual_style
        whole = row.content + row.aside
        content = whole if whole.cell_length <= width else row.content.truncate(width, ellipsis=True)
        return Strip(content.render_segments(style)).adjust_cell_length(width, style.rich_style)

    def notify_style_update(self) -> None:
        """Forget lines that were drawn in another theme."""
        self._strips.clear()
        super().notify_style_update()

    def action_move(self, by: int) -> None:
        """Go some rows on."""
        if self._rows:
            self.current = max(0, min(self.current + by, len(self._rows) - 1))

    def action_page(self, by: int) -> None:
        """Go some pages on."""
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, end: int) -> None:
        """Go to the first row, or to the last one."""
        if self._rows:
            self.current = len(self._rows) - 1 if end else 0

    def action_open(self) -> None:
        """Open the current row."""
        if self._rows:
            self.post_message(self.Opened(self, self.key))

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        index = event.style.meta.get("row")
        if index is None:
            return
        if index == self.current:
            self.action_open()
        else:
            self.current = index
