"""Pictures of recorded runs, at their end or at any moment before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.domain.controls import Health
from archaeologist.domain.events import AgentEnded, RunEvent, StepEnded
from archaeologist.domain.names import Role
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


RECORDED = Path(__file__).parents[1] / "recorded" / "0.1.0"


async def recorded_events(name: str) -> list[RunEvent]:
    """Return the events of a recorded run."""
    source = RecordedSource(RECORDED / name)
    (run,) = await source.runs()
    return [event async for event in source.events(run, follow=False)]


def made_worse(events: Iterable[RunEvent], *, again: bool = True) -> list[RunEvent]:
    """Return the events of a run on whose branch a test fails that passed before; `again`: the run says so, too."""
    broken = {"worse": True, "failed": 1, "broken": ["tests.test_old"]}
    found = list[RunEvent]()
    for event in events:
        if isinstance(event, StepEnded) and event.step == "tests-branch":
            found.append(replace(event, result={**event.result, **broken}))
        elif isinstance(event, AgentEnded) and event.agent == Role.ORCHESTRATOR and again:
            found.append(replace(event, result={**event.result, "verdict": "worse"}))
        else:
            found.append(event)
    return found


async def picture_of(
    name: str, until: Callable[[RunEvent], bool] | None = None, health: Health | None = None
) -> Picture:
    """Return the picture of a recorded run.

    Args:
        name: which recording.
        until: the picture is of the moment just after the first such event; of the end when None.
        health: of server and worker; all well when None.
    """
    source = RecordedSource(RECORDED / name)
    (run,) = await source.runs()
    events = await recorded_events(name)
    if until is not None:
        events = events[: next(place for place, event in enumerate(events) if until(event)) + 1]
    view = viewed(events)
    run = replace(run, state=view.state, ended=view.ended, paused=view.paused)
    return Picture(run, view, events[-1].time, health or Health())
