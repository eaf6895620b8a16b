"""The rows of a run's log: events become lines, and the tool calls of one turn become one row that grows.

At most so many rows are kept; the oldest ones go, and how many went is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist.domain.events import AgentEnded, ResumeAsked, RunPaused, RunResumed, StepEnded, StepStarted
from archaeologist.domain.heard import Heard
from archaeologist.domain.names import Role, Step
from archaeologist.domain.undone import as_it_happened
from archaeologist.reporting.lines import Line, told, told_apart
from archaeologist.wording import counted, tallied
from archaeologist_tools.safety.fencing import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView

MOST_ROWS = 20_000
"""Rows that are kept: some hours of a run with models, in about 20 MB."""

_DROPPED_AT_ONCE = 10
"""The part of all rows that goes when there are too many, so that this happens seldom."""
_OPEN_TURNS = 64
"""Turns whose row may still grow; more conversations are never at work at the same time."""
_ARTEFACT = re.compile(r"[0-9a-f]{64}|")
_CALL = re.compile(r"(?P<talk>.+?)-(?P<turn>\d+)-\d+-(?P<tool>\D.*)")


@dataclass(frozen=True)
class LogRow:
    """One row.

    Attributes:
        number: which one, counted from the first event; of a row that grows the same.
        line: what it says.
        step: the step it is about, as it was by then.
        failed: whether it is about something that went wrong.
        calls: the rows that are folded into this one.
    """

    number: int
    line: Line
    step: StepView | None = None
    failed: bool = False
    calls: tuple[LogRow, ...] = ()

    @cached_property
    def text(self) -> str:
        """What it says in one line, which a terminal may show; who says it stands elsewhere."""
        return on_one_line(self.line.text).removeprefix(f"{self.line.agent}: ")

    @cached_property
    def searched(self) -> str:
        """All that a search looks at, in small letters."""
        own = f"{self.text} {self.line.step} {self.line.agent} {self.line.state}"
        return " ".join([own, *(call.text for call in self.calls)]).lower()

    def field(self, name: str) -> str:
        """Return what a search may ask for by name."""
        match name:
            case "agent":
                return self.line.agent
            case "state":
                return self.line.state.lower()
            case "step":
                return self.line.step.lower()
            case "kind":
                return self.step.kind if self.step else ""
            case "failed":
                return "yes" if self.failed else ""
            case _:
                return ""


@dataclass(frozen=True)
class Detail:
    """Something that is known of a row besides."""

    name: str
    text: str


def details(row: LogRow) -> list[Detail]:
    """Return all that is known of what a row is about, line by line."""
    step, line = row.step, row.line
    if step is None:
        return [Detail("when", f"{line.time.astimezone():%Y-%m-%d %H:%M:%S}"), Detail("text", line.text)]
    found = [
        ("agent", "" if step.agent == line.agent else step.agent),
        ("step", f"{step.name} ({step.kind})"),
        ("summary", step.summary),
        ("attempt", str(step.attempt)),
        *((name, f"{time.astimezone():%Y-%m-%d %H:%M:%S}") for name, time in _times(step)),
        ("took", "" if line.seconds is None else f"{line.seconds:.1f} s"),
        *(("message", text) for text in told_apart(step.message)[0].splitlines()),
        ("hint", told_apart(step.message)[1]),
        *((name.replace("_", " "), str(value)) for name, value in step.result.items() if _tells(value)),
    ]
    return [Detail(name, text) for name, text in found if text]


def _times(step: StepView) -> list[tuple[str, datetime]]:
    times = (("scheduled", step.scheduled), ("started", step.started), ("ended", step.ended))
    return [(name, time) for name, time in times if time is not None]


def _tells(value: object) -> bool:
    """Whether a part of a result says something by itself: ids of artefacts, and what holds others, do not."""
    return isinstance(value, (int, float)) or (isinstance(value, str) and not _ARTEFACT.fullmatch(value))


@dataclass(frozen=True)
class Taken:
    """What came of some events: new rows, rows that say more than before, and how many of the oldest went."""

    new: Sequence[LogRow]
    grown: Sequence[LogRow]
    dropped: int


class LogBook:
    """Makes rows of events, in their order.

    Args:
        most: rows that are kept.
    """

    def __init__(self, most: int = MOST_ROWS) -> None:
        self.dropped = 0
        self._most = most
        self._kept = 0
        self._next = 0
        self._heard = Heard()
        self._paused: dict[str, str] = {}
        self._turns: dict[tuple[str, str, str], LogRow] = {}

    def take(self, events: Iterable[RunEvent], view: RunView) -> Taken:
        """Return the rows that events make, given a picture that includes them."""
        new: dict[int, LogRow] = {}
        grown: dict[int, LogRow] = {}
        for event in events:
            if not self._heard.is_new(event):
                continue
            happened, then = as_it_happened(event, view)
            self._hear(happened)
            line = told(happened, then, self._paused)
            if line is None:
                continue
            row = self._row(happened, line, then)
            row.searched  # noqa: B018 - worked out now, a few at a time, and not for all when a person types
            known = row.number < self._next and row.number not in new
            (grown if known else new)[row.number] = row
            self._next = max(self._next, row.number + 1)
        return Taken(tuple(new.values()), tuple(grown.values()), self._drop(len(new)))

    def add(self, lines: Sequence[Line]) -> Sequence[LogRow]:
        """Return rows for what failed and no event tells of."""
        rows = [LogRow(self._next + place, line, failed=True) for place, line in enumerate(lines)]
        self._next += len(rows)
        self._kept += len(rows)
        return rows

    def _hear(self, event: RunEvent) -> None:
        """Remember who waits, so that what an agent and the orchestrator say for it is told once."""
        if isinstance(event, RunPaused):
            self._paused[event.agent] = event.reason
        elif isinstance(event, ResumeAsked) and event.agent == Role.ORCHESTRATOR:
            self._paused.clear()
        elif isinstance(event, (RunResumed, AgentEnded)):
            self._paused.pop(event.agent, None)

    def _row(self, event: RunEvent, line: Line, view: RunView) -> LogRow:
        step = view.steps.get((event.workflow_run, line.step))
        row = LogRow(self._next, line, step, _went_wrong(event, line, step))
        call = _CALL.fullmatch(line.step)
        if not isinstance(event, StepEnded) or step is None or step.kind != Step.USE_TOOL or call is None:
            return row
        turn = (event.workflow_run, call["talk"], call["turn"])
        begun = self._turns.get(turn)
        folded = _folded((*(begun.calls or (begun,)), row), begun.number) if begun else row
        self._turns[turn] = folded
        if len(self._turns) > _OPEN_TURNS:
            del self._turns[next(iter(self._turns))]
        return folded

    def _drop(self, more: int) -> int:
        self._kept += more
        if self._kept <= self._most:
            return 0
        going = self._kept - self._most + self._most // _DROPPED_AT_ONCE
        self._kept -= going
        self.dropped += going
        return going


def _folded(calls: tuple[LogRow, ...], number: int) -> LogRow:
    """Return one row for the tool calls of a turn, of which there are several."""
    last = calls[-1]
    names = tallied(map(_tool, calls))
    refused = sum(call.failed for call in calls)
    text = f"{last.line.agent}: {counted(len(calls), 'tool call')}: {names}" + (
        f"; {refused} refused" if refused else ""
    )
    seconds = sum(call.line.seconds or 0 for call in calls)
    line = replace(calls[0].line, time=last.line.time, text=text, step=last.line.step, seconds=seconds)
    return LogRow(number, line, None, bool(refused), calls)


def _tool(call: LogRow) -> str:
    match = _CALL.fullmatch(call.line.step)
    return match["tool"] if match else call.line.step


def _went_wrong(event: RunEvent, line: Line, step: StepView | None) -> bool:
    """Whether a row is about a failure, or an attempt after one, or a result that says that something is wrong."""
    if line.state == "FAIL" or isinstance(event, StepStarted):
        return True
    if not isinstance(event, StepEnded) or step is None:
        return False
    result = event.result
    match step.kind:
        case Step.RUN_TESTS:
            return bool(result.get("worse") or result.get("problem") or result.get("failed"))
        case Step.DRAFT_ITEM:
            return bool(result.get("refused"))
        case _:
            return False
