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

from archaeologist.domain.view import viewed
from archaeologist.patience import answer_within
from archaeologist_tui.keys import LEAVE, with_keys
from archaeologist_tui.messages import Alarmed, Titled
from archaeologist_tui.reading.alarms import Watch
from archaeologist_tui.reading.runs import WELL, heading, none_shown, ordered, outcome_of, row_of
from archaeologist_tui.reading.trouble import trouble_of_runs
from archaeologist_tui.screens.listed import ListScreen
from archaeologist_tui.widgets.banner import Banner
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.outline_pane import FilterInput
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from textual.app import ComposeResult

    from archaeologist.domain.controls import Health, RunControls
    from archaeologist.domain.events import RunLine, RunSource
    from archaeologist_tui.reading.alarms import Alarm
    from archaeologist_tui.reading.runs import Outcome

LOOK_SECONDS = 2.0
ANSWER_SECONDS = 10.0
"""What the server may take to list the runs."""
COST_SECONDS = 20.0
SHOW_SECONDS = 0.5
"""What runs have cost is shown so often while it is counted: there may be hundreds."""


class RunsScreen(ListScreen):
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
        LEAVE,
        Binding("slash", "filter", "Filter", key_display="/", id="runs.filter", tooltip="Show only runs with a word"),
        Binding("escape", "unfilter", "Show all", show=False, id="runs.unfilter"),
    ]

    @dataclass
    class Chosen(Message):
        """A person opened a run."""

        run: RunLine

    def __init__(self, source: RunSource, controls: RunControls) -> None:
        super().__init__()
        self._source, self.controls = source, controls
        self._lines: list[RunLine] = []
        self._words, self._were_read = "", False
        self.outcomes: dict[str, Outcome] = {}
        self._health, self._reading = WELL, asyncio.Lock()
        self._watch, self._title = Watch(), ""

    def compose(self) -> ComposeResult:
        """Show a list below a title."""
        yield Static("Runs", id="title", markup=False)
        yield Banner()
        yield FilterInput(placeholder="words that a run must have", id="filter")
        yield Static(id="columns", markup=False)
        yield RowList(id="runs")
        yield Static("reading runs", id="empty", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look every few seconds."""
        self.add_class("-empty")
        self.query_one(RowList).focus()
        self.set_interval(LOOK_SECONDS, self.look)
        self.set_interval(COST_SECONDS, self.count)

    def on_resize(self) -> None:
        """Make use of the room."""
        if self._lines:
            self._show()

    def on_screen_resume(self) -> None:
        """Look at once, also when somebody comes back from a run, whose screen has told what happened to it."""
        self._watch.begin_anew()
        self._title = ""
        self.look()

    def on_screen_suspend(self) -> None:
        """Leave off counting when somebody looks at a run, whose events are many perhaps."""
        self.workers.cancel_group(self, "count")

    @work(group="look")
    async def look(self) -> None:
        """Read the runs anew, unless they are being read; a server that is gone does not even say so."""
        if not self.is_seen:
            return
        self._look_after(self.controls.health())
        self._tell()
        if self._reading.locked():
            return
        async with self._reading:
            try:
                async with answer_within(ANSWER_SECONDS):
                    self._lines = await self._source.runs()
            except Exception:  # noqa: BLE001 - whatever keeps the server from answering, it is asked again
                self.query_one("#title", Static).update("Runs: the server does not answer; it is asked again")
                return
        self._were_read = True
        self._alarm(self._watch.happened(self._lines))
        self._look_after(self._health)
        self._tell()
        self._show()
        if any(line.workflow_run not in self.outcomes for line in self._lines):
            self.count()

    def _tell(self) -> None:
        """Tell somebody who is elsewhere how it stands."""
        failing = {name for name, outcome in self.outcomes.items() if outcome.is_stuck}
        self._alarm(self._watch.heard(self._lines, self.trouble, failing, time.monotonic()))
        if self._lines and (title := ", ".join(self._counts())) != self._title:
            self._title = title
            self.post_message(Titled(title))

    def _alarm(self, alarms: Iterable[Alarm]) -> None:
        for alarm in alarms:
            self.post_message(Alarmed(alarm))

    def _counts(self) -> list[str]:
        waiting = sum(bool(line.paused) for line in self._lines)
        return [
            f"Runs: {len(self._lines)}" if self._were_read else "Runs",
            *([f"{waiting} waiting for you"] if waiting else []),
        ]

    def _look_after(self, health: Health) -> None:
        """Say who is missing, and show of no run that it goes on that does not."""
        trouble = trouble_of_runs(self._lines, health)
        if health == self._health and trouble == self.trouble:
            return
        self._health, self.trouble = health, trouble
        banner = self.query_one(Banner)
        if trouble is None:
            banner.clear()
        else:
            banner.warn(trouble.what, trouble.details, with_keys(self.app, trouble.answer))
        self._show()
        self.refresh_bindings()

    @work(exclusive=True, group="count")
    async def count(self) -> None:
        """Read what runs have cost and come to: once when a run has ended, and again as long as it goes on."""
        shown = time.monotonic()
        for line in list(self._lines):
            if not self.is_seen:
                return  # somebody looks at a run, which has to be read first
            if line.state.is_open or line.workflow_run not in self.outcomes:
                with suppress(Exception):  # what cannot be read costs nobody anything; it is read again
                    events = [event async for event in self._source.events(line, follow=False)]
                    self.outcomes[line.workflow_run] = outcome_of(await asyncio.to_thread(viewed, events))
            if time.monotonic() - shown > SHOW_SECONDS:
                self._show()
                shown = time.monotonic()
        self._show()

    def _show(self) -> None:
        lines, now = ordered(self._lines, self._words), self._source.now()
        width = self.size.width - 1  # there may be a scroll bar
        rows = [Row(line.run_id, self._row(line, now, width)) for line in lines]
        words = [*self._counts(), *([f"filter: {self._words}"] if self._words else [])]
        self.query_one("#title", Static).update("  ".join(words), layout=False)
        self.query_one("#columns", Static).update(Content.styled(heading(width), "$foreground-muted"), layout=False)
        self.show_rows(rows)
        none = none_shown(self._lines, self._health, were_read=self._were_read)
        self.query_one("#empty", Static).update(with_keys(self.app, none), layout=False)
        self.set_class(not rows, "-empty")
        self._decide()

    def _row(self, line: RunLine, now: datetime, width: int) -> Content:
        return row_of(line, now, self.outcomes.get(line.workflow_run), width, self._health)

    @on(RowList.Moved)
    def _decide(self) -> None:
        """Offer other keys when the current run is in another state."""
        line = self.current
        decides = (line.state, line.paused) if line else None
        if decides != self.decided:
            self.decided = decides
            self.refresh_bindings()

    @property
    def current(self) -> RunLine | None:
        """The run of the current row."""
        key = self.query_one(RowList).key
        return next((line for line in self._lines if line.run_id == key), None)

    @on(RowList.Opened)
    def _open(self, event: RowList.Opened) -> None:
        event.stop()
        line = self.current
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
