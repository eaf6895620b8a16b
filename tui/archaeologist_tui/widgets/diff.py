"""Shows hunks row by row, of which only those that are seen are drawn; long lines go on in the rows below.

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

from archaeologist_tui.reading.hunk_rows import Layout, Shape, lay_out
from archaeologist_tui.widgets.component_styles import DrawnStyles
from archaeologist_tui.widgets.diff_lines import STYLES, DiffLines
from archaeologist_tui.widgets.keyed_scroll import KeyedScroll
from archaeologist_tui.widgets.scrolling import scroll_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.review.model import ReviewHunk

SPLIT_WIDTH = 120
"""Cells from which old and new stand side by side, unless a person chose."""
_AT_ONCE = 300
"""Hunks that are laid out without asking another thread: less than a frame takes."""


class DiffView(KeyedScroll, can_focus=True):
    """Hunks with what was changed, and below each why it is believed."""

    BORDER_TITLE = "Diff"
    DEFAULT_CSS = Path(__file__).with_suffix(".tcss").read_text(encoding="utf-8")
    COMPONENT_CLASSES: ClassVar[set[str]] = set(STYLES)
    OWN: ClassVar = (
        Binding("right_square_bracket", "hunk(1)", "Next hunk", id="diff.next-hunk", tooltip="Next hunk"),
        Binding(
            "left_square_bracket", "hunk(-1)", "Hunk before", show=False, id="diff.previous-hunk", tooltip="Hunk before"
        ),
        Binding("right_curly_bracket", "file(1)", "Next file", show=False, id="diff.next-file", tooltip="Next file"),
        Binding(
            "left_curly_bracket", "file(-1)", "File before", show=False, id="diff.previous-file", tooltip="File before"
        ),
        Binding("s", "split", "Split", id="diff.split", tooltip="Old and new side by side, or below each other"),
        Binding("z", "wrap", "Wrap", id="diff.wrap", tooltip="Wrap long lines, or scroll to their ends"),
    )
    """Its keys besides those that move; a screen around it may hear them for it."""
    BINDINGS: ClassVar = [*OWN]

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
        self._wanted: tuple[tuple[ReviewHunk, ...], Mapping[str, str]] = ((), {})
        self._layout_of_rows = Layout()
        self._lines = DiffLines(self)
        self._drawn_styles = DrawnStyles(self)
        self._split: bool | None = None
        self._wrapped = True

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
        wanted = tuple(hunks), notes or {}
        if wanted == self._wanted:
            if not keep:
                self._go(0)
            return
        if not keep:
            self._layout_of_rows = Layout()
        self._wanted = wanted
        self._lay_out()

    def go_to(self, hunk_id: str) -> None:
        """Make a hunk the current one, and bring it to the top."""
        place = next((number for number, hunk in enumerate(self._hunks) if hunk.id == hunk_id), None)
        if place is not None:
            self._go(place)

    @property
    def _shape(self) -> Shape:
        return Shape(self.scrollable_content_region.width, self.is_split, self._wrapped)

    def _lay_out(self) -> None:
        hunks, notes = self._wanted
        if not self.scrollable_content_region.width:
            return
        if len(hunks) <= _AT_ONCE:
            self.workers.cancel_group(self, "layout")
            self._settle(hunks, lay_out(hunks, notes, self._shape))
        else:
            self._lay_out_apart(hunks, notes)

    @work(exclusive=True, group="layout", description="lay hunks out")  # else it is made of all arguments
    async def _lay_out_apart(self, hunks: tuple[ReviewHunk, ...], notes: Mapping[str, str]) -> None:
        self._settle(hunks, await asyncio.to_thread(lay_out, hunks, notes, self._shape))

    def _settle(self, hunks: tuple[ReviewHunk, ...], layout: Layout) -> None:
        """Take rows over, so that what a person looks at is where it was."""
        now, top = self._place(hunks, layout)
        fresh = not self._layout_of_rows.rows
        self._hunks, self._layout_of_rows = hunks, layout
        self._lines = DiffLines(self, hunks, layout)
        beyond = 0 if layout.shape.wrapped else max(0, layout.longest - layout.room)
        scroll_over(self, Size(beyond and layout.shape.width + beyond, len(layout.rows)))
        self.set_reactive(DiffView.current, now)
        self.scroll_to(x=0 if fresh else min(self.scroll_offset.x, beyond), y=max(0, top), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self, self.hunk))

    def _place(self, hunks: tuple[ReviewHunk, ...], layout: Layout) -> tuple[int, int]:
        """Return the current hunk and the first row among other rows."""
        rows = self._layout_of_rows
        if not rows.starts or not hunks:
            return 0, 0
        numbers = {hunk.id: number for number, hunk in enumerate(hunks)}
        held, offset = rows.held(self.current, self.scroll_offset.y, self.scrollable_content_region.height)
        there = numbers.get(self._hunks[held.hunk].id)
        now = numbers.get(self._hunks[self.current].id, there or 0)
        return now, layout.starts[now] - 1 if there is None else layout.place_of(there, held) - offset

    def on_resize(self) -> None:
        """Lay out anew where another width makes another picture."""
        if self._wanted[0] and self._layout_of_rows.shape != self._shape:
            self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Return one line of what is seen."""
        width = self.scrollable_content_region.width
        scroll_x, scroll_y = self.scroll_offset
        place = scroll_y + y
        if place >= len(self._layout_of_rows.rows):
            return Strip.blank(width, self.rich_style)
        hunk = self._layout_of_rows.rows[place].hunk
        strip = self._lines.strip(place, scroll_x, chosen=hunk == self.current)
        return strip.adjust_cell_length(width).apply_meta({"hunk": hunk})

    def notify_style_update(self) -> None:
        """Forget lines that were drawn in another theme."""
        super().notify_style_update()
        if self._drawn_styles.are_others():
            self._lines = DiffLines(self, self._hunks, self._layout_of_rows)

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
        self._lay_out()

    def action_wrap(self) -> None:
        """Have long lines go on in the row below, or go on to the right, out of sight."""
        self._wrapped = not self._wrapped
        self._lay_out()

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
