"""What the runs of a list are told by keys, and how the list stays true: it looks, counts, and says what happened."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.run import RunState
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.screens import runs as listing
from archaeologist_tui.screens.runs import RunsScreen
from archaeologist_tui.terminal import Terminal
from support.screens import screens, until, until_shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from archaeologist.domain.events import RunEvent, RunLine
    from archaeologist_tui.app import Left


@dataclass(frozen=True)
class Listed(RecordedSource):
    """A recorded run of which a list tells what a test says.

    Attributes:
        lines: what the list tells.
        can_be_read: whether histories can be.
        looks: how often the list was read.
        answers: whether it is answered.
    """

    lines: list[RunLine] = field(default_factory=list)
    can_be_read: bool = True
    looks: list[int] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def runs(self) -> list[RunLine]:
        """Return what a test says."""
        self.looks.append(len(self.lines))
        await self.answers.wait()
        return list(self.lines)

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncIterator[RunEvent]:
        """Yield them, if they can be read."""
        if not self.can_be_read:
            raise ConnectionRefusedError
        async for event in super().events(run, follow=follow, caught_up=caught_up):
            yield event

    def become(self, **changes: object) -> None:
        """Have the run become another one."""
        self.lines[:] = [replace(line, **changes) for line in self.lines]  # type: ignore[arg-type]  # its fields


async def listed(source: RecordedSource, *, can_be_read: bool = True, **changes: object) -> Listed:
    """Return a recorded run that differs from what is recorded."""
    (line,) = await source.runs()
    found = Listed(source.folder, [line], can_be_read)
    found.become(**changes)
    found.answers.set()
    return found


class Obeying(RecordedControls):
    """Does as it is told."""

    def __init__(self, source: Listed) -> None:
        self._source = source

    async def resume(self, run: RunLine) -> RunLine:
        self._source.become(state=RunState.RUNNING)
        return run

    async def cancel(self, run: RunLine, *, force: bool = False) -> None:
        self._source.become(state=RunState.CANCELLED)

    async def delete(self, run: RunLine) -> None:
        self._source.lines.remove(run)


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the list look by itself so seldom that what is seen comes of a key."""
    monkeypatch.setattr(listing, "LOOK_SECONDS", 3_600.0)


