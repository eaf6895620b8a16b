"""The diff beside the agents: of the commit that waits for an answer, of the chosen line, or of the newest commit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from archaeologist.review.reading import read_commit
from archaeologist_tools.errors import ArchaeologistError
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.history import changes
from archaeologist_tui.reading.commits import NOTHING_OF_CODE, Subject, WantedCommit, wanted_commit
from archaeologist_tui.widgets.diff import DiffView
from archaeologist_tui.widgets.entries import plain

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from archaeologist.domain.events import DataPlane
    from archaeologist.domain.view import RunView
    from archaeologist.review.model import CommitHunks
    from archaeologist_tui.picture import Picture


class DiffPane(Vertical):
    """One commit, hunk by hunk."""

    BORDER_TITLE = "Diff"
    DEFAULT_CSS = """
    DiffPane {
        height: 1fr;
        & > #diff-head { height: auto; max-height: 3; padding: 0 1; }
        & > DiffView { height: 1fr; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._chosen, self._picked = "", NOTHING_OF_CODE
        self._shown: WantedCommit | None = None
        self._picture: Picture | None = None

    def compose(self) -> ComposeResult:
        """Put a line on the commit above its hunks."""
        yield Static(id="diff-head", markup=False)
        yield DiffView()

    def focus(self, scroll_visible: bool = True) -> DiffPane:
        """Focus the hunks."""
        self.query_one(DiffView).focus(scroll_visible)
        return self

    def choose(self, line: str) -> None:
        """Show the commit of another line of the agents' work, if there is one."""
        if line != self._chosen:
            self._chosen, self._picked = line, NOTHING_OF_CODE
        if self._picture is not None:
            self.show(self._picture)

    def pick(self, subject: Subject) -> None:
        """Show what a row of another pane is about, or what is shown without anybody's wish."""
        self._picked = subject

    def show(self, picture: Picture) -> None:
        """Show the commit that is wanted by now."""
        self._picture = picture
        wanted = wanted_commit(picture.view, self._chosen, self._picked)
        if wanted != self._shown and picture.data is not None:
            self._shown = wanted
            self._read(wanted, picture.data, picture.view)

    @work(exclusive=True, group="commit", description="read a commit")  # else it is made of all arguments
    async def _read(self, wanted: WantedCommit, data: DataPlane, view: RunView) -> None:
        head, diff = self.query_one("#diff-head", Static), self.query_one(DiffView)
        if not wanted.commit:
            head.update(Content.styled(wanted.why, "$foreground-muted"))
            diff.set_hunks(())
            return
        try:
            read = await asyncio.to_thread(_read, data, view, wanted)
        except (ArchaeologistError, OSError, ValueError) as error:
            head.update(plain(f"{wanted.commit[:10]} cannot be read: {error}", "$text-error"))
            diff.set_hunks(())
            return
        if read is None:
            head.update(plain(f"no commit of this run changes {wanted.path}", "$foreground-muted"))
            diff.set_hunks(())
            return
        head.update(
            Content.assemble(
                (f"{read.commit.commit[:10]}  ", "$foreground-muted"),
                plain(read.commit.subject, "bold"),
                "  ",
                plain(wanted.why, "$foreground-muted"),
            )
        )
        diff.set_hunks(read.hunks, {wanted.commit: read.note} if read.note else {})
        if first := next((hunk.id for hunk in read.hunks if hunk.path == wanted.path), ""):
            diff.go_to(first)


def _read(data: DataPlane, view: RunView, wanted: WantedCommit) -> CommitHunks | None:
    """Read a commit; None when a file is asked about that no commit of the run changes."""
    if not wanted.path:
        return read_commit(data, view, wanted.commit)
    last = next(iter(changes(Git(data.git_dir), wanted.commit, wanted.path, 1)), None)
    return read_commit(data, view, last.commit) if last is not None and last.commit in view.commits else None
