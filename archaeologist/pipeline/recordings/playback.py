"""Plays a recorded run: the same events, in their rhythm, at any speed, with all that was to be seen meanwhile.

What is seen is a function of the recording and of the seconds played, and these one of an injected clock.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from archaeologist.agents.turns.attempt import SHOWN_CHARACTERS
from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.events import StepEnded
from archaeologist.domain.names import Step
from archaeologist.domain.view import viewed
from archaeologist.errors import ArchaeologistError, UsageError
from archaeologist.pipeline.recordings.source import line_of
from archaeologist.pipeline.recordings.timeline import Timeline, deliveries_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from archaeologist.domain.events import DataPlane, PendingStep, RunEvent, RunLine
    from archaeologist.domain.run import RunRequest
    from archaeologist.pipeline.recordings.flights import Flight
    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist.pipeline.recordings.timeline import Delivery

QUIET_SECONDS = 4.0
"""What a stretch without an event takes at most, at speed 1."""


class Clock(Protocol):
    """Where a playback gets its time from."""

    def seconds(self) -> float:
        """Return seconds that only grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many of them."""
        ...


class WallClock:
    """The time that goes by."""

    def seconds(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return after so many of them."""
        await asyncio.sleep(seconds)


class Playback:
    """A run source in which a recorded run happens once more; it begins when somebody follows its events.

    Args:
        source: the recorded run.
        speed: how many seconds of the past go by in one of now.
        quiet: seconds that a stretch without an event takes at most, at speed 1.
        clock: the present.
    """

    def __init__(
        self,
        source: RecordedSource,
        speed: float = 1.0,
        *,
        quiet: float = QUIET_SECONDS,
        clock: Clock | None = None,
    ) -> None:
        self._source = source
        self._quiet = quiet
        self._clock = clock or WallClock()
        self._speed = _valid(speed)
        self._begun = False
        self._played = 0.0
        self._since: float | None = None
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        """How many seconds of the past go by in one of now."""
        return self._speed

    @property
    def playing(self) -> bool:
        """Whether time goes by; not before anybody looks, while it is halted, and after the end."""
        return self._since is not None and self._position < self._timeline.length

    @property
    def progress(self) -> float:
        """How much of the recording has been played, from 0 to 1."""
        return self._position / self._timeline.length if self._timeline.length else 1.0

    def set_speed(self, speed: float) -> None:
        """Play on so fast. Raises UsageError when it is not more than 0."""
        self._settle(self._position, playing=self._since is not None)
        self._speed = _valid(speed)

    def halt(self) -> None:
        """Stop where it is."""
        self._begun = True
        self._settle(self._position, playing=False)

    def play(self) -> None:
        """Go on from where it is."""
        self._begun = True
        self._settle(self._position, playing=True)

    def step(self) -> None:
        """Go on to the next moment at which something happens, and stop there."""
        self._begun = True
        following = self._timeline.next(self._position)
        self._settle(self._timeline.length if following is None else following, playing=False)

    def finish(self) -> None:
        """Go to the end at once."""
        self._begun = True
        self._settle(self._timeline.length, playing=False)

    def begin(self) -> None:
        """Play from the beginning; whoever follows the events has to follow them anew."""
        self._begun = True
        self._settle(0.0, playing=True)

    def now(self) -> datetime:
        """Return the past time at which it is."""
        return self._timeline.past(self._position)

    def data(self, request: RunRequest) -> DataPlane:
        """Return where artefacts and git objects of the run are read."""
        return self._source.data(request)

    async def runs(self) -> list[RunLine]:
        """Return the one run, in the state in which it was."""
        return [await asyncio.to_thread(self._line)]

    async def events(
        self,
        run: RunLine,  # noqa: ARG002 - there is one only
        *,
        follow: bool,
        caught_up: asyncio.Event | None = None,
    ) -> AsyncIterator[RunEvent]:
        """Yield what has happened; with `follow` go on, as time goes by, to the end of the recording."""
        await asyncio.to_thread(lambda: self._deliveries)
        if follow and not self._begun:
            self.play()
        given = 0
        while True:
            due = self._due
            for delivery in self._deliveries[given:due]:
                yield delivery.event
            given = max(given, due)
            if caught_up:
                caught_up.set()
            if not follow or given == len(self._deliveries):
                return
            await self._wait_until(self._timeline.position(self._deliveries[given].when))

    async def pending(self, run: RunLine) -> list[PendingStep]:  # noqa: ARG002 - there is one only
        """Return the steps that were in flight, with what a model was writing."""
        now = self.now()
        return [
            flight.at(now, await self._writing(flight, now)) for flight in self._source.flights if flight.is_at(now)
        ]

    @cached_property
    def _deliveries(self) -> list[Delivery]:
        return deliveries_of(self._source.recorded, self._source.flights)

    @cached_property
    def _timeline(self) -> Timeline:
        return Timeline([delivery.when for delivery in self._deliveries], self._quiet)

    @cached_property
    def _transcripts(self) -> Transcripts:
        return Transcripts(ArtefactStore(self._source.data(self._source.request).artefacts))

    @property
    def _position(self) -> float:
        """Seconds played."""
        gone = 0.0 if self._since is None else (self._clock.seconds() - self._since) * self._speed
        return min(self._played + gone, self._timeline.length)

    @property
    def _due(self) -> int:
        """How many events have happened."""
        return self._timeline.due(self._position)

    def _line(self) -> RunLine:
        past = (delivery.event for delivery in self._deliveries[: self._due])
        return line_of(self._source.request, viewed(past))

    def _settle(self, position: float, *, playing: bool) -> None:
        """Go on from a position, and wake who waits for a moment that comes sooner or later now."""
        self._played = position
        self._since = self._clock.seconds() if playing else None
        self._changed.set()
        self._changed = asyncio.Event()

    async def _wait_until(self, position: float) -> None:
        """Return when so much is played, or when that is to be reckoned anew."""
        waiting: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._changed.wait())]
        if self._since is not None:
            waiting.append(asyncio.ensure_future(self._clock.sleep((position - self._position) / self._speed)))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()

    async def _writing(self, flight: Flight, now: datetime) -> str:
        """Return the end of what a model had written by then: its text grows evenly until the turn is over."""
        share = flight.share(now)
        if flight.scheduled.kind != Step.THINK or not share or not isinstance(flight.ended, StepEnded):
            return ""
        with suppress(ArchaeologistError, LookupError):
            transcript = await asyncio.to_thread(self._transcripts.read, str(flight.ended.result["head"]))
            text = transcript.last_answer.content
            return text[: int(len(text) * share)][-SHOWN_CHARACTERS:]
        return ""


def _valid(speed: float) -> float:
    if not 0 < speed < math.inf:
        raise UsageError(f"a recording cannot be played at speed {speed}", hint="name a speed above 0, such as 4")
    return speed
