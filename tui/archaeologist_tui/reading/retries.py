"""Steps that failed and are tried again: no history tells of them before the last attempt, only what is in flight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.names import spoken_step
from archaeologist.reporting.lines import attempt_of, failure_of
from archaeologist.reporting.retries import has_failed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.events import PendingStep
    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

_SECOND = 2


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
