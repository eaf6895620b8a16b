"""A played run is seen as it was: the same events in their rhythm, and what was in flight at every moment."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import pytest

from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.events import RunPaused, StepEnded, StepStarted
from archaeologist.domain.names import PAUSE_APPROVAL, Role
from archaeologist.domain.playing import Player
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.errors import RunError, UsageError
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.playback import Playback
from support.clocks import Impatient, Turned, settle
from support.recordings import thinking

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import PendingStep, RunEvent, RunLine, RunSource
    from archaeologist.pipeline.recordings.source import RecordedSource

QUIET = 4.0


async def played(source: RecordedSource, speed: float) -> list[tuple[float, RunEvent]]:
    """Play to the end; return the events with the seconds after which they came."""
    clock = Impatient()
    playback: RunSource = Playback(source, speed, quiet=QUIET, clock=clock)
    (line,) = await playback.runs()
    return [(clock.time - 100, event) async for event in playback.events(line, follow=True)]


def at(source: RecordedSource, moment: datetime) -> Playback:
    """Return a playback that has come to a moment."""
    playback = Playback(source, clock=Turned(), quiet=1e9)
    playback.halt()
    while playback.now() < moment:
        before = playback.progress
        playback.step()
        assert playback.progress > before
    return playback


async def test_every_event_comes_once_and_they_make_the_same_picture(demo_run: RecordedSource) -> None:
    events = [event for _, event in await played(demo_run, 8)]
    assert sorted(map(id, events)) == sorted(map(id, demo_run.recorded))
    assert viewed(events) == viewed(demo_run.recorded)


async def test_events_come_in_their_rhythm_divided_by_the_speed(demo_run: RecordedSource) -> None:
    slow, fast = await played(demo_run, 1), await played(demo_run, 4)
    assert [event for _, event in slow] == [event for _, event in fast]
    assert [came for came, _ in fast] == pytest.approx([came / 4 for came, _ in slow])
    ended = [(came, event.time) for came, event in slow if not isinstance(event, StepStarted)]
    gaps = [(there - here, (then - now).total_seconds()) for (here, now), (there, then) in pairwise(ended)]
    assert [played for played, _ in gaps] == pytest.approx([min(QUIET, real) for _, real in gaps], abs=1e-3)
    assert max(real for _, real in gaps) > QUIET


async def test_that_an_attempt_began_is_seen_with_its_end_as_in_a_live_history(demo_run: RecordedSource) -> None:
    events = [event for _, event in await played(demo_run, 8)]
    starts = [(event, events[place + 1]) for place, event in enumerate(events) if isinstance(event, StepStarted)]
    for start, end in starts:
        if isinstance(end, StepEnded) and end.workflow_run == start.workflow_run:
            assert end.step == start.step
    assert sum(isinstance(end, StepEnded) and end.step == start.step for start, end in starts) > len(starts) * 0.9


async def test_nothing_happens_before_somebody_looks(demo_run: RecordedSource) -> None:
    clock = Turned()
    playback = Playback(demo_run, clock=clock)
    await clock.turn(1000)
    assert (playback.playing, playback.progress, playback.now()) == (False, 0, demo_run.recorded[0].time)
    (line,) = await playback.runs()
    assert (line.state, line.ended) == (RunState.RUNNING, None)
    first = [event async for event in playback.events(line, follow=False)]
    assert first == demo_run.recorded[: len(first)]
    assert not playback.playing


class Follower:
    """Somebody who follows a playback on a clock that the test turns."""

    def __init__(self, source: RecordedSource, speed: float = 1) -> None:
        self.clock = Turned()
        self.playback = Playback(source, speed, clock=self.clock, quiet=QUIET)
        self.seen: list[RunEvent] = []
        self.began = asyncio.Event()

    async def __aenter__(self) -> Self:
        (self.line,) = await self.playback.runs()
        self.task = asyncio.create_task(self._follow())
        await self.began.wait()
        await settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()

    async def _follow(self) -> None:
        async for event in self.playback.events(self.line, follow=True):
            self.seen.append(event)
            self.began.set()


async def test_the_speed_can_be_changed_while_it_plays(demo_run: RecordedSource) -> None:
    async with Follower(demo_run) as one, Follower(demo_run) as other:
        await one.clock.turn(20)
        await other.clock.turn(10)
        other.playback.set_speed(5)
        await settle()
        await other.clock.turn(2)
        assert other.playback.now() == one.playback.now()
        assert len(other.seen) == len(one.seen) > 10


async def test_halted_it_stands_still_and_goes_on_from_there(demo_run: RecordedSource) -> None:
    async with Follower(demo_run) as follower:
        await follower.clock.turn(20)
        playback, seen = follower.playback, len(follower.seen)
        playback.halt()
        where = playback.now()
        await follower.clock.turn(500)
        assert (playback.playing, playback.now(), len(follower.seen)) == (False, where, seen)
        playback.play()
        await settle()
        assert playback.playing
        assert playback.now() == where
        await follower.clock.turn(20)
        assert len(follower.seen) > seen


async def test_a_step_brings_the_next_event_and_stops_there(demo_run: RecordedSource) -> None:
    async with Follower(demo_run) as follower:
        await follower.clock.turn(20)
        for _ in range(5):
            seen = len(follower.seen)
            follower.playback.step()
            await settle()
            assert seen < len(follower.seen) <= seen + 4
            assert not follower.playback.playing
            assert follower.playback.now() == max(event.time for event in follower.seen)


async def test_the_end_comes_at_once_when_it_is_asked_for(demo_run: RecordedSource) -> None:
    async with Follower(demo_run) as follower:
        await follower.clock.turn(20)
        follower.playback.finish()
        await follower.task
        assert len(follower.seen) == len(demo_run.recorded)
        assert (follower.playback.progress, follower.playback.playing) == (1, False)
        (line,) = await follower.playback.runs()
        assert line.state is RunState.DONE
        assert line.ended == demo_run.recorded[-1].time
        assert await follower.playback.pending(line) == []


async def test_whoever_comes_later_sees_what_has_happened_at_once(demo_run: RecordedSource) -> None:
    async with Follower(demo_run) as follower:
        await follower.clock.turn(20)
        playback = follower.playback
        past = [event async for event in playback.events(follower.line, follow=False)]
        assert past == follower.seen


async def test_the_run_is_in_the_state_that_it_was_in(demo_run: RecordedSource) -> None:
    asked = next(
        event for event in demo_run.recorded if isinstance(event, RunPaused) and PAUSE_APPROVAL in event.reason
    )
    (line,) = await at(demo_run, asked.time).runs()
    assert line.state is RunState.PAUSED
    assert line.paused == asked.reason


async def test_a_model_is_seen_writing_its_text(demo_run: RecordedSource) -> None:
    moment = thinking(demo_run, Role.MODERNIZER)
    (flight,) = (each for each in demo_run.flights if each.is_at(moment) and each.scheduled.agent is Role.MODERNIZER)
    assert flight.started is not None
    assert isinstance(flight.ended, StepEnded)
    store = ArtefactStore(demo_run.data(demo_run.request).artefacts)
    text = Transcripts(store).read(flight.ended.result["head"]).last_answer.content
    assert text
    async with Follower(demo_run) as follower:
        written: list[str] = []
        while follower.playback.progress < 1:
            await follower.clock.turn(0.25)
            seen = {each.step: each for each in await follower.playback.pending(follower.line)}
            mine = seen.get(flight.scheduled.step)
            if mine is not None and follower.playback.now() > flight.started.time:
                assert (mine.state, mine.started) == ("run", flight.started.time)
                written.append(mine.writes)
            elif written:
                break
    assert len(written) > 5
    whole = [part for part in written if part]
    assert all(len(one) <= len(other) and text.find(other) >= 0 for one, other in pairwise(whole))
    assert len(set(whole)) > 3


async def test_an_attempt_that_failed_is_seen_with_its_reason_and_the_next_ones_time(demo_run: RecordedSource) -> None:
    (flight,) = (each for each in demo_run.flights if each.started and each.started.attempt > 1)
    assert flight.started is not None
    between = flight.scheduled.time + (flight.started.time - flight.scheduled.time) / 2
    seen = flight.at(between)
    assert (seen.state, seen.attempt, seen.again, seen.started) == ("wait", 1, flight.started.time, None)
    assert "status 503" in seen.last_failure
    assert seen.attempts > 1
    again = flight.at(flight.started.time)
    assert (again.state, again.attempt, again.again) == ("run", 2, None)


async def test_what_is_in_flight_is_what_has_begun_and_not_ended(demo_run: RecordedSource) -> None:
    async with Follower(demo_run) as follower:
        for _ in range(60):
            await follower.clock.turn(1)
            view = viewed(follower.seen)
            pending: list[PendingStep] = await follower.playback.pending(follower.line)
            open_steps = {(step.agent, step.name) for step in view.steps.values() if step.state in {"wait", "run"}}
            assert {(step.agent, step.step) for step in pending} == open_steps


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(speed: float, demo_run: RecordedSource) -> None:
    with pytest.raises(UsageError, match="cannot be played at speed"):
        Playback(demo_run, speed)
    with pytest.raises(UsageError, match="cannot be played at speed"):
        Playback(demo_run).set_speed(speed)


def test_a_playback_is_told_from_other_sources(demo_run: RecordedSource) -> None:
    assert isinstance(Playback(demo_run), Player)
    assert not isinstance(demo_run, Player)


REFUSED: list[Callable[[RunControls, RunLine, Budget], Coroutine[object, object, object]]] = [
    lambda controls, run, _: controls.pause(run),
    lambda controls, run, _: controls.resume(run),
    lambda controls, run, _: controls.cancel(run, force=True),
    lambda controls, run, _: controls.decide(run, None),
    lambda controls, run, budget: controls.raise_budget(run, budget),
    lambda controls, run, _: controls.tell(run, "modernizer", "stop"),
    lambda controls, run, _: controls.delete(run),
]


@pytest.mark.parametrize("change", REFUSED)
async def test_a_recorded_run_cannot_be_changed(
    change: Callable[[RunControls, RunLine, Budget], Coroutine[object, object, object]], demo_run: RecordedSource
) -> None:
    controls: RunControls = RecordedControls()
    (line,) = await demo_run.runs()
    with pytest.raises(RunError, match="a recorded run cannot be changed"):
        await change(controls, line, demo_run.request.judgement.budget)
    await controls.revive()
    assert controls.health().whole
