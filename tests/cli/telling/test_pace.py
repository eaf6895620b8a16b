from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archaeologist.cli.telling.pace import pace_line
from archaeologist.domain.events import StepEnded, StepStarted
from support.pictures import picture_of


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("commit-rewrite-AR035", "phase 4 of 7, rewrite, 2 of 14 commits; so far 120 edits, 2 commits"),
        ("item-2-begin", "phase 4 of 7, rewrite, 1 of 3 items; so far 124 edits, 15 commits"),
    ],
)
async def test_what_is_done_of_all_is_told(step: str, told: str) -> None:
    picture = await picture_of("judged", lambda event: isinstance(event, StepEnded) and event.step == step)
    assert pace_line(picture) == f"progress: {told}"


async def test_a_rate_is_told_with_the_time_that_the_known_rest_takes() -> None:
    step = "commit-rewrite-AR021"
    picture = await picture_of("judged", lambda event: isinstance(event, StepEnded) and event.step == step)
    line = pace_line(replace(picture, now=picture.now + timedelta(minutes=2)))
    assert line.startswith("progress: phase 4 of 7, rewrite, 4 of 14 commits, 2 a minute, at least 5 min left; ")


async def test_the_tests_of_the_branch_take_as_long_as_before() -> None:
    picture = await picture_of("finished", lambda e: isinstance(e, StepStarted) and e.step == "tests-branch")
    assert pace_line(picture).startswith("progress: phase 6 of 7, verify, about ")


async def test_a_run_that_has_ended_makes_no_progress() -> None:
    assert pace_line(await picture_of("finished")) == ""
