from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archaeologist.domain.controls import Health
from archaeologist.domain.events import PendingStep, RunEvent, StepEnded, StepScheduled, StepStarted
from archaeologist.domain.names import Phase, Step
from archaeologist.domain.view import RunView, advance, viewed
from archaeologist_tui.reading.progress import PhaseProgress, Progress, pace, progress
from support.pictures import picture_of, recorded_events


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


@pytest.mark.parametrize("gone", [Health(worker=False), Health(server=False)])
@pytest.mark.parametrize("step", ["commit-rewrite-AR021", "item-3-begin"])
async def test_nothing_has_a_rate_or_a_remaining_time_while_nobody_is_there_to_do_it(gone: Health, step: str) -> None:
    picture = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == step)
    with_all, without = (of(progress(each), Phase.REWRITE) for each in (picture, replace(picture, health=gone)))
    assert pace(with_all)
    assert pace(without) == ""
    assert (without.done, without.total) == (with_all.done, with_all.total)


async def test_a_time_in_which_no_step_was_at_work_does_not_count_into_the_rate() -> None:
    """Whether the step after it is known from what is in flight, or from its end."""
    events, day = await recorded_events("judged"), timedelta(days=1)
    third, fourth = (
        next(place for place, event in enumerate(events) if isinstance(event, StepEnded) and event.step == step) + 1
        for step in ("commit-rewrite-AR020", "commit-rewrite-AR021")
    )
    late = [replace(event, time=event.time + day) for event in events[third:fourth]]
    begun = next(event for event in late if isinstance(event, StepStarted))
    picture = await picture_of("judged")

    def rate(events: list[RunEvent], *pending: PendingStep) -> float:
        now = replace(picture, view=viewed(events), now=events[-1].time, pending=pending)
        return of(progress(now), Phase.REWRITE).rate

    flying = PendingStep(begun.agent, begun.step, Step.COMMIT_LAYER, 2, "run", "", begun.time)
    assert rate(events[:third] + late[: late.index(begun)], flying) == pytest.approx(rate(events[:third]), rel=0.5)
    assert rate(events[:third] + late) == pytest.approx(rate(events[:fourth]), rel=0.5)


async def test_the_tests_of_the_branch_take_as_long_as_before_and_then_nobody_knows() -> None:
    picture = await picture_of("finished", lambda e: isinstance(e, StepStarted) and e.step == "tests-branch")
    seconds = picture.view.tests["tests-base"]["seconds"]
    verify = of(progress(picture), Phase.VERIFY)
    assert verify.remaining is not None
    assert 0 < verify.remaining <= seconds
    overdue = replace(picture, now=picture.now + timedelta(seconds=seconds + 1))
    assert of(progress(overdue), Phase.VERIFY).remaining is None


async def test_work_items_have_a_rate_and_at_least_the_time_that_the_rest_takes_by_it() -> None:
    first = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == "item-1-begin")
    begun = next(step.scheduled for step in first.view.steps.values() if step.name == "item-1-begin")
    items = of(progress(replace(first, now=begun + timedelta(hours=1))), Phase.REWRITE)
    assert (items.done, items.total, items.unit, items.remaining) == (0, 3, "items", None)
    third = await picture_of("judged", lambda e: isinstance(e, StepScheduled) and e.step == "item-3-begin")
    begun = next(step.scheduled for step in third.view.steps.values() if step.name == "item-1-begin")
    items = of(progress(replace(third, now=begun + timedelta(minutes=10))), Phase.REWRITE)
    assert items.done == 2
    assert items.rate * 3600 == pytest.approx(12)
    assert items.remaining == pytest.approx(150), "one item takes five minutes, and of the last one a half is left"
    assert pace(items) == ", 12 an hour, at least 2 min left"


async def test_how_far_a_run_is_event_by_event_is_how_far_it_is_at_each_moment_alone() -> None:
    picture, book, view = await picture_of("judged"), Progress(), RunView()
    for event in await recorded_events("judged"):
        view = advance(view, (event,))
        now = replace(picture, view=view, now=event.time)
        assert book.of(now) == progress(now)
    assert book.of(await picture_of("interrupted")) == progress(await picture_of("interrupted"))
