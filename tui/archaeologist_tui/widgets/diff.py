"""Shows hunks: one row a line, only those that are seen are drawn, and what is drawn once is kept.

Where hunks are thousands, they are laid out beside the event loop; until that is done the rows before stay.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from archaeologist_tui.reading.hunk_rows import Layout, lay_out
from archaeologist_tui.widgets.diff_lines import STYLES, DiffLines
from archaeologist_tui.widgets.keyed_scroll import KeyedScroll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.review.model import ReviewHunk

SPLIT_WIDTH = 120
"""Cells from which old and new stand side by side, unless a person chose."""
_AT_ONCE = 300
"""Hunks that are laid out without asking another thread: less than a frame takes."""
_CACHED = 2_000


class DiffView(KeyedScroll, can_focus=True):
    """Hunks with what was changed, and below each why it is believed."""

    BORDER_TITLE = "Diff"
    DEFAULT_CSS = Path(__file__).with_suffix(".tcss").read_text(encoding="utf-8")
    COMPONENT_CLASSES: ClassVar[set[str]] = set(STYLES)
    BINDINGS: ClassVar = [
        Binding("right_square_bracket", "hunk(1)", "Next hunk", id="diff.next-hunk", tooltip="Next hunk"),
        Binding(
            "left_square_bracket", "hunk(-1)", "Hunk before", show=False, id="diff.previous-hunk", tooltip="Hunk before"
        ),
        Binding("right_curly_bracket", "file(1)", "Next file", show=False, id="diff.next-file", tooltip="Next file"),
        Binding(
            "left_curly_bracket", "file(-1)", "File before", show=False, id="diff.previous-file", tooltip="File before"
        ),
        Binding("s", "split", "Split", id="diff.split", tooltip="Old and new side by side, or below each other"),
    ]

    current: reactive[int] = reactive(0, repaint=True)

    @dataclass
    class Moved(Message):
        """Another hunk is the current one; None when there is none."""

        diff: DiffView
        hunk: ReviewHunk | None

        @property
        def control(self) -> DiffView:
            """The diff."""
            return self.diff

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._hunks: tuple[ReviewHunk, ...] = ()
        self._notes: Mapping[str, str] = {}
        self._layout_of_rows = Layout()
        self._lines = DiffLines(self, ())
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        self._laid: tuple[object, ...] = ()
        self._split: bool | None = None

    @property
    def hunks(self) -> tuple[ReviewHunk, ...]:
        """What is shown."""
        return self._hunks

    @property
    def hunk(self) -> ReviewHunk | None:
        """The current hunk."""
        return self._hunks[self.current] if self.current < len(self._hunks) else None

    @property
    def is_split(self) -> bool:
        """Whether old and new stand side by side."""
        return self.scrollable_content_region.width >= SPLIT_WIDTH if self._split is None else self._split

    def set_hunks(
        self, hunks: Sequence[ReviewHunk], notes: Mapping[str, str] | None = None, *, keep: bool = True
    ) -> None:
        """Show other hunks.

        Args:
            hunks: in the order in which they are shown.
            notes: what is to be said of commits whose hunks have no edits, by commit.
            keep: whether the current hunk stays current, and in its place, as long as it is there.
        """
        if tuple(hunks) == self._hunks and (notes or {}) == self._notes:
            if not keep:
                self._go(0)
            return
        if not keep:
            self._layout_of_rows = Layout()
        self._lay_out(tuple(hunks), notes or {})

    def go_to(self, hunk_id: str) -> None:
        """Make a hunk the current one, and bring it to the top."""
        place = next((number for number, hunk in enumerate(self._hunks) if hunk.id == hunk_id), None)
        if place is not None:
            self._go(place)

    def _lay_out(self, hunks: tuple[ReviewHunk, ...], notes: Mapping[str, str]) -> None:
        if not self.scrollable_content_region.width:
            self._hunks, self._notes = hunks, notes
            return
        if len(hunks) <= _AT_ONCE:
            self.workers.cancel_group(self, "layout")
            self._settle(hunks, notes, lay_out(hunks, notes, self._note_width, split=self.is_split))
        else:
            self._lay_out_apart(hunks, notes)

    @work(exclusive=True, group="layout", description="lay hunks out")  # else it is made of all arguments
    async def _lay_out_apart(self, hunks: tuple[ReviewHunk, ...], notes: Mapping[str, str]) -> None:
        layout = await asyncio.to_thread(lay_out, hunks, notes, self._note_width, split=self.is_split)
        self._settle(hunks, notes, layout)

    @property
    def _note_width(self) -> int:
        return self.scrollable_content_region.width - 4

    def _settle(self, hunks: tuple[ReviewHunk, ...], notes: Mapping[str, str], layout: Layout) -> None:
        """Take rows over, so that the current hunk is where it was."""
        starts = self._layout_of_rows.starts
        old = self.hunk if self.current < len(starts) else None
        offset = starts[self.current] - self.scroll_offset.y if old else 0
        self._hunks, self._notes, self._layout_of_rows = hunks, notes, layout
        self._laid = (self.is_split, self.scrollable_content_region.width)
        self._lines = DiffLines(self, hunks)
        self._strips.clear()
        there = next((number for number, hunk in enumerate(hunks) if old and hunk.id == old.id), None)
        self._measure()
        self.set_reactive(DiffView.current, there or 0)
        top = layout.starts[there] - offset if there is not None else 0
        self.scroll_to(x=None if there is not None else 0, y=max(0, top), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self, self.hunk))

    def _measure(self) -> None:
        layout, width = self._layout_of_rows, self.scrollable_content_region.width
        room = self._lines.room(layout, width, split=self.is_split)
        self.virtual_size = Size(width + max(0, layout.longest - room), len(layout.rows))

    def on_resize(self) -> None:
        """Lay out anew where another width makes another picture."""
        if self._hunks and self._laid != (self.is_split, self.scrollable_content_region.width):
            self._lay_out(self._hunks, self._notes)

    def render_line(self, y: int) -> Strip:
        """Return one line of what is seen."""
        width = self.scrollable_content_region.width
        scroll_x, scroll_y = self.scroll_offset
        place = scroll_y + y
        if place >= len(self._layout_of_rows.rows):
            return Strip.blank(width, self.rich_style)
        row = self._layout_of_rows.rows[place]
        chosen = row.hunk == self.current
        key = (place, scroll_x, chosen)
        if key not in self._strips:
            if len(self._strips) >= _CACHED:
                self._strips.clear()
            drawn = self._lines.strip(row, self._layout_of_rows, width, scroll_x, split=self.is_split, chosen=chosen)
            self._strips[key] = drawn
        return self._strips[key].apply_meta({"hunk": row.hunk})

    def notify_style_update(self) -> None:
        """Forget lines that were drawn in another theme."""
        self._strips.clear()
        self._lines = DiffLines(self, self._hunks)
        super().notify_style_update()

    def watch_current(self) -> None:
        """Tell which hunk is the current one."""
        self.post_message(self.Moved(self, self.hunk))

    def action_hunk(self, by: int) -> None:
        """Go some hunks on."""
        if self._hunks:
            self._go(max(0, min(self.current + by, len(self._hunks) - 1)))

    def action_file(self, by: int) -> None:
        """Go to the first hunk of the next file, or of the file before."""
        firsts = [
            number
            for number, hunk in enumerate(self._hunks)
            if not number or _file(hunk) != _file(self._hunks[number - 1])
        ]
        if firsts:
            at = bisect_right(firsts, self.current) - 1
            self._go(firsts[max(0, min(at + by, len(firsts) - 1))])

    def _go(self, number: int) -> None:
        self.current = number
        starts = self._layout_of_rows.starts
        if number < len(starts):
            self.scroll_to(y=max(0, starts[number] - 1), animate=False, force=True)

    def action_split(self) -> None:
        """Show old and new side by side, or below each other, whatever the width."""
        self._split = not self.is_split
        self._lay_out(self._hunks, self._notes)

    def follow(self) -> None:
        """Make the first hunk that is seen the current one, when the current one is not seen any more."""
        starts, top = self._layout_of_rows.starts, self.scroll_offset.y
        if not starts:
            return
        bottom = top + self.scrollable_content_region.height
        ends = [*starts[self.current + 1 : self.current + 2], len(self._layout_of_rows.rows)]
        if not (starts[self.current] < bottom and ends[0] - 1 > top):
            first = max(0, bisect_right(starts, top) - 1)
            seen = first + (first + 1 < len(starts) and starts[first] < top and starts[first + 1] < bottom)
            self.current = seen

    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def _scrolled(self) -> None:
        self.call_after_refresh(self.follow)

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        number = event.style.meta.get("hunk")
        if number is not None:
            self.current = number


def _file(hunk: ReviewHunk) -> tuple[str, str]:
    return hunk.path, hunk.commit.commit
