"""Following a run to its end, whatever is asked of the server at that moment."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from archaeologist.cli import follow
from archaeologist.cli.follow import Follower
from archaeologist.domain.run import RunState
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.playback import Playback

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import pytest

    from archaeologist.domain.events import PendingStep, RunEvent, RunLine
    from archaeologist.pipeline.recordings.source import RecordedSource


class AnswersAtTheEnd(Playback):
    """A run that ends at the moment at which what is in flight is told."""

    def __init__(self, source: RecordedSource) -> None:
        super().__init__(source, speed=sys.float_info.max)
        self.asked = asyncio.Event()
        self.ended = asyncio.Event()

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncGenerator[RunEvent]:
        async for event in super().events(run, follow=follow, caught_up=caught_up):
            yield event
        self.asked.clear()
        await self.asked.wait()
        self.ended.set()

    async def pending(self, run: RunLine) -> list[PendingStep]:
        self.asked.set()
        await self.ended.wait()
        return []


async def test_a_run_that_ends_while_the_server_is_asked_is_followed_no_longer(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "LOOK_SECONDS", 0.1)
    playback = AnswersAtTheEnd(demo_run)
    (line,) = await playback.runs()
    follower = Follower(None, playback, RecordedControls(), "plain", keep_alive=False, aside=True)
    async with asyncio.timeout(30):
        view = await follower.follow(line)
    assert view.state is RunState.DONE
