"""The branch of a run: what it changed, hunk by hunk with the evidence, and what it left alone and why.

Nothing is decided here yet: the keys a, r and u are free for accepting, rejecting and taking back hunks. So they do not
answer what the run asks either, which somebody who goes from hunk to hunk may not have seen.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.widgets import Static

from archaeologist.review.filtering import Filter
from archaeologist.review.grouping import Grouping
from archaeologist_tools.git.command import Git
from archaeologist_tui.editor import open_copy
from archaeologist_tui.reading.branch import ALL, FIRST, WEAKEST, BranchLine, branch_of
from archaeologist_tui.review_reader import ReviewReader
from archaeologist_tui.screens.above import AboveScreen
from archaeologist_tui.screens.attempts import attempted
from archaeologist_tui.screens.branch_keys import BRANCH_KEYS
from archaeologist_tui.widgets.branch_panes import BranchPanes
from archaeologist_tui.widgets.commit_list import CommitList
from archaeologist_tui.widgets.diff import DiffView
from archaeologist_tui.widgets.entries import plain
from archaeologist_tui.widgets.git_commands import GitCommands
from archaeologist_tui.widgets.headline import Headline
from archaeologist_tui.widgets.hunk_filter import HunkFilter
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.left_pane import LeftPane
from archaeologist_tui.widgets.notice import Notice
from archaeologist_tui.widgets.review_notes import ReviewNotes
from archaeologist_tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.widget import Widget

    from archaeologist.domain.view import RunView
    from archaeologist.review.model import Review
    from archaeologist_tui.picture import Picture

LOOK_SECONDS = 0.5
_NOTHING = BranchLine("", "", (), ())


class BranchScreen(AboveScreen):
    """What a run has committed so far.

    Args:
        picture: the run; `show` brings it up to date.
        editor: command line of the editor; empty for that of the environment.
    """

    CSS_PATH = "branch.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (140, "-wide")]  # noqa: RUF012 - Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high"), (36, "-tall")]  # noqa: RUF012 - see above
    BINDINGS: ClassVar = [*BRANCH_KEYS]

    commits = getters.query_one("#commits", CommitList)
    diff = getters.query_one("#diff", DiffView)
    left = getters.query_one("#left", LeftPane)
    panes = getters.query_one(BranchPanes)

    def __init__(self, picture: Picture, editor: str = "") -> None:
        super().__init__(picture)
        self._editor = editor
        self._reader, self._reading = ReviewReader(), False
        self._by, self._filter, self._unfolded = Grouping.RULE, Filter(), set[str]()
        self._looked: RunView | None = None
        self._filling = asyncio.Lock()
        self._lines: Mapping[str, BranchLine] = {}
        self._chosen = ""

    def compose(self) -> ComposeResult:
        """Show the list beside the diff, and what was left alone below that."""
        yield Headline()
        yield Notice(brief=True, elsewhere="{branch.back} goes back to the run, where it is answered")
        yield Static(id="summary", markup=False)
        yield ReviewNotes()
        yield BranchPanes(id="panes")
        yield GitCommands()
        yield HunkFilter()
        yield KeyLine()

    def on_mount(self) -> None:
        """Read what there is."""
        self.panes.call(self._by)
        self.set_focus(self.commits)
        self.show(self._picture)

    def on_screen_resume(self) -> None:
        """Name the keys that may have been chosen while another screen was above this one."""
        self.panes.call(self._by)

    def shown(self, picture: Picture) -> None:
        """Follow the run: what it commits comes in, and a person's place stays."""
        self.query_one(GitCommands).tell(picture)
        if not self._reading and picture.view is not self._looked:
            self._reading = True
            self._read_on()

    @work
    async def _read_on(self) -> None:
        """Read until nothing new has come meanwhile; of most of what happens in a run there is nothing to be read."""
        while (view := self._picture.view) is not self._looked:
            self._looked = view
            if await self._reader.read_on(self._picture):
                await self._fill()
            await asyncio.sleep(LOOK_SECONDS)
        self._reading = False

    async def _fill(self) -> None:
        """Show what the filter leaves."""
        async with self._filling:
            await self._fill_from(self._reader.review)

    async def _fill_from(self, review: Review) -> None:
        unfolded = frozenset(self._unfolded)
        shown = await asyncio.to_thread(branch_of, self._picture, review, self._filter, self._by, unfolded)
        self._lines = shown.lines
        self.commits.call(self._by)
        # As long as nobody moved, what is to be looked at first is shown, when it comes to be known.
        moved = bool(self.commits.current or self.diff.current or self.diff.scroll_offset.y)
        self.commits.set_rows(list(shown.lines.values()))
        if not moved:
            self.commits.current = 0
        self.query_one(ReviewNotes).tell(review.notes)
        self.query_one("#summary", Static).update(shown.summary, layout=False)
        self._choose(self.commits.key)
        self.refresh_bindings()

    def _choose(self, key: str) -> None:
        """Show the hunks of a line, and what was left alone there."""
        line = self._lines.get(key, _NOTHING)
        self.diff.set_hunks(line.hunks, self._reader.review.commit_notes, keep=key == self._chosen)
        self._chosen = key
        everywhere = self._lines[ALL].places if ALL in self._lines else ()
        nothing = line.nothing_left if everywhere else "nothing that the filter shows was left alone"
        self.left.set_places(line.places, nothing, everywhere or self._reader.review.left_alone)

    @on(RowList.Moved, "#commits")
    def _line_chosen(self, event: RowList.Moved) -> None:
        self._choose(event.key)

    @on(DiffView.Moved)
    def _hunk_chosen(self) -> None:
        diff, hunk = self.diff, self.diff.hunk
        words = f"hunk {diff.current + 1:,} of {len(diff.hunks):,}: {hunk.path}" if hunk else "no hunks"
        diff.border_subtitle = plain(words)

    @on(HunkFilter.Changed)
    async def _filtered(self, event: HunkFilter.Changed) -> None:
        self._filter = event.filter
        await self._fill()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer keys only while they do something."""
        match action:
            case "weak":
                return not {FIRST, WEAKEST}.isdisjoint(self._lines)
            case "git":
                return self.query_one(GitCommands).has_class("-known")
            case "left":
                return self.focused is not self.left
            case _:
                return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Let a person say which hunks are shown."""
        self.query_one(HunkFilter).open()

    def action_git(self) -> None:
        """Say how to see the branch in git, or no longer."""
        self.query_one(GitCommands).switch()

    async def action_group(self) -> None:
        """Group by the next one of rule, file and agent."""
        orders = list(Grouping)
        self._by = orders[(orders.index(self._by) + 1) % len(orders)]
        await self._fill()

    async def action_fold(self) -> None:
        """Show the parts of the current line, or hide them."""
        self._unfolded ^= {self.commits.key.partition("\0")[0]}
        await self._fill()

    def action_weak(self) -> None:
        """Show what is to be looked at first."""
        self.commits.choose(FIRST if FIRST in self._lines else WEAKEST)
        self.action_diff()

    def go_to(self, widget: Widget) -> None:
        """Go to a pane, also where there is room for one of them only."""
        self.panes.go_to(widget)

    async def action_in_diff(self, action: str) -> None:
        """Do something with the diff, without going there."""
        await self.diff.run_action(action)

    @on(HunkFilter.Closed)
    def action_list(self) -> None:
        """Go to the commits."""
        self.go_to(self.commits)

    @on(RowList.Opened, "#commits")
    def action_diff(self) -> None:
        """Go to the diff."""
        self.go_to(self.diff)

    def action_left(self) -> None:
        """Go to what was left alone."""
        self.go_to(self.left)

    def action_back(self) -> None:
        """Go back: from what is open besides the commits, in a small window from the diff, a filter, and to the run."""
        if self.query_one(GitCommands).is_asked_for:
            self.action_git()
        elif self.panes.is_leaving:
            self.action_diff()
        elif self.has_class("-narrow") and self.panes.is_reading:
            self.action_list()
        elif self._filter.terms:
            self.query_one(HunkFilter).forget()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """Put the current hunk into the clipboard, as a patch."""
        hunk = self.diff.hunk
        if hunk is not None:
            self.app.copy_to_clipboard(hunk.patch.decode(hunk.encoding, "replace"))
            self.notify("copied as a patch; `git apply -R -3` takes it back", markup=False)

    @work
    async def action_edit(self) -> None:
        """Open a copy of the file in the editor, at the hunk or the place that is current."""
        place = self.left.place if self.left.has_focus else None
        target = place or self.diff.hunk
        if target is None or self._picture.data is None:
            return
        opened = open_copy(self.app, Git(self._picture.data.git_dir), self._reader.review.tip, target, self._editor)
        await attempted(self, opened, "that was a copy; neither the branch nor your checkout is changed")
