"""Reads a run and tells a screen when its picture changed: at most ten times a second, whatever happens in the run.

While nothing happens the clock alone changes, once a second.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.domain.agents import AgentView
from archaeologist.domain.heard import Heard
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import RunView, advance
from archaeologist.patience import answer_within, leave_if_cancelled
from archaeologist_tui.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunEvent, RunLine, RunSource

BEAT_SECONDS = 0.1
KEY_SECONDS = 0.15
"""What a key does is drawn in so long, before what happens in the run is."""
PUT_OFF_SECONDS = 0.5
"""How long keys may put that off."""
LOOK_SECONDS = 1.0
AGAIN_SECONDS = 1.0
AT_ONCE = 1_000
"""Events that are reduced before the next key is read."""
ANSWER_SECONDS = 5.0
"""What the server may take to say what is in flight."""


def never() -> float:
    """Return when a key was pressed last, where nobody presses any."""
    return -math.inf


class RunFeed:
    """One run's picture, kept up to date.

    Args:
        source: where the run is read.
        controls: what knows whether server and worker are there.
        run: which run.
        tell: called with the events since the last call, which may be none, and the new picture.
        pressed: returns when a key was pressed last, by `time.monotonic`.
    """

    def __init__(
        self,
        source: RunSource,
        controls: RunControls,
        run: RunLine,
        tell: Callable[[Sequence[RunEvent], Picture], None],
        pressed: Callable[[], float] = never,
    ) -> None:
        self._source = source
        self._controls = controls
        self._tell = tell
        self._pressed = pressed
        self._fresh: list[RunEvent] = []
        self._told: Picture | None = None
        self._caught_up = asyncio.Event()
        self._view = first_view(run)
        self.picture = Picture(run, self._view, source.now(), controls.health(), behind=True)

    @property
    def behind(self) -> bool:
        """Whether there are events that the picture does not hold yet."""
        return bool(self._fresh) or not self._caught_up.is_set()

    async def follow(self) -> None:
        """Go on until cancelled: a run that has ended is looked at, too, and its clock stands still."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read())
            group.create_task(self._look())
            group.create_task(self._beat())

    async def _read(self) -> None:
        """Read to the end. What fails is tried again from the beginning: what is known already counts once."""
        heard = Heard()
        while True:
            try:
                async for event in self._source.events(self.picture.run, follow=True, caught_up=self._caught_up):
                    if heard.is_new(event):
                        self._fresh.append(event)
            except Exception as error:  # noqa: BLE001 - whatever keeps the server from answering, it is asked again
                leave_if_cancelled()
                self.picture = replace(self.picture, unread=_reason(error))
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    async def _look(self) -> None:
        """Ask what no history tells: what is in flight, and who is there."""
        while True:
            self.picture = replace(self.picture, health=self._controls.health())
            if self.picture.view.state.is_open:
                await self._ask_for_flight()
            else:
                self.picture = replace(self.picture, pending=())
            await asyncio.sleep(LOOK_SECONDS)

    async def _ask_for_flight(self) -> None:
        try:
            async with answer_within(ANSWER_SECONDS):
                pending = await self._source.pending(self.picture.run)
        except Exception as error:  # noqa: BLE001 - as above
            self.picture = replace(self.picture, unread=_reason(error))
        else:
            self.picture = replace(self.picture, pending=tuple(pending), unread="")

    async def _let_keys_go_first(self) -> None:
        latest = time.monotonic() + PUT_OFF_SECONDS
        while True:
            rest = min(self._pressed() + KEY_SECONDS, latest) - time.monotonic()
            if rest <= 0:
                return
            await asyncio.sleep(rest)

    async def _beat(self) -> None:
        while True:
            if self.picture.view.request is not None:  # else there is nothing to look at yet
                await self._let_keys_go_first()
            fresh, self._fresh = self._fresh[:AT_ONCE], self._fresh[AT_ONCE:]
            self.picture = self._advanced(fresh)
            seen = self._as_seen()
            if fresh or seen != self._told:
                self._told = seen
                self._tell(fresh, self.picture)
            await asyncio.sleep(0 if self._fresh else BEAT_SECONDS)

    def _as_seen(self) -> Picture:
        """Return the picture as a person can tell it from another one: clocks show whole seconds."""
        return replace(self.picture, now=self.picture.now.replace(microsecond=0))

    def _advanced(self, fresh: Sequence[RunEvent]) -> Picture:
        picture = self.picture
        if fresh:
            self._view = advance(self._view, fresh)
        behind = self.behind
        view = _as_it_stands(self._view, picture.run) if behind else self._view
        data = picture.data or (self._source.data(view.request) if view.request else None)
        return replace(picture, view=view, data=data, now=self._source.now(), behind=behind)


def first_view(run: RunLine) -> RunView:
    """Return what a list of runs tells of one, to be shown until its histories are read."""
    waiting = AgentView(Role.ORCHESTRATOR, Role.ORCHESTRATOR, RunState.RUNNING, run.started, paused=run.paused)
    return RunView(state=run.state, started=run.started, ended=run.ended, agents={Role.ORCHESTRATOR: waiting})


def _as_it_stands(view: RunView, run: RunLine) -> RunView:
    """Return a picture of the past with what a list of runs tells of the present: old questions are no questions."""
    orchestrator = replace(view.agents[Role.ORCHESTRATOR], paused=run.paused)
    return replace(view, state=run.state, ended=run.ended, agents={**view.agents, Role.ORCHESTRATOR: orchestrator})


def _reason(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "no reason is given")
