"""What a person tells the current run of a list by keys; which one that is, is the heir's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding

from archaeologist.domain.run import RunState
from archaeologist_tui.keys import key_of
from archaeologist_tui.reading.asking import ask_in, gone_on, pauses
from archaeologist_tui.reading.runs import cancel_question, delete_question, removal, revival_question
from archaeologist_tui.screens.prompt import Confirm
from archaeologist_tui.screens.telling import TellingScreen
from archaeologist_tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.worker import Worker

    from archaeologist.domain.events import RunLine
    from archaeologist_tui.reading.runs import Outcome
    from archaeologist_tui.reading.trouble import Trouble
    from archaeologist_tui.widgets.rows import Row


class ListScreen(TellingScreen):
    """A list of runs of which the current one can be told what to do.

    Attributes:
        outcomes: what is known of runs by their histories, by the executions of their workflows.
        trouble: what keeps them from going on; None when nothing does.
        decided: the state of the current run and what it is paused for, which decide what can be done; None when there
            is none.
        came_from: id of the run whose screen was open, which is to be the current one as soon as it is shown.
    """

    BINDINGS: ClassVar = [
        Binding("R", "revive", "Start", id="run.revive", tooltip="Start server and worker again"),
        Binding("p", "pause", "Pause", id="runs.pause", tooltip="Stop the current run before its next step"),
        Binding("p", "resume", "Go on", id="runs.resume", tooltip="Make the current run go on"),
        Binding("p", "wait", "What it waits for", show=False, id="runs.resume", tooltip="Say what it waits for"),
        Binding("x", "cancel", "Cancel", id="runs.cancel", tooltip="Give the current run up; its branch stays"),
        Binding(
            "delete", "delete", "Delete", key_display="del", id="runs.delete", tooltip="Forget a run that has ended"
        ),
    ]

    outcomes: Mapping[str, Outcome]
    trouble: Trouble | None = None
    decided: tuple[RunState, str] | None = None
    came_from = ""

    @property
    def current(self) -> RunLine | None:
        """The run of the current row."""
        raise NotImplementedError

    @property
    def made(self) -> int:
        """How many commits the current run has made; one when it is not known yet."""
        known = self.outcomes.get(self.current.workflow_run) if self.current else None
        return known.commits if known else 1

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other runs; the current one stays, unless a person comes from another one."""
        shown = self.query_one(RowList)
        with self.prevent(RowList.Moved):
            shown.set_rows(rows)
            if any(row.key == self.came_from for row in rows):
                shown.choose(self.came_from)
                self.came_from = ""

    @on(RowList.Moved)
    def _moved(self) -> None:
        self.came_from = ""

    def look(self) -> Worker[None]:
        """Read the runs anew."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        state, paused = self.decided or (None, "")
        ask = ask_in(paused)
        match action:
            case "revive":
                return self.trouble is not None
            case "pause":
                return state is RunState.RUNNING
            case "resume":
                stopped = state in {RunState.PAUSED, RunState.FAILED, RunState.CANCELLED}
                return stopped and not (ask and ask.wants_answer)
            case "wait":
                return ask is not None and ask.wants_answer
            case "cancel":
                return state is not None and state.is_open
            case "delete":
                return state is not None and not state.is_open
            case _:
                return True

    @work
    async def action_revive(self) -> None:
        """Start server and worker again."""
        await self.told(self.controls.revive(), "server and worker are there; what was at work goes on")
        self.look()

    @work
    async def action_pause(self) -> None:
        """Pause the current run."""
        line = self.current
        if line is not None:
            goes_on = f"{key_of(self.app, 'runs.resume')} makes it go on"
            done = f"run {line.run_id} {pauses(self.controls.health(), goes_on)}"
            await self.told(self.controls.pause(line), done, starts=False)
            self.look()

    def action_wait(self) -> None:
        """Say what the current run waits for, and where it is answered."""
        if self.current is not None:
            opens = f"{key_of(self.app, 'rows.open')} opens it, where keys answer"
            self.notify(f"{gone_on(self.current)}\n{opens}", markup=False)

    @work
    async def action_resume(self) -> None:
        """Make the current run go on; one that was given up after a question."""
        line = self.current
        if line is not None and line.state is RunState.CANCELLED:
            line = line if await self.app.push_screen_wait(Confirm(revival_question(line))) else None
        if line is not None:
            await self.told(self.controls.resume(line), gone_on)
            self.look()

    @work
    async def action_cancel(self) -> None:
        """Give the current run up, after a question."""
        line = self.current
        if line is not None and await self.app.push_screen_wait(Confirm(cancel_question(line, self.made))):
            done = f"run {line.run_id} is cancelled; {removal(line, self.made)}"
            await self.told(self.controls.cancel(line), done)
            self.look()

    @work
    async def action_delete(self) -> None:
        """Forget the current run, after a question."""
        line = self.current
        if line is not None and await self.app.push_screen_wait(Confirm(delete_question(line, self.made))):
            done = f"run {line.run_id} is forgotten; {removal(line, self.made)}"
            await self.told(self.controls.delete(line), done, starts=False)
            self.look()
