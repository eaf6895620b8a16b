"""What the screen of a run does beside what it shows: whom it calls back, and to whom it says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import RunPaused
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, Role
from archaeologist.domain.view import advance
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist_tui.reading import alarms
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.terminal import Terminal
from support.recordings import paused, then
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.domain.events import RunLine
    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.app import Left

PLAN = f"plan {PAUSE_APPROVAL}: 12 files"


class SeenBeforeItsEnd(RecordedControls):
    """A person who looked last a moment before the run ended."""

    def seen(self, run: RunLine) -> datetime | None:
        return run.ended and run.ended - timedelta(seconds=10)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal is told."""
    heard: list[str] = []
    monkeypatch.setattr(Terminal, "tell", lambda _, *alarm: heard.append(": ".join(alarm)))
    return heard


def screen_of(pilot: Pilot[Left]) -> RunScreen:
    """Return the screen of the run."""
    screen = pilot.app.screen
    assert isinstance(screen, RunScreen)
    return screen


async def test_a_short_absence_is_not_worth_a_word(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run, controls=SeenBeforeItsEnd()) as pilot:
        await until_shown(pilot, "write the report")
        assert "Since you looked" not in shown_by(pilot)
        assert not screen_of(pilot).check_action("meanwhile", ())


async def test_somebody_elsewhere_is_told_of_each_question_once(
    demo_in_the_middle: RecordedSource, tmp_path: Path, told: list[str]
) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", PLAN)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        await until_shown(pilot, "item 1 of 3")
        screen = screen_of(pilot)
        first = f"inventory waits for you: run {run.run_id}: the plan: 12 files"
        await until(pilot, lambda: told == [first], "it is told of")
        screen.advance((), screen.picture)
        for number, reason in enumerate((PAUSE_ASKED, f"item-2 {PAUSE_APPROVAL}: commit it")):
            event = RunPaused(screen.picture.now, Role.ORCHESTRATOR, Role.ORCHESTRATOR, 9_000 + number, reason)
            screen.advance((), replace(screen.picture, view=advance(screen.picture.view, [event])))
        await until(pilot, lambda: len(told) > 1, "the next one is told of")
        assert told == [first, f"inventory waits for you: run {run.run_id}: item 2: commit it"]


async def test_somebody_elsewhere_is_told_by_the_list_of_a_run_whose_code_fails(
    demo_in_the_middle: RecordedSource, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "LASTS_SECONDS", 0.0)
    failure = {"failure": {"message": "Nondeterminism error", "applicationFailureInfo": {}}}
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_TASK_FAILED", failure)
    (run,) = await recording.runs()
    async with screens(recording) as pilot:
        await until(pilot, lambda: bool(told), "it is told of")
        assert told == [f"inventory cannot go on: run {run.run_id}: its code fails"]
