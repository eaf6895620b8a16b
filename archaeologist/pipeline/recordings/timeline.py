"""The time of a recorded run, with its quiet stretches shortened: a pure mapping of seconds played to the past."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from archaeologist.domain.events import StepStarted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from archaeologist.domain.events import RunEvent
    from archaeologist.pipeline.recordings.flights import Flight


NO_DIFFERENCE = 1e-6
"""Seconds: whoever sleeps until a moment may be so much early."""


@dataclass(frozen=True)
class Delivery:
    """An event, and when whoever follows the run sees it."""

    when: datetime
    event: RunEvent


def deliveries_of(events: Iterable[RunEvent], flights: Iterable[Flight]) -> list[Delivery]:
    """Return the events in the order in which one saw them.

    That an attempt has begun is written down with its end only, as it is no event that a run must remember.
    """
    ends = {id(flight.started): flight.ended.time for flight in flights if flight.started and flight.ended}
    found = [
        Delivery(ends.get(id(event), event.time) if isinstance(event, StepStarted) else event.time, event)
        for event in events
    ]
    return sorted(found, key=lambda each: each.when)


@dataclass(frozen=True)
class Timeline:
    """Maps seconds played to the past and back.

    Args:
        moments: at which something happened, in order; at least one.
        quiet: seconds that a stretch without any of them takes at most.
    """

    moments: Sequence[datetime]
    quiet: float

    @cached_property
    def _positions(self) -> list[float]:
        """Seconds played at each moment."""
        positions = [0.0]
        for one, other in pairwise(self.moments):
            positions.append(positions[-1] + min((other - one).total_seconds(), self.quiet))
        return positions

    @property
    def length(self) -> float:
        """Seconds that all of it takes."""
        return self._positions[-1]

    def past(self, position: float) -> datetime:
        """Return the past time at so many seconds played; within a shortened stretch it goes by faster."""
        after = bisect_right(self._positions, position)
        if after == 0:
            return self.moments[0]
        if after == len(self._positions):
            return self.moments[-1]
        begin, end = self._positions[after - 1], self._positions[after]
        stretch = self.moments[after] - self.moments[after - 1]
        return self.moments[after - 1] + timedelta(seconds=stretch.total_seconds() * (position - begin) / (end - begin))

    def next(self, position: float) -> float | None:
        """Return the seconds played at the next moment, strictly later; None when there is none."""
        after = bisect_right(self._positions, position)
        return self._positions[after] if after < len(self._positions) else None

    def due(self, position: float) -> int:
        """Return how many moments have come after so many seconds played, give or take what floats lose."""
        return bisect_right(self._positions, position + NO_DIFFERENCE)

    def position(self, moment: datetime) -> float:
        """Return the seconds played at one of the moments."""
        return self._positions[bisect_left(self.moments, moment)]
