"""Tells of steps that failed and are tried again: no history does before the last attempt, only what is in flight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from archaeologist.domain.names import spoken_step
from archaeologist.reporting.lines import Line, failure_of
from archaeologist.reporting.text import attempt_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.events import PendingStep
    from archaeologist.domain.view import RunView

EVERY = timedelta(minutes=1)
"""How often a log tells of the same kind of failure, at most: a step may be tried again each second."""

_FIGURES = re.compile(r"\d+")


def has_failed(step: PendingStep) -> bool:
    """Whether an attempt of a step in flight failed."""
    return bool(step.last_failure)


@dataclass
class Retries:
    """Tells for a log of what failed and is tried again, of each kind of failure once in a while."""

    _told: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def lines(self, pending: Sequence[PendingStep], view: RunView, now: datetime) -> list[Line]:
        """Return the lines that are due at a moment.

        Args:
            pending: what is in flight.
            view: the picture of the run.
            now: the moment.
        """
        return [line for step in pending if has_failed(step) and (line := self._line(step, view, now))]

    def _line(self, step: PendingStep, view: RunView, now: datetime) -> Line | None:
        failure = failure_of(step)
        kind = (step.agent, step.kind, _FIGURES.sub("", failure))
        if (told := self._told.get(kind)) is not None and now - told < EVERY:
            return None
        self._told[kind] = now
        text = f"{_summary(step, view)} failed: {failure}; {attempt_and_time(step)}"
        return Line(now, view.called(step.agent), "FAIL", text, step.step)


def _summary(step: PendingStep, view: RunView) -> str:
    """Return what people call a step: the newest of that name, as the agent may have begun anew."""
    steps, spoken = reversed(view.steps.values()), spoken_step(step.step)
    return next((each.summary for each in steps if (each.agent, each.name) == (step.agent, step.step)), spoken)
