from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archaeologist.domain.budget import Budget
from archaeologist.domain.events import (
    BudgetRaised,
    Decided,
    PauseAsked,
    ResumeAsked,
    RunEvent,
    RunPaused,
    RunReopened,
    StepEnded,
)
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, Role, Step
from archaeologist.domain.run import RunState
from archaeologist.domain.said import REMEMBERED
from archaeologist.domain.step_view import StepView
from archaeologist.domain.table import Table
from archaeologist.domain.view import RunView, advance
from archaeologist_tui.feed import first_view
from archaeologist_tui.reading.meanwhile import meanwhile
from support.panes import NOON, RUN
from support.pictures import picture_of

ORCHESTRATOR = (Role.ORCHESTRATOR, Role.ORCHESTRATOR)
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


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (Decided(NOON, *ORCHESTRATOR, 9, "plan", granted=True), "the plan was allowed"),
        (Decided(NOON, *ORCHESTRATOR, 9, "", granted=True), "item 2 was allowed"),
        (Decided(NOON, *ORCHESTRATOR, 9, "item-3", granted=False, reason="later"), "item 3 was refused: later"),
        (BudgetRaised(NOON, *ORCHESTRATOR, 9, Budget(tokens=2_000)), "the budget was raised to 2,000 tokens"),
        (PauseAsked(NOON, *ORCHESTRATOR, 9), "the run was told to pause"),
        (ResumeAsked(NOON, *ORCHESTRATOR, 9), "the run was told to go on"),
        (RunReopened(NOON, *ORCHESTRATOR, 9), "the run was told to go on"),
    ],
)
def test_what_a_person_said_is_told_though_nothing_else_has_happened(said: RunEvent, line: str) -> None:
    asks = RunPaused(SINCE, *ORCHESTRATOR, 8, f"item-2 {PAUSE_APPROVAL}: commit it")
    view = advance(first_view(replace(RUN, started=SINCE)), [asks, said])
    assert meanwhile(view, SINCE) == [line]
    assert meanwhile(view, NOON) == []


def test_what_was_said_before_a_run_had_ended_is_not_told_when_it_holds_on() -> None:
    again = Decided(NOON, *ORCHESTRATOR, 9, "plan", granted=True, again=True)
    raised = BudgetRaised(NOON, *ORCHESTRATOR, 9, Budget(tokens=2_000), again=True)
    assert meanwhile(advance(first_view(RUN), [again, raised]), SINCE) == []


def test_only_the_last_of_what_was_said_is_remembered() -> None:
    decided = [Decided(NOON, *ORCHESTRATOR, n, f"item-{n}", granted=True) for n in range(2 * REMEMBERED)]
    view = advance(first_view(RUN), decided)
    assert view.said == tuple(decided[-REMEMBERED:])
    assert len(view.decisions) == len(decided)


async def test_a_question_that_may_be_answered_while_the_lines_are_read_is_none_of_them() -> None:
    picture = await picture_of("interrupted")
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, PAUSE_ASKED)
    lines = meanwhile(advance(picture.view, [paused]), picture.now - timedelta(hours=1))
    assert lines
    assert not any(PAUSE_ASKED in line for line in lines)


async def test_nothing_happened_after_the_last_event() -> None:
    picture = await picture_of("finished")
    assert meanwhile(picture.view, picture.now) == []
