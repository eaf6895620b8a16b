from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archaeologist.domain.agents import AgentView
from archaeologist.domain.budget import Budget
from archaeologist.domain.events import (
    AgentEnded,
    AgentStarted,
    BudgetRaised,
    CodeFailed,
    CodeWorks,
    ResumeAsked,
    RunEvent,
    RunPaused,
    StepEnded,
    StepScheduled,
)
from archaeologist.domain.names import Phase, Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import RunView, reduce, viewed
from support.pictures import recorded_events

NOW = datetime(2012, 3, 14, 15, 9, 26, tzinfo=UTC)
GONE = "write-readme: the repository is gone"


def seen(*events: RunEvent) -> RunView:
    view = RunView(agents={Role.ORCHESTRATOR: AgentView(Role.ORCHESTRATOR, Role.ORCHESTRATOR, RunState.RUNNING, NOW)})
    for event in (AgentStarted(NOW, Role.DOCUMENTER, "d", 1, {}, continued=False), *events):
        view = reduce(view, event)
    return view


def paused(role: Role) -> RunPaused:
    return RunPaused(NOW, role, role[0], 2, GONE)


def test_a_run_is_paused_as_soon_as_its_orchestrator_shows_it() -> None:
    view = seen(paused(Role.DOCUMENTER), paused(Role.ORCHESTRATOR))
    assert (view.state, view.paused) == (RunState.PAUSED, GONE)


def test_a_run_that_was_told_to_go_on_is_not_paused_though_no_worker_has_answered_yet() -> None:
    view = seen(paused(Role.DOCUMENTER), paused(Role.ORCHESTRATOR), ResumeAsked(NOW, Role.ORCHESTRATOR, "o", 3))
    assert (view.state, view.paused) == (RunState.RUNNING, "")


def test_a_run_that_pauses_again_is_paused() -> None:
    asked = ResumeAsked(NOW, Role.ORCHESTRATOR, "o", 3)
    view = seen(paused(Role.ORCHESTRATOR), asked, paused(Role.DOCUMENTER), paused(Role.ORCHESTRATOR))
    assert view.state is RunState.PAUSED


def test_code_that_fails_is_shown_until_it_works_again() -> None:
    failed = CodeFailed(NOW, Role.DOCUMENTER, "d", 3, "no such step")
    assert seen(failed).agents[Role.DOCUMENTER].stuck == "no such step"
    assert seen(failed, CodeWorks(NOW, Role.DOCUMENTER, "d", 4)).agents[Role.DOCUMENTER].stuck == ""


def test_the_edits_of_an_item_that_is_drafted_again_count_once_and_when_it_is_committed() -> None:
    def done(step: str, kind: str, result: dict[str, object]) -> tuple[RunEvent, RunEvent]:
        scheduled = StepScheduled(NOW, Role.DOCUMENTER, "d", 2, step, kind, step)
        return scheduled, StepEnded(NOW, Role.DOCUMENTER, "d", 3, step, result)

    first = done("item-1-draft", "draft-item", {"commit": "aa", "edits": 2})
    second = done("item-1-draft-2", "draft-item", {"commit": "bb", "edits": 3})
    assert seen(*first, *second).edits == 0
    committed = seen(*first, *second, *done("item-1-commit", "commit-item", {"commit": "bb"}))
    assert (committed.edits, committed.committed) == (3, 3)


@pytest.mark.parametrize("name", ["finished", "judged"])
async def test_all_edits_of_a_finished_run_are_committed(name: str) -> None:
    view = viewed(await recorded_events(name))
    assert view.result is not None
    assert view.committed == view.edits == view.result.edits


def test_a_sub_agent_that_gave_up_says_why_and_changes_neither_phase_nor_state_of_the_run() -> None:
    begun = AgentStarted(
        NOW, "documenter.item-1-2-1-poet", "p", 1, {}, continued=False, name="poet", parent="documenter"
    )
    reply = {"given_up": "6 bad answers", "turns": 6}
    view = seen(begun, AgentEnded(NOW, begun.agent, "p", 2, RunState.DONE, reply))
    poet = view.agents[begun.agent]
    assert (poet.name, poet.parent, poet.state, poet.message) == (
        "poet",
        "documenter",
        RunState.DONE,
        "gave up: 6 bad answers",
    )
    assert (view.phase, view.state) == (Phase.DOCUMENT, RunState.RUNNING)


def test_a_picture_is_not_changed_by_what_happens_later() -> None:
    before = seen()
    scheduled = StepScheduled(NOW, Role.DOCUMENTER, "d", 2, "survey-1", "survey-batch", "survey")
    after = reduce(before, scheduled)
    assert (len(before.steps), len(after.steps)) == (0, 1)
    assert reduce(after, RunPaused(NOW, Role.DOCUMENTER, "d", 3, GONE)).agents != after.agents


def test_a_limit_that_was_raised_is_the_limit_and_the_others_stay() -> None:
    raised = [
        BudgetRaised(NOW, Role.ORCHESTRATOR, "o", 2 + number, limits)
        for number, limits in enumerate([Budget(tokens=80, turns=9), Budget(tokens=120)])
    ]
    assert seen(*raised).budget == Budget(tokens=120, turns=9)
