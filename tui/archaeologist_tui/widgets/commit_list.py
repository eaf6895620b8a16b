"""The lines of a branch: its commits, or files or agents, as it is grouped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archaeologist.review.grouping import Grouping
from archaeologist_tui.keys import titled
from archaeologist_tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Mapping

_TITLES: Mapping[Grouping, str] = {Grouping.RULE: "Commits", Grouping.FILE: "Files", Grouping.AGENT: "Agents"}


class CommitList(RowList):
    """A list that is called after what a branch is grouped by."""

    BORDER_TITLE: ClassVar = "Commits"

    def call(self, by: Grouping) -> None:
        """Write above the list what its lines are, and below it what they are grouped by."""
        self.border_title, self.border_subtitle = titled(self.app, "branch.list", _TITLES[by]), f"by {by}"
