"""The panes of a branch: commits beside their hunks, and what was left alone below those.

Where there is room for one of them only, it is the one that a person has gone to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from archaeologist_tui.keys import titled
from archaeologist_tui.widgets.commit_list import CommitList
from archaeologist_tui.widgets.diff import DiffView
from archaeologist_tui.widgets.left_pane import LeftPane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from archaeologist.review.grouping import Grouping


class BranchPanes(Horizontal):
    """Three panes, of which small windows show one or two."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.commits, self.diff, self.left = CommitList(id="commits"), DiffView(id="diff"), LeftPane(id="left")

    def compose(self) -> ComposeResult:
        """Put the diff above what was left alone, and the list beside them."""
        yield self.commits
        with Vertical(id="right"):
            yield self.diff
            yield self.left

    def call(self, by: Grouping) -> None:
        """Write on the panes what they show, and which keys lead there."""
        self.commits.call(by)
        self.diff.border_title = titled(self.app, "branch.diff", self.diff.BORDER_TITLE)
        self.left.call()

    @property
    def is_leaving(self) -> bool:
        """Whether what was left alone has been gone to."""
        return self.has_class("-leaving")

    @property
    def is_reading(self) -> bool:
        """Whether something else than the list has been gone to."""
        return self.has_class("-reading")

    def go_to(self, widget: Widget) -> None:
        """Let a pane have the focus, also where there is room for one of them only."""
        self.set_class(widget is not self.commits, "-reading").set_class(widget is self.left, "-leaving")
        self.screen.set_focus(widget)
