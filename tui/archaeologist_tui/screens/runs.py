"""All runs of the state directory: what waits for a person is on top."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist_tui.keys import with_keys
from archaeologist_tui.reading.asking import gone_on
from archaeologist_tui.reading.runs import cancel_question, cancelled, heading, ordered, outcome_of, removal, row_of
from archaeologist_tui.screens.attempts import attempted
from archaeologist_tui.screens.calm import CalmScreen
from archaeologist_tui.screens.prompt import Confirm
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.outline_pane import FilterInput
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunLine, RunSource
    from archaeologist_tui.reading.runs import Outcome

LOOK_SECONDS = 2.0
COST_SECONDS = 20.0
SHOW_SECONDS = 0.5
"""What runs have cost is shown so often while it is counted: there may be hundreds."""


class RunsScreen(CalmScreen[None]):
    """A list of runs.

    Args:
        source: where runs are read.
        controls: what can be done with them.
    """

    DEFAULT_CSS = """
    RunsScreen {
        & #columns { height: 1; }
        &.-empty #columns { display: none; }
        & #title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
        & #filter { display: none; height: 1; border: none; padding: 0 1; }
        & #filter.-shown { display: block; }
        & #empty { display: none; padding: 1 2; height: 1fr; }
        &.-empty #empty { display: block; }
        &.-empty RowList { display: none; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("q", "app.detach", "Leave", id="runs.leave", tooltip="Leave; runs go on"),
        Binding("slash", "filter", "Filter", key_display="/", id="runs.filter", tooltip="Show only runs with a word"),
        Binding("p", "resume", "Go on", id="runs.resume", tooltip="Make the current run go on"),
        Binding("x", "cancel", "Cancel", id="runs.cancel", tooltip="Give the current run up; its branch stays"),
        Binding(
            "delete", "delete", "Delete", key_display="del", id="runs.delete", tooltip="Forget a run that has ended"
        ),
        Binding("escape", "unfilter", "Show all", show=False, id="runs.unfilter"),
    ]

    @dataclass
    class Chosen(Message):
        """A person opened a run."""

        run: RunLine

    def __init__(self, source: RunSource, controls: RunControls) -> None:
        super().__init__()
        self._source, self._controls = source, controls
        self._lines: list[RunLine] = []
        self._words = ""
        self._outcomes: dict[str, Outcome] = {}
        self._decided: RunState | None = None

    def compose(self) -> ComposeResult:
        """Show a list below a title."""
        yield Static("Runs", id="title", markup=False)
        yield FilterInput(placeholder="words that a run must have", id="filter")
        yield Static(id="columns", markup=False)
        yield RowList(id="runs")
        yield Static("reading runs", id="empty", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look at once, and from then on every few seconds."""
        self.add_class("-empty")
        self.query_one(RowList).focus()
        self.look()
        self.set_interval(LOOK_SECONDS, self.look)
        self.set_interval(COST_SECONDS, self.count)

    def on_resize(self) -> None:
        """Make use of the room."""
        if self._lines:
            self._show()

    def on_screen_resume(self) -> None:
        """Look when somebody comes back from a run."""
        self.look()

    def on_screen_suspend(self) -> None:
        """Leave off counting when somebody looks at a run, whose events are many perhaps."""
        self.workers.cancel_group(self, "count")

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        """Read the runs anew."""
        if not self.is_seen:
            return
        try:
            self._lines = await self._source.runs()
        except Exception as error:  # noqa: BLE001 - whatever keeps the server from answering, it is asked again
            self.query_one("#title", Static).update(f"Runs: the server does not answer ({type(error).__name__})")
            return
        self._show()
        if any(line.workflow_run not in self._outcomes for line in self._lines):
            self.count()

    @work(exclusive=True, group="count")
    async def count(self) -> None:
        """Read what runs have cost and come to: once when a run has ended, and again as long as it goes on."""
        shown = time.monotonic()
        for line in list(self._lines):
            if not self.is_seen:
                return  # somebody looks at a run, which has to be read first
            if line.state.is_open or line.workflow_run not in self._outcomes:
                with suppress(Exception):  # what cannot be read costs nobody anything; it is read again
                    events = [event async for event in self._source.events(line, follow=False)]
                    self._outcomes[line.workflow_run] = outcome_of(await asyncio.to_thread(viewed, events))
            if time.monotonic() - shown > SHOW_SECONDS:
                self._show()
                shown = time.monotonic()
        self._show()

    def _show(self) -> None:
        lines, now = ordered(self._lines, self._words), self._source.now()
        width = self.size.width - 1  # there may be a scroll bar
        rows = [Row(line.run_id, row_of(line, now, self._outcomes.get(line.workflow_run), width)) for line in lines]
        waiting = sum(bool(line.paused) for line in self._lines)
        words = f"Runs  {len(self._lines)}" + (f"  {waiting} waiting for you" if waiting else "")
        words += f"  filter: {self._words}" if self._words else ""
        self.query_one("#title", Static).update(words, layout=False)
        self.query_one("#columns", Static).update(Content.styled(heading(width), "$foreground-muted"), layout=False)
        self.query_one(RowList).set_rows(rows)
        none = (
            with_keys(self.app, "no run has such a word; {runs.unfilter} shows all")
            if self._lines
            else "no runs yet; `archaeologist modernize PATH` starts one"
        )
        self.query_one("#empty", Static).update(none, layout=False)
        self.set_class(not rows, "-empty")
        self._decide()

    @on(RowList.Moved)
    def _decide(self) -> None:
        """Offer other keys when the current run is in another state."""
        line = self._current
        state = line.state if line else None
        if state is not self._decided:
            self._decided = state
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        match action:
            case "resume":  # a run that goes on, too: perhaps nobody is alive to work on it
                return self._decided not in {None, RunState.DONE}
            case "cancel":
                return self._decided is not None and self._decided.is_open
            case "delete":
                return self._decided is not None and not self._decided.is_open
            case _:
                return True

    @property
    def _current(self) -> RunLine | None:
        key = self.query_one(RowList).key
        return next((line for line in self._lines if line.run_id == key), None)

    @on(RowList.Opened)
    def _open(self, event: RowList.Opened) -> None:
        event.stop()
        line = self._current
        if line is not None:
            self.post_message(self.Chosen(line))

    def action_filter(self) -> None:
        """Let the person type words."""
        field = self.query_one(FilterInput)
        field.add_class("-shown")
        field.focus()

    @on(Input.Changed, "#filter")
    def _filtered(self, event: Input.Changed) -> None:
        self._words = event.value
        self._show()

    @on(Input.Submitted, "#filter")
    def _chosen(self, event: Input.Submitted) -> None:
        event.input.set_class(bool(event.value), "-shown")
        self.query_one(RowList).focus()

    def action_unfilter(self) -> None:
        """Show all runs again."""
        self.query_one(FilterInput).action_leave()

    @work
    async def action_resume(self) -> None:
        """Make the current run go on."""
        line = self._current
        if line is not None:
            await attempted(self, self._controls.resume(line), gone_on)
            self.look()

    @work
    async def action_cancel(self) -> None:
        """Give the current run up, after a question."""
        line = self._current
        if line is not None and await self.app.push_screen_wait(Confirm(cancel_question(line))):
            await attempted(self, self._controls.cancel(line), cancelled(line))
            self.look()

    @work
    async def action_delete(self) -> None:
        """Forget the current run, after a question."""
        line = self._current
        question = f"Forget run {line.run_id}? Its branch {line.branch} stays in the repository" if line else ""
        if line is not None and await self.app.push_screen_wait(Confirm(question)):
            await attempted(self, self._controls.delete(line), f"run {line.run_id} is forgotten; {removal(line)}")
            self.look()
