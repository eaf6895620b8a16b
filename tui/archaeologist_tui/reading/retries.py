"""Steps that failed and are tried again: no history tells of them before the last attempt, only what is in flight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from archaeologist.domain.names import spoken_step
from archaeologist.reporting.lines import Line, attempt_of, failure_of
from archaeologist.reporting.text import attempt_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.events import PendingStep
    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

EVERY = timedelta(minutes=1)
"""How often a log tells of the same kind of failure, at most: a step may be tried again each second."""

_SECOND = 2
_FIGURES = re.compile(r"\d+")


def has_failed(step: PendingStep) -> bool:
    """Whether an attempt of a step in flight failed."""
    return bool(step.last_failure)


def tries_of(step: PendingStep, now: datetime) -> str:
    """Return which attempt a step is at and when it begins: `attempt 3 of 20 in 8 s`; empty for the first one."""
    if step.attempt < _SECOND:
        return ""
    begins = f" in {max(0, int((step.again - now).total_seconds()))} s" if step.again else ""
    return attempt_of(step) + begins


def standing(picture: Picture) -> list[PendingStep]:
    """Return the steps in flight, the one tried most first, when all of them fail; none when something comes on.

    A worker that was killed costs an attempt, too, so a second one that is at work is no standstill.
    """
    steps = picture.pending
    if not all(has_failed(step) and (step.state != "run" or step.attempt > _SECOND) for step in steps):
        return []
    return sorted(steps, key=lambda step: -step.attempt)


def standstill(picture: Picture) -> tuple[str, str]:
    """Return what fails, and what it fails with, when nothing in flight comes on; otherwise two empty texts."""
    steps = standing(picture)
    if not steps:
        return "", ""
    return f"{named(picture.view, steps)}: {tries_of(steps[0], picture.now)}", failure_of(steps[0])


def named(view: RunView, steps: Sequence[PendingStep]) -> str:
    """Return what people call steps in flight: the first, and how many more there are."""
    more = f" and {len(steps) - 1} more" if len(steps) > 1 else ""
    return f"{view.called(steps[0].agent)} {spoken_step(steps[0].step)}{more}"


@dataclass
class Retries:
    """Tells for a log of what failed and is tried again, of each kind of failure once in a while."""

    _told: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def lines(self, picture: Picture) -> list[Line]:
        """Return the lines that are due at a moment."""
        return [line for step in picture.pending if has_failed(step) and (line := self._line(step, picture))]

    def _line(self, step: PendingStep, picture: Picture) -> Line | None:
        failure, now = failure_of(step), picture.now
        kind = (step.agent, step.kind, _FIGURES.sub("", failure))
        if (told := self._told.get(kind)) is not None and now - told < EVERY:
            return None
        self._told[kind] = now
        text = f"{_summary(step, picture.view)} failed: {failure}; {attempt_and_time(step)}"
        return Line(now, picture.view.called(step.agent), "FAIL", text, step.step)


def _summary(step: PendingStep, view: RunView) -> str:
    """Return what people call a step."""
    found = view.steps.get((step.agent, step.step))
    return found.summary if found else step.step
