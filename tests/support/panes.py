"""Panes on their own: recorded runs to show in them, and an application that holds nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App

from archaeologist.domain.controls import Health
from archaeologist.domain.events import RunEvent, RunLine, StepEnded, StepScheduled, StepStarted
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunState
from archaeologist.domain.view import RunView, viewed
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

RECORDED = Path(__file__).parents[1] / "recorded" / "0.1.0"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
RUN = RunLine("7f3a", "modernize-x", "first", "/srv/x", "modern", RunState.RUNNING, "", NOON, None, "0.1.0")


class PaneApp(App[None]):
    """Holds one pane."""

    ENABLE_COMMAND_PALETTE: ClassVar = False

    def __init__(self, pane: Widget) -> None:
        super().__init__()
        self.pane = pane

    def compose(self) -> ComposeResult:
        yield self.pane


async def recorded(folder: Path, until: int | None = None) -> tuple[list[RunEvent], Picture]:
    """Return the first events of a recorded run, and its picture by then."""
    source = RecordedSource(folder)
    run = (await source.runs())[0]
    events = [event async for event in source.events(run, follow=False)][:until]
    view = viewed(events)
    assert view.request is not None
    return events, Picture(run, view, events[-1].time, Health(), data=source.data(view.request))


def pictured(events: Iterable[RunEvent], view: RunView | None = None) -> Picture:
    """Return a picture of nothing but these events."""
    return Picture(RUN, view or viewed(events), NOON, Health())


def step(
    number: int,
    name: str,
    kind: Step,
    *,
    agent: Role = Role.MODERNIZER,
    summary: str = "",
    result: dict[str, object] | None = None,
) -> list[RunEvent]:
    """Return the events of one step that took a second."""
    time = NOON + timedelta(seconds=number)
    scheduled = StepScheduled(time, agent, "first", number * 3, step=name, kind=kind.value, summary=summary or name)
    started = StepStarted(time, agent, "first", number * 3 + 1, step=name, attempt=1, last_failure="")
    ended = StepEnded(time + timedelta(seconds=1), agent, "first", number * 3 + 2, step=name, result=result or {})
    return [scheduled, started, ended]


def later(events: Sequence[RunEvent], seconds: float) -> list[RunEvent]:
    """Return events as if they had happened later."""
    return [replace(event, time=event.time + timedelta(seconds=seconds)) for event in events]


async def picture_at(source: RecordedSource, until: Callable[[RunEvent], bool] | None = None) -> Picture:
    """Return the picture of a recorded run with its data and what is in flight; just after the first such event."""
    (run,) = await source.runs()
    events = list(source.recorded)
    if until is not None:
        events = events[: next(place for place, event in enumerate(events) if until(event)) + 1]
    pending = () if until else tuple(await source.pending(run))
    return Picture(run, viewed(events), events[-1].time, Health(), pending, source.data(source.request))
