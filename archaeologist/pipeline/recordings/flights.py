"""When each step of a recorded run was in flight, and what was to be seen of it at a moment of that time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archaeologist.domain.events import PendingStep, StepEnded, StepFailed, StepScheduled, StepStarted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from archaeologist.domain.events import RunEvent


@dataclass(frozen=True)
class Flight:
    """One step from when it was put on its queue to its end.

    Attributes:
        scheduled: when it was put there.
        attempts: how many it may have; 0 when nothing limits them.
        started: the attempt that led to the end; a history knows of no other.
        ended: how it ended; None when it had not when the recording was made.
    """

    scheduled: StepScheduled
    attempts: int
    started: StepStarted | None = None
    ended: StepEnded | StepFailed | None = None

    def is_at(self, when: datetime) -> bool:
        """Whether the step is in flight at a moment."""
        return self.scheduled.time <= when and (self.ended is None or when < self.ended.time)

    def at(self, when: datetime, writes: str = "") -> PendingStep:
        """Return the step as it was to be seen at a moment at which it is in flight.

        Of attempts that failed, only the last one's reason and when the next one began are known.
        """
        started = self.started
        seen = PendingStep(
            agent=self.scheduled.agent,
            step=self.scheduled.step,
            kind=self.scheduled.kind,
            attempt=started.attempt if started else 1,
            state="run",
            last_failure=started.last_failure if started else "",
            started=started.time if started else None,
            writes=writes,
            attempts=self.attempts,
        )
        if started is None or started.time <= when:
            return seen
        again = started.time if started.attempt > 1 else None
        return replace(seen, attempt=max(1, started.attempt - 1), state="wait", started=None, writes="", again=again)

    def share(self, when: datetime) -> float:
        """Return how much of the last attempt is over at a moment, from 0 to 1."""
        if self.started is None or self.ended is None or when <= self.started.time:
            return 0.0
        length = (self.ended.time - self.started.time).total_seconds()
        return min(1.0, (when - self.started.time).total_seconds() / length) if length else 1.0


def flights_of(events: Iterable[RunEvent], limits: Mapping[tuple[str, str], int]) -> list[Flight]:
    """Return all steps of a run.

    Args:
        events: in the order of their times.
        limits: attempts that each step may have, by execution and step.
    """
    flights: list[Flight] = []
    latest: dict[tuple[str, str], int] = {}
    for event in events:
        match event:
            case StepScheduled():
                key = (event.workflow_run, event.step)
                latest[key] = len(flights)
                flights.append(Flight(event, limits.get(key, 0)))
            case StepStarted():
                _change(flights, latest, event, started=event)
            case StepEnded() | StepFailed():
                _change(flights, latest, event, ended=event)
            case _:
                pass
    return flights


def _change(
    flights: list[Flight],
    latest: Mapping[tuple[str, str], int],
    event: StepStarted | StepEnded | StepFailed,
    **what: StepStarted | StepEnded | StepFailed,
) -> None:
    position = latest[event.workflow_run, event.step]
    flights[position] = replace(flights[position], **what)  # type: ignore[arg-type]  # each field of `what` has the type that its caller gives
