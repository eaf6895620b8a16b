"""The line below the headline: as much of the phases as there is room for, and what is waited for instead of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archaeologist.domain.controls import Health
from archaeologist.domain.events import PendingStep, RunPaused
from archaeologist.domain.names import PAUSE_ASKED, Phase, Role
from archaeologist.domain.view import advance
from archaeologist_tui.feed import first_view
from archaeologist_tui.picture import READING
from archaeologist_tui.reading.progress import PhaseProgress
from archaeologist_tui.widgets.nowline import QUIET_SECONDS, NowLine, fails, phases, waits
from support.pictures import picture_of

DONE = PhaseProgress(Phase.OPEN, "ok")
WORK = PhaseProgress(Phase.REWRITE, "run", 5, 16, "batches")
ASKS = PhaseProgress(Phase.VERIFY, "ask")
LATER = PhaseProgress(Phase.SYNTHESIZE, "wait")
FAILS = PendingStep(Role.ARCHAEOLOGIST, "dig-2", "think", 2, "wait", "no room\x1b\nand more", None, "", 20)


@pytest.mark.parametrize(
    ("parts", "width", "told"),
    [
        ((DONE, WORK, LATER), 64, "✓ open  ▸ rewrite ███▊░░░░░░░░ 5 of 16 batches  · synthesize"),
        ((DONE, WORK, LATER), 60, "✓ open  ▸ rewrite ███▊░░░░░░░░ 5 of 16 batches  · synthesize"),
        ((DONE, WORK, LATER), 59, "✓ open  ▸ rewrite 5 of 16 batches  · synthesize"),
        ((DONE, WORK, LATER), 44, "phase 2 of 3  ▸ rewrite 5 of 16 batches"),
        ((DONE, WORK, LATER), 38, "▸ rewrite 5 of 16 batches"),
        ((DONE, WORK, LATER), 5, "▸ rewrite 5 of 16 batches"),
        ((DONE, LATER), 19, "1 of 2 phases done"),
        ((DONE, replace(ASKS, mark="skip")), 12, "1 of 2 phases done, 1 left out"),
        ((DONE, replace(WORK, done=16)), 99, "✓ open  ▸ rewrite ████████████ 16 of 16 batches"),
        ((replace(WORK, done=0, total=1),), 99, "▸ rewrite"),
        ((replace(WORK, done=0, total=2),), 99, "▸ rewrite ░░░░░░░░░░░░ 0 of 2 batches"),
        ((LATER, ASKS), 22, "· synthesize  ? verify"),
        ((DONE, LATER, ASKS), 22, "phase 3 of 3  ? verify"),
        ((DONE, LATER, replace(ASKS, mark="FAIL")), 22, "phase 3 of 3  ✗ verify"),
        ((DONE, LATER, ASKS), 21, "? verify"),
    ],
)
def test_where_there_is_little_room_only_what_is_at_work_is_told(
    parts: tuple[PhaseProgress, ...], width: int, told: str
) -> None:
    assert phases(parts, width).plain == told


async def test_what_a_quiet_run_waits_for_is_told_as_long_as_it_should_come_on() -> None:
    picture = await picture_of("interrupted")
    assert picture.view.last_event is not None
    quiet = replace(picture, now=picture.view.last_event + timedelta(seconds=QUIET_SECONDS))
    told = waits(quiet)
    assert told is not None
    assert told.plain.startswith("nothing new for 30 s; ")
    assert waits(replace(quiet, now=quiet.now - timedelta(seconds=1))) is None
    assert waits(replace(quiet, health=Health(worker=False))) is None
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, PAUSE_ASKED)
    assert waits(replace(quiet, view=advance(picture.view, [paused]))) is None
    done = await picture_of("finished")
    assert waits(replace(done, now=done.now + timedelta(hours=1))) is None


async def test_what_fails_is_told_in_one_line_unless_something_else_is_wrong() -> None:
    picture = replace(await picture_of("interrupted"), pending=(FAILS,))
    told = fails(picture)
    assert told is not None
    assert told.plain == "✗ archaeologist reading the code, turn 2: attempt 2 of 20; no room\\x1b"
    assert fails(replace(picture, health=Health(worker=False))) is None
    done = await picture_of("finished")
    assert fails(replace(done, pending=(FAILS,))) is None


async def test_what_fails_goes_before_what_is_waited_for_and_that_before_the_phases() -> None:
    line, picture = NowLine(), await picture_of("interrupted")
    assert line.line(picture, 99).plain.startswith("✓ open  ")
    quiet = replace(picture, now=picture.now + timedelta(minutes=1))
    assert line.line(quiet, 99).plain.startswith("nothing new for 1 min; ")
    assert line.line(replace(quiet, pending=(FAILS,)), 99).plain.startswith("✗ archaeologist reading the code")
    assert line.line(replace(quiet, view=first_view(picture.run)), 99).plain == READING
