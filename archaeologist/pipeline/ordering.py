"""Puts the events of several histories in the order of time while they are read: each is given out when it is its turn.

What had happened when a history was first looked at is the past. Of the past, an event is given out as soon as no
history of which there is more to read can have an earlier one. What comes later is given out as it comes.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from archaeologist.domain.events import StepEnded, StepFailed, StepScheduled
from archaeologist.domain.undone import Undone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archaeologist.domain.events import RunEvent


@dataclass
class _Unread:
    """What is known of the part of a history that is not read yet.

    Attributes:
        since: when the last event happened that was read.
        open: when each step was scheduled that has not ended: that it began is written down with its end only.
    """

    since: datetime
    open: dict[str, datetime] = field(default_factory=dict)

    @property
    def earliest(self) -> datetime:
        """The time before which nothing more can have happened."""
        return next(iter(self.open.values()), self.since)

    def take(self, event: RunEvent) -> None:
        self.since = max(self.since, event.time)
        event = event.event if isinstance(event, Undone) else event
        if isinstance(event, StepScheduled):
            self.open[event.step] = event.time
        elif isinstance(event, (StepEnded, StepFailed)):
            self.open.pop(event.step, None)


class TimeOrder:
    """The events of a run that are read and not given out, and what may come before them."""

    def __init__(self) -> None:
        self._numbers = count()
        self._held: list[tuple[datetime, int, RunEvent]] = []
        self._unread: dict[str, _Unread] = {}

    @property
    def is_past(self) -> bool:
        """Whether there is more to read of what had happened before."""
        return bool(self._unread)

    def begin(self, workflow_run: str, since: datetime) -> None:
        """Expect the past of one more history, of which nothing happened before a time."""
        self._unread[workflow_run] = _Unread(since)

    def read(self, event: RunEvent) -> None:
        """Take an event of one of the histories, in its order."""
        heapq.heappush(self._held, (event.time, next(self._numbers), event))
        if unread := self._unread.get(event.workflow_run):
            unread.take(event)

    def caught_up(self, workflow_run: str) -> None:
        """Expect no more of the past of a history."""
        self._unread.pop(workflow_run, None)

    def due(self) -> Iterator[RunEvent]:
        """Give out those events whose turn it is."""
        earliest = min((unread.earliest for unread in self._unread.values()), default=None)
        while self._held and (earliest is None or self._held[0][0] <= earliest):
            yield heapq.heappop(self._held)[2]