def list_of(pilot: Pilot[Left]) -> RunsScreen:
    """Return the list, whatever covers it."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, RunsScreen))


def said(pilot: Pilot[Left]) -> str:
    """Return all messages, wherever their lines are broken."""
    return " ".join(each.message for each in pilot.app._notifications)


@pytest.mark.parametrize(
    ("state", "key", "asked", "told", "then"),
    [
        (RunState.RUNNING, "x", "Give up run", "is cancelled; `git -C ", "- skip"),
        (RunState.FAILED, "p", "", "goes on", "▸ run"),
        (RunState.CANCELLED, "p", "was given up. Make it", "goes on", "▸ run"),
        (RunState.DONE, "delete", "Forget run", "is forgotten; `git -C ", "no runs yet"),
    ],
)
async def test_a_key_tells_the_current_run_something_and_the_list_shows_what_came_of_it(
    demo_run: RecordedSource, *, state: RunState, key: str, asked: str, told: str, then: str
) -> None:
    source = await listed(demo_run, state=state)
    async with screens(source, controls=Obeying(source)) as pilot:
        await until_shown(pilot, "$0.06")
        await pilot.press(key)
        if asked:
            await until_shown(pilot, asked)
            await pilot.press("n")
            assert not said(pilot)
            await pilot.press(key, "y")
        await until(pilot, lambda: told in said(pilot), "it is told")
        await until_shown(pilot, then)


async def test_of_a_run_that_was_not_read_nobody_says_that_it_has_committed_nothing(demo_run: RecordedSource) -> None:
    source = await listed(demo_run, can_be_read=False)
    async with screens(source, controls=Obeying(source)) as pilot:
        await until_shown(pilot, "Runs: 1")
        await pilot.press("delete")
        await until_shown(pilot, "Its branch archaeologist/demo stays")


async def test_of_a_run_that_was_read_it_is_said(demo_in_the_middle: RecordedSource) -> None:
    source = await listed(demo_in_the_middle, state=RunState.RUNNING)
    async with screens(source, controls=Obeying(source)) as pilot:
        await until(pilot, lambda: bool(list_of(pilot).outcomes), "it is read")
        list_of(pilot).outcomes = {key: replace(each, commits=0) for key, each in list_of(pilot).outcomes.items()}
        await pilot.press("x")
        await until_shown(pilot, "It has committed")


async def test_without_runs_no_key_is_offered_that_tells_one_something(demo_run: RecordedSource) -> None:
    source = await listed(demo_run)
    source.lines.clear()
    async with screens(source) as pilot:
        footer = (await until_shown(pilot, "no runs yet")).splitlines()[-1]
        for word in ("Go on", "Cancel", "Delete", "Start"):
            assert word not in footer


async def test_a_list_that_is_not_read_yet_says_so_and_is_asked_for_once(demo_run: RecordedSource) -> None:
    source = await listed(demo_run)
    source.answers.clear()
    async with screens(source) as pilot:
        await until_shown(pilot, "reading runs")
        for _ in range(3):
            await list_of(pilot).look().wait()
        assert source.looks == [1]
        source.answers.set()
        await until_shown(pilot, "Runs: 1")


async def test_a_server_that_does_not_answer_is_told_and_asked_again(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "ANSWER_SECONDS", 0.01)
    source = await listed(demo_run)
    source.answers.clear()
    async with screens(source) as pilot:
        await until_shown(pilot, "Runs: the server does not answer; it is asked again\n")
        source.answers.set()
        list_of(pilot).look()
        await until_shown(pilot, "Runs: 1")


async def test_the_list_looks_and_counts_by_itself(demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(listing, "COST_SECONDS", 0.05)
    source = await listed(demo_run, state=RunState.RUNNING)
    async with screens(source) as pilot:
        await until_shown(pilot, "$0.06")
        list_of(pilot).outcomes = {}
        source.become(paused="plan waits for an approval: rewrite")
        await until_shown(pilot, "waits for you")
        await until_shown(pilot, "$0.06")


async def test_what_a_finished_run_has_cost_is_counted_once(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    events = Listed.events

    def noted(self: Listed, run: RunLine, *, follow: bool) -> AsyncIterator[RunEvent]:
        read.append(run.state.value)
        return events(self, run, follow=follow)

    monkeypatch.setattr(Listed, "events", noted)
    source = await listed(demo_run)
    async with screens(source) as pilot:
        await until_shown(pilot, "$0.06")
        await list_of(pilot).look().wait()
        await list_of(pilot).count().wait()
        assert read == ["done"]
        source.become(state=RunState.RUNNING)
        await list_of(pilot).look().wait()
        await list_of(pilot).count().wait()
        assert read == ["done", "running"]


async def test_what_happened_while_a_run_was_looked_at_is_told_by_its_screen_alone(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Terminal, "tell", lambda _, *alarm: told.append(": ".join(alarm)))
    monkeypatch.setattr(Terminal, "set_title", lambda _, title: titles.append(title))
    titles: list[str] = []
    source = await listed(demo_run, state=RunState.RUNNING)
    async with screens(source) as pilot:
        await until(pilot, lambda: titles == ["Runs: 1"], "the window is about the runs")
        await pilot.press("enter")
        await until_shown(pilot, "1 Agents")
        looks = len(source.looks)
        await list_of(pilot).look().wait()
        assert len(source.looks) == looks, "nobody sees it"
        await until(pilot, lambda: titles[-1].startswith("DONE inventory "), "the window is about the run")
        await until_shown(pilot, "the run is done; t shows the report, v the branch")
        assert [each.partition(":")[0] for each in told] == ["inventory"], "that it is done"
        told.clear()
        source.become(state=RunState.DONE)
        await pilot.press("escape")
        await until(pilot, lambda: titles[-1] == "Runs: 1", "the window is about the runs again")
        await until_shown(pilot, "✓ ok")
        assert not told
        source.become(state=RunState.PAUSED, paused="plan waits for an approval: rewrite")
        await list_of(pilot).look().wait()
        await until(pilot, lambda: titles[-1] == "Runs: 1, 1 waiting for you", "the window says so")
        assert [each.partition(":")[0] for each in told] == ["inventory waits for you"]
