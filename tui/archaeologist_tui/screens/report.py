"""The report of a run, which is the text of a pull request; before there is one, how far the run is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.widgets import Markdown

from archaeologist.artefacts import ArtefactMissing, ArtefactStore
from archaeologist.domain.run import RunState
from archaeologist.reporting.text import branch_commands, result_block
from archaeologist.reporting.text import picture as figures
from archaeologist.review.left_alone import amount_left
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.picture import READING
from archaeologist_tui.screens.above import AboveScreen, answering
from archaeologist_tui.widgets.figures import Figures
from archaeologist_tui.widgets.headline import Headline
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.keyed_scroll import KeyedText
from archaeologist_tui.widgets.notice import Notice

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from archaeologist_tui.picture import Picture


class ReportScreen(AboveScreen):
    """What came of a run.

    Args:
        picture: the run as it was when the report was asked for; `show` brings it up to date.
    """

    DEFAULT_CSS = """
    ReportScreen {
        & KeyedText { padding: 0 2; }
        & Figures { margin: 0 0 1 0; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("escape,t", "app.pop_screen", "Back", id="report.back", tooltip="Back to the run"),
        # All that share a key: those of a class take the place of the inherited ones.
        *answering("revive", "allow", "refuse", "budget", "pause", "go_on", "wait"),
        Binding("y", "copy", "Copy", id="report.copy", tooltip="Copy the report, as the text of a pull request"),
        *answering("cancel"),
    ]

    def __init__(self, picture: Picture) -> None:
        super().__init__(picture)
        self._reading = asyncio.Lock()
        self._shown = ""
        self._text = ""

    def compose(self) -> ComposeResult:
        """Show the block that a run ends with, and the report below it."""
        yield Headline()
        yield Notice(brief=True)
        with KeyedText():
            yield Figures()
            yield Markdown(id="report", open_links=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what there is."""
        self.show(self._picture)

    def shown(self, picture: Picture) -> None:  # noqa: ARG002 - what is read next is of the newest picture
        """Follow the run: the report comes when it ends."""
        self._read_on()

    @work
    async def _read_on(self) -> None:
        async with self._reading:  # and none that is given up for the next one: there may be ten a second
            await self._read()

    async def _read(self) -> None:
        view, data = self._picture.view, self._picture.data
        if view.result is None or data is None:
            self.query_one(Figures).show(visible("\n".join(_so_far(self._picture))))
        elif view.result.report != self._shown:
            self._shown = view.result.report
            store = ArtefactStore(data.artefacts)
            left = await asyncio.to_thread(amount_left, view, store)
            self.query_one(Figures).show(visible(result_block(view, left).strip()))
            self._text = await asyncio.to_thread(_report, store, view.result.report)
            await self.query_one(Markdown).update(self._text)

    def action_copy(self) -> None:
        """Put the report into the clipboard."""
        self.app.copy_to_clipboard(self._text)
        self.notify("copied" if self._text else "there is no report yet", markup=False)


_NO_REPORT = {
    RunState.FAILED: "The run failed before it could write its report. By then:",
    RunState.CANCELLED: "The run was given up before it wrote its report. By then:",
}


def _so_far(picture: Picture) -> list[str]:
    """Return how far a run is without a report, and how to see in git what it has committed."""
    request, view = picture.view.request, picture.view
    if request is None:
        return [READING]
    words = _NO_REPORT.get(view.state, "The report is written when the run ends. So far:")
    lines = [words, "", figures(picture.run, view)]
    if view.commits:
        lines += ["", *branch_commands(request.run.root, request.run.base, request.run.branch)]
    return lines


def _report(store: ArtefactStore, artefact: str) -> str:
    if not artefact:
        return ""
    try:
        return visible(store.get(artefact).decode("utf-8", "replace"))
    except ArtefactMissing as error:
        return f"{error}: the state directory was cleaned"
