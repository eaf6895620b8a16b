from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli.telling.farewell import farewell
from archaeologist.domain.controls import Health
from archaeologist.domain.events import CodeFailed, RunPaused
from archaeologist.domain.names import PAUSE_ASKED, Role
from archaeologist.domain.view import advance
from support.pictures import picture_of

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture


def asking(picture: Picture, reason: str) -> Picture:
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, reason)
    return replace(picture, view=advance(picture.view, [paused]))


async def test_a_run_at_work_goes_on() -> None:
    picture = await picture_of("interrupted")
    name = picture.run.run_id
    back = f"  come back   archaeologist watch {name}"
    assert list(farewell(picture)) == [f"run {name} goes on", back, f"  give it up  archaeologist cancel {name}"]


@pytest.mark.parametrize(
    ("reason", "told", "answer"),
    [
        ("item-3 waits for an approval: commit it", "item 3: commit it", "approve RUN --deny REASON` does not"),
        (PAUSE_ASKED, "the run is paused, as a person asked for it", "`archaeologist resume RUN` goes on"),
    ],
)
async def test_a_run_that_waits_says_for_what_and_what_to_type(reason: str, told: str, answer: str) -> None:
    picture = asking(await picture_of("interrupted"), reason)
    name = picture.run.run_id
    head, to_answer, *_ = farewell(picture)
    assert head == f"run {name} waits for you: {told}"
    assert answer.replace("RUN", name) in to_answer


async def test_a_run_whose_code_fails_is_given_up_by_force() -> None:
    picture = await picture_of("interrupted")
    failed = CodeFailed(picture.now, Role.MODERNIZER, "modernizer", 9_999, "Nondeterminism error")
    lines = list(farewell(replace(picture, view=advance(picture.view, [failed]))))
    assert lines[0] == f"run {picture.run.run_id} cannot go on: the code of the modernizer fails: Nondeterminism error"
    assert lines[-1] == f"  give it up  archaeologist cancel --force {picture.run.run_id}"


async def test_a_run_without_a_worker_says_what_starts_one() -> None:
    picture = await picture_of("interrupted", health=Health(worker=False))
    head, helps, *_ = farewell(picture)
    assert head.startswith(f"run {picture.run.run_id} cannot go on: no worker is alive")
    assert helps == f"  to help     `archaeologist resume {picture.run.run_id}` starts one"
