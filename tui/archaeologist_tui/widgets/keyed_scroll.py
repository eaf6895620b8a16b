"""Views that keys move, row by row and page by page, as every pane of rows is moved."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.scroll_view import ScrollView

from archaeologist_tui.keys import MOVEMENT

_STEP = 8


class KeyedScroll(ScrollView):
    """A scroll view with the keys of lists: j k, g G, pages, and left and right in long lines."""

    BINDINGS: ClassVar = [
        *MOVEMENT,
        Binding("space", "page(1)", "Page down", show=False, id="scroll.page-down"),
        Binding("right", "columns(1)", "Right", show=False, id="scroll.right"),
        Binding("left", "columns(-1)", "Left", show=False, id="scroll.left"),
    ]

    def follow(self) -> None:
        """Take notice that somebody moved the view."""

    def action_move(self, by: int) -> None:
        """Go some rows on."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
        self.follow()

    def action_page(self, by: int) -> None:
        """Go some pages on."""
        self.action_move(by * max(1, self.scrollable_content_region.height - 2))

    def action_edge(self, end: int) -> None:
        """Go to the first row, or to the last one."""
        self.scroll_to(y=self.virtual_size.height if end else 0, animate=False, force=True)
        self.follow()

    def action_columns(self, by: int) -> None:
        """Go to what is further right or left in long lines."""
        self.scroll_to(x=self.scroll_offset.x + by * _STEP, animate=False, force=True)


class KeyedText(VerticalScroll, can_focus=True):
    """Widgets below each other with the keys of lists."""

    BINDINGS: ClassVar = [*MOVEMENT]

    def action_move(self, by: int) -> None:
        """Go some lines on."""
        self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Go some pages on."""
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, end: int) -> None:
        """Go to the top, or to the end."""
        self.scroll_to(y=self.max_scroll_y if end else 0, animate=False)
