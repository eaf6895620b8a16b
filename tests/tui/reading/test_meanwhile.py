from __future__ import annotations

from datetime import timedelta

import pytest

from archaeologist.domain.events import RunPaused, StepEnded
from archaeologist.domain.names import PAUSE_ASKED, Role, Step
from archaeologist.domain.run import RunState
from archaeologist.domain.step_view import StepView
from archaeologist.domain.table import Table
from archaeologist.domain.view import RunView, advance
from archaeologist_tui.reading.meanwhile import meanwhile
from support.panes import NOON
from support.pictures import picture_of

SINCE = NOON - timedelta(hours=1)


def done(name: str, kind: Step = Step.REWRITE_BATCH, commit: str = "") -> StepView:
    """Return a step that was done at noon."""
    result = {"commit": commit} if commit else {}
    return StepView(Role.MODERNIZER, name, kind, name, "ok", NOON, ended=NOON, result=result)


def failed(name: str, message: str, kind: Step = Step.REWRITE_BATCH) -> StepView:
    """Return a step that failed at noon."""
    return StepView(Role.MODERNIZER, name, kind, name, "FAIL", NOON, ended=NOON, message=message)


COMMITS = [done("1", Step.COMMIT_LAYER, "a"), done("2", Step.COMMIT_LAYER, "a"), done("3", Step.COMMIT_ITEM, "b")]


@pytest.mark.parametrize(
    ("steps", "lines"),
    [
        ([], []),
        ([done("one")], ["1 step done"]),
        ([failed("one", "no room")], ["1 step failed, the last one one: no room"]),
        (COMMITS, ["3 steps done, 2 commits"]),
        (
            [failed("one", "no room"), done("two"), failed("three", "no server", Step.COMMIT_LAYER)],
            ["1 step done", "2 steps failed, the last one three: no server"],
        ),
    ],
)
def test_steps_are_counted_by_how_they_ended(steps: list[StepView], lines: list[str]) -> None:
    assert meanwhile(RunView(steps=Table.of({(step.agent, step.name): step for step in steps})), SINCE) == lines


def test_a_run_that_ended_while_nothing_was_at_work_is_told() -> None:
    assert meanwhile(RunView(state=RunState.CANCELLED, ended=NOON), SINCE) == ["the run ended: cancelled"]


async def test_it_tells_what_was_done_committed_and_begun_since_a_moment_and_how_the_run_ended() -> None:
    at = await picture_of("finished", lambda e: isinstance(e, StepEnded) and e.step == "commit-rewrite-AR001")
    view = (await picture_of("finished")).view
    lines = meanwhile(view, at.now)
    commits = len(view.commits) - len(at.view.commits)
    done = sum(step.state == "ok" for step in view.steps.values()) - sum(
        step.state == "ok" for step in at.view.steps.values()
    )
    assert lines == [
        "the modernizer ended: done",
        "the documenter began",
        "the documenter ended: done",
        f"{done} steps done, {commits} commits",
        "the run ended: done",
    ]


async def test_a_question_that_may_be_answered_while_the_lines_are_read_is_none_of_them() -> None:
    picture = await picture_of("interrupted")
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, PAUSE_ASKED)
    lines = meanwhile(advance(picture.view, [paused]), picture.now - timedelta(hours=1))
    assert lines
    assert not any(PAUSE_ASKED in line for line in lines)


async def test_nothing_happened_after_the_last_event() -> None:
    picture = await picture_of("finished")
    assert meanwhile(picture.view, picture.now) == []
