"""Who looks at one run is told when another one needs a person or ends."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.names import PAUSE_APPROVAL
from archaeologist.domain.run import RunState
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.app import ArchaeologistApp
from archaeologist_tui.screens import runs
from archaeologist_tui.terminal import Terminal
from support.screens import screens, until, until_shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from archaeologist.domain.events import RunLine
    from archaeologist_tui.app import Left


@dataclass(frozen=True)
class Several(RecordedSource):
    """A recorded run, and others that a list tells of."""

    others: list[RunLine] = field(default_factory=list)

    async def runs(self) -> list[RunLine]:
        """Return all of them."""
        return [*await super().runs(), *self.others]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal is told."""
    heard: list[str] = []
    monkeypatch.setattr(Terminal, "tell", lambda _, *alarm: heard.append(": ".join(alarm)))
    return heard


@asynccontextmanager
async def looking(source: Several, run: RunLine) -> AsyncIterator[tuple[Pilot[Left], ArchaeologistApp]]:
    """Open the screen of a run, and let it be found how the others are."""
    async with screens(source, run=run) as pilot:
        app = pilot.app
        assert isinstance(app, ArchaeologistApp)
        await until_shown(pilot, "1 Agents")
        await app.look_elsewhere().wait()
        yield pilot, app


async def test_another_run_that_needs_a_person_or_ends_is_told_of_once(
    demo_in_the_middle: RecordedSource, told: list[str]
) -> None:
    (run,) = await demo_in_the_middle.runs()
    other = replace(run, run_id="beef", workflow_run="2", repository="/repositories/ledger", state=RunState.RUNNING)
    waits = replace(other, state=RunState.PAUSED, paused=f"plan {PAUSE_APPROVAL}: 12 files")
    source = Several(demo_in_the_middle.folder, others=[other])
    async with looking(source, run) as (pilot, app):
        assert not told
        source.others[:] = [waits]
        await app.look_elsewhere().wait()
        await app.look_elsewhere().wait()
        await until_shown(pilot, "ledger waits for you")
        assert told == ["ledger waits for you: run beef: the plan: 12 files"]
        source.others[:] = [replace(waits, state=RunState.DONE, paused="")]
        await app.look_elsewhere().wait()
        await until(
            pilot, lambda: told[1:] == [f"ledger: DONE: run beef: its branch is {run.branch}"], "its end is told"
        )


async def test_what_the_open_runs_own_screen_tells_is_not_told_again(
    demo_in_the_middle: RecordedSource, told: list[str]
) -> None:
    (run,) = await demo_in_the_middle.runs()
    other = replace(run, run_id="beef", workflow_run="2", state=RunState.RUNNING)
    source = Several(demo_in_the_middle.folder, others=[other])
    async with looking(source, other) as (_, app):
        source.others[:] = [replace(other, state=RunState.DONE)]
        await app.look_elsewhere().wait()
        assert not told


async def test_what_the_list_has_shown_is_not_told_again(
    demo_in_the_middle: RecordedSource, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LOOK_SECONDS", 1_000.0)  # once, when it is come back to
    (run,) = await demo_in_the_middle.runs()
    other = replace(run, run_id="beef", workflow_run="2", state=RunState.RUNNING)
    source = Several(demo_in_the_middle.folder, others=[other])
    async with looking(source, run) as (pilot, app):
        source.others[:] = [replace(other, state=RunState.DONE)]
        await pilot.press("escape")
        await until_shown(pilot, "✓ ok")
        await app.look_elsewhere().wait()
        await pilot.press("home", "enter")
        await until_shown(pilot, "1 Agents")
        await app.look_elsewhere().wait()
        assert not told
