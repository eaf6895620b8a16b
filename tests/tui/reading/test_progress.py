from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from archaeologist.domain.events import StepEnded, StepStarted
from archaeologist.domain.names import Phase
from archaeologist_tui.reading.progress import PhaseProgress, progress
from support.pictures import picture_of


def of(parts: list[PhaseProgress], phase: Phase) -> PhaseProgress:
    return next(part for part in parts if part.phase is phase)


async def test_all_phases_of_a_finished_run_are_done() -> None:
    assert {part.mark for part in progress(await picture_of("finished"))} == {"ok"}


async def test_phases_before_the_one_at_work_are_done_and_those_after_it_wait() -> None:
    marks = [part.mark for part in progress(await picture_of("interrupted"))]
    assert marks == ["ok", "ok", "ok", "run", "wait", "wait", "wait"]


async def test_commits_are_counted_against_the_layers_that_there_are() -> None:
    commit = "commit-rewrite-AR035"
    picture = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == commit)
    rewrite = of(progress(picture), Phase.REWRITE)
    assert (rewrite.done, rewrite.total, rewrite.unit) == (2, 14, "commits")
    assert rewrite.remaining is None, "two commits are no rate"


async def test_a_remaining_time_comes_from_a_rate_and_grows_while_nothing_is_done() -> None:
    commit = "commit-rewrite-AR021"
    picture = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == commit)
    now = of(progress(picture), Phase.REWRITE)
    later = of(progress(replace(picture, now=picture.now + timedelta(seconds=60))), Phase.REWRITE)
    assert now.rate > later.rate > 0
    assert now.remaining is not None
    assert later.remaining is not None
    assert later.remaining > now.remaining + 60, "the rest takes longer when what is done took longer"
    assert now.at_least, "what a model will take is not known"


async def test_the_tests_of_the_branch_take_as_long_as_before_and_then_nobody_knows() -> None:
    picture = await picture_of("finished", lambda e: isinstance(e, StepStarted) and e.step == "tests-branch")
    seconds = picture.view.tests["tests-base"]["seconds"]
    verify = of(progress(picture), Phase.VERIFY)
    assert verify.remaining is not None
    assert 0 < verify.remaining <= seconds
    overdue = replace(picture, now=picture.now + timedelta(seconds=seconds + 1))
    assert of(progress(overdue), Phase.VERIFY).remaining is None
