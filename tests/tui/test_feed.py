"""What a screen is told of a run, and how often: when something changed that can be seen, not ten times a second."""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import RunPaused
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui import feed as feeds
from archaeologist_tui.feed import RunFeed, never

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from archaeologist.domain.events import RunEvent, RunLine
    from archaeologist_tui.picture import Picture


@dataclass
class Told:
    """What a screen was told.

    Attributes:
        clock: the run's time, which stands still until a test turns it.
        expected: events that there are.
        calls: events and picture of each time.
    """

    clock: datetime
    expected: int
    calls: list[tuple[Sequence[RunEvent], Picture]] = field(default_factory=list)
    all_told: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, events: Sequence[RunEvent], picture: Picture) -> None:
        """Be told."""
        self.calls.append((events, picture))
        if sum(len(events) for events, _ in self.calls) == self.expected:
            self.all_told.set()

    async def beats(self) -> int:
        """Let the feed look many times; return how often it told something."""
        before = len(self.calls)
        for _ in range(200):
            await asyncio.sleep(0)
        return len(self.calls) - before


@dataclass(frozen=True)
class Clocked(RecordedSource):
    """A recorded run with a clock."""

    told: Told

    def now(self) -> datetime:
        """Return the time."""
        return self.told.clock


@dataclass(frozen=True)
class Silent(RecordedSource):
    """A recorded run that cannot be read.

    Attributes:
        failures: what is raised, the first of it each time.
    """

    failures: list[Exception]

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncIterator[RunEvent]:
        """Raise what there is to be raised first."""
        for failure in self.failures:
            raise failure
        async for event in super().events(run, follow=follow, caught_up=caught_up):
            yield event


@asynccontextmanager
async def followed(
    source: RecordedSource, monkeypatch: pytest.MonkeyPatch, pressed: Callable[[], float] = never
) -> AsyncIterator[Told]:
    """Follow a recorded run without pauses, from when all of it was told."""
    (run,) = await source.runs()
    told = Told(source.now().replace(microsecond=0), len(source.recorded))
    monkeypatch.setattr(feeds, "BEAT_SECONDS", 0)
    feed = RunFeed(Clocked(source.folder, told), RecordedControls(), run, told.take, pressed)
    task = asyncio.create_task(feed.follow())
    await told.all_told.wait()
    await told.beats()
    yield told
    task.cancel()


@dataclass(frozen=True)
class Halting(RecordedSource):
    """A recorded run whose reading halts where it was paused."""

    halted: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncIterator[RunEvent]:
        async for event in super().events(run, follow=follow, caught_up=caught_up):
            yield event
            if isinstance(event, RunPaused) and event.agent == Role.ORCHESTRATOR:
                self.halted.set()
                await self.go_on.wait()


async def test_nothing_is_told_while_nothing_changes(demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch) -> None:
    async with followed(demo_run, monkeypatch) as told:
        assert await told.beats() == 0


@pytest.mark.parametrize(("milliseconds", "times"), [(10, 0), (1_000, 1)])
async def test_the_clock_is_told_once_a_second(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch, milliseconds: int, times: int
) -> None:
    async with followed(demo_run, monkeypatch) as told:
        told.clock += timedelta(milliseconds=milliseconds)
        assert await told.beats() == times


async def test_a_question_of_the_past_is_none_while_the_past_is_read(demo_run: RecordedSource) -> None:
    source = Halting(demo_run.folder)
    (line,) = await source.runs()
    told: list[RunEvent] = []
    changed = asyncio.Event()

    def tell(events: Sequence[RunEvent], picture: Picture) -> None:
        told.extend(events)
        pictures.append(picture)
        changed.set()

    pictures: list[Picture] = []
    feed = RunFeed(source, RecordedControls(), line, tell)

    async def until(condition: Callable[[], bool]) -> Picture:
        async with asyncio.timeout(20):
            while not condition():
                changed.clear()
                await changed.wait()
        return pictures[-1]

    following = asyncio.create_task(feed.follow())
    await source.halted.wait()
    asked = await until(lambda: bool(viewed(told).paused))
    assert (asked.view.paused, asked.view.state, asked.behind) == ("", RunState.DONE, True)
    assert asked.view.steps == viewed(told).steps
    source.go_on.set()
    whole = await until(lambda: not feed.behind)
    assert (whole.view, whole.behind) == (viewed(demo_run.recorded), False)
    following.cancel()


@pytest.mark.parametrize(("patience", "times"), [(0.0, 1), (1_000.0, 0)])
async def test_keys_go_first_but_put_a_run_off_for_a_moment_only(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch, patience: float, times: int
) -> None:
    monkeypatch.setattr(feeds, "PUT_OFF_SECONDS", patience)
    async with followed(demo_run, monkeypatch, lambda: math.inf) as told:
        told.clock += timedelta(seconds=1)
        assert await told.beats() == times


@pytest.mark.parametrize(
    ("failure", "told"),
    [(RuntimeError("Timeout expired\nat 7233"), "Timeout expired"), (TimeoutError(), "no reason is given")],
)
async def test_why_a_run_cannot_be_read_is_told_without_the_name_of_a_class(
    demo_run: RecordedSource, failure: Exception, told: str
) -> None:
    (run,) = await demo_run.runs()
    reasons, is_told = set[str](), asyncio.Event()

    def take(_: Sequence[RunEvent], picture: Picture) -> None:
        reasons.add(picture.unread)
        if picture.unread:
            is_told.set()

    task = asyncio.create_task(RunFeed(Silent(demo_run.folder, [failure]), RecordedControls(), run, take).follow())
    async with asyncio.timeout(20):
        await is_told.wait()
    task.cancel()
    assert reasons - {""} == {told}
