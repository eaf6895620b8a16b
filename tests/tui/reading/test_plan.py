from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import AgentEnded, Decided, RunPaused, StepEnded, StepScheduled
from archaeologist.domain.names import PAUSE_APPROVAL, Phase, Role
from archaeologist.domain.run import RunState
from archaeologist.domain.run import TestOptions as RunTestOptions
from archaeologist.domain.view import advance, viewed
from archaeologist.review.model import LeftPlace
from archaeologist_tui.reading.plan import goals, grouped, phases, wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.source import RecordedSource


def until(source: RecordedSource, holds: Callable[[RunEvent], bool]) -> RunView:
    place = next(place for place, event in enumerate(source.recorded) if holds(event))
    return viewed(source.recorded[: place + 1])


def scheduled(agent: Role, name: str) -> Callable[[RunEvent], bool]:
    return lambda event: isinstance(event, StepScheduled) and (event.agent, event.step) == (agent, name)


def ended(agent: Role, name: str) -> Callable[[RunEvent], bool]:
    return lambda event: isinstance(event, StepEnded) and (event.agent, event.step) == (agent, name)


def marks(view: RunView) -> dict[Phase, str]:
    return {stand.phase: stand.mark for stand in phases(view)}


def test_phases_are_done_at_work_or_to_come(demo_run: RecordedSource) -> None:
    view = until(demo_run, scheduled(Role.MODERNIZER, "plan-sweep"))
    assert list(marks(view).values()) == ["ok", "ok", "ok", "run", "wait", "wait", "wait"]
    assert set(marks(viewed(demo_run.recorded)).values()) == {"ok"}
    assert set(marks(viewed([])).values()) == {"run", "wait"}


def test_a_phase_that_was_refused_was_left_out(demo_run: RecordedSource) -> None:
    view = viewed(event for event in demo_run.recorded if event.agent is not Role.DOCUMENTER)
    assert marks(view)[Phase.DOCUMENT] == "skip"


def test_commits_of_rules_are_told_with_their_state(demo_run: RecordedSource) -> None:
    view = until(demo_run, scheduled(Role.MODERNIZER, "commit-rewrite-AR020"))
    (rewrite,) = [stand for stand in phases(view) if stand.phase is Phase.REWRITE]
    assert [(layer.rule, layer.mark, bool(layer.commit)) for layer in rewrite.layers[:4]] == [
        ("AR031", "ok", True),
        ("AR035", "ok", True),
        ("AR020", "wait", False),
        ("AR021", "wait", False),
    ]
    assert rewrite.layers[2].size == "9 edits in 5 files"


def test_the_plan_is_told_by_rules_until_a_model_has_planned(demo_run: RecordedSource) -> None:
    early = {goal.name: goal.text for goal in goals(until(demo_run, ended(Role.ORCHESTRATOR, "ask-plan")))}
    late = {goal.name: goal.text for goal in goals(viewed(demo_run.recorded))}
    assert set(early) >= {Role.ARCHAEOLOGIST, Role.MODERNIZER, Role.DOCUMENTER}
    assert late[Role.MODERNIZER] == "make texts readable, and keep every journal line byte for byte"
    assert late["first"] == "stockroom/models.py"
    assert early[Role.MODERNIZER] != late[Role.MODERNIZER]
    assert list(goals(viewed([]))) == []


def test_what_was_asked_for_is_told_in_words(demo_run: RecordedSource) -> None:
    told = {wish.name: wish.text for wish in wishes(demo_run.request)}
    assert told["written for"] == "Python 3.8 (setup.py: python_requires)"
    assert told["models"] == "scripted-model (orchestrator, archaeologist, modernizer, documenter)"
    assert told["you are asked"] == "before anything is rewritten"
    assert told["budget"] == "2,000,000 tokens, $0.25"


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (("the name is bound", "the name is bound"), "the name is bound"),
        (("a call may change it: first()", "a call may change it: last()"), "a call may change it"),
        (("too long", "too wide"), "for several reasons"),
    ],
)
def test_what_was_left_alone_is_put_together_by_rule_and_reason(reasons: tuple[str, str], told: str) -> None:
    first, second = (LeftPlace("a.py", n, "AR001", "code", reason, Role.MODERNIZER) for n, reason in enumerate(reasons))
    other = LeftPlace("b.py", 0, "", "test", "a test", Role.MODERNIZER)
    groups = grouped([other, first, second])
    assert [(group.rule, group.code, group.reason, len(group.places)) for group in groups] == [
        ("AR001", "code", told, 2),
        ("", "test", "a test", 1),
    ]


def test_a_run_that_ended_early_does_nothing_more(demo_run: RecordedSource) -> None:
    view = until(demo_run, scheduled(Role.MODERNIZER, "plan-sweep"))
    assert list(marks(replace(view, state=RunState.FAILED)).values())[3:] == ["FAIL", "skip", "skip", "skip"]
    assert list(marks(replace(view, state=RunState.PAUSED)).values())[3:] == ["ask", "wait", "wait", "wait"]


def test_a_phase_whose_tests_nobody_agreed_to_is_left_out_and_not_done(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    assert view.request is not None
    untested = replace(view, request=view.request.model_copy(update={"tests": RunTestOptions(run=False)}), tests={})
    (verify,) = [stand for stand in phases(untested) if stand.phase is Phase.VERIFY]
    assert (verify.mark, verify.words) == ("skip", "nobody agreed to run the project's tests")
    unusable = replace(view, tests={"tests-base": {"problem": "no tests were found"}})
    (verify,) = [stand for stand in phases(unusable) if stand.phase is Phase.VERIFY]
    assert (verify.mark, verify.words) == ("skip", "nothing can be concluded from them: no tests were found")


def test_a_plan_is_not_done_before_a_person_has_allowed_it(demo_run: RecordedSource) -> None:
    surveyed = until(demo_run, lambda event: isinstance(event, AgentEnded) and event.agent == Role.ARCHAEOLOGIST)
    assert marks(surveyed)[Phase.PLAN] == "wait"
    given_up = replace(surveyed, state=RunState.CANCELLED)
    assert list(marks(given_up).values()) == ["ok", "skip", "ok", "skip", "skip", "skip", "skip"]
    assert [stand.words for stand in phases(given_up) if stand.mark == "skip"] == ["the run ended before it"] * 5


def test_what_was_refused_is_left_out_with_the_reason(demo_run: RecordedSource) -> None:
    surveyed = until(demo_run, lambda event: isinstance(event, AgentEnded) and event.agent == Role.ARCHAEOLOGIST)
    no = Decided(
        demo_run.recorded[-1].time, Role.ORCHESTRATOR, "orchestrator", 9_999, "plan", granted=False, reason="not now"
    )
    view = replace(advance(surveyed, [no]), phase=Phase.SYNTHESIZE)
    told = {stand.phase: (stand.mark, stand.words) for stand in phases(view)}
    for phase in (Phase.PLAN, Phase.REWRITE, Phase.DOCUMENT):
        assert told[phase] == ("skip", "a person said no: not now")
    assert told[Phase.VERIFY] == ("skip", "nothing was changed")
    assert told[Phase.SYNTHESIZE][0] == "run"


def test_a_run_that_failed_after_an_agent_was_done_does_not_blame_the_agent(demo_run: RecordedSource) -> None:
    documented = until(demo_run, lambda event: isinstance(event, AgentEnded) and event.agent == Role.DOCUMENTER)
    failed = replace(documented, state=RunState.FAILED)
    assert list(marks(failed).values()) == ["ok", "ok", "ok", "ok", "ok", "FAIL", "skip"]
    fell = replace(failed.agents[Role.MODERNIZER], state=RunState.FAILED)
    blamed = replace(failed, agents={**failed.agents, Role.MODERNIZER: fell})
    assert marks(blamed)[Phase.REWRITE] == "FAIL"
    assert marks(blamed)[Phase.VERIFY] == "skip"


def test_a_run_that_waits_for_the_tests_of_its_base_is_at_them(demo_run: RecordedSource) -> None:
    rewritten = until(demo_run, lambda event: isinstance(event, AgentEnded) and event.agent == Role.MODERNIZER)
    assert marks(replace(rewritten, tests={}))[Phase.OPEN] == "run"
    assert marks(rewritten)[Phase.OPEN] == "ok"
    assert "run" not in marks(rewritten).values()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("plan", ["ok", "ask", "ok", "wait", "wait", "wait", "wait"]),
        ("rewrite", ["ok", "ok", "ok", "ask", "wait", "wait", "wait"]),
        ("document", ["ok", "ok", "ok", "skip", "ask", "wait", "wait"]),
        ("item-3", ["ok", "wait", "ask", "wait", "wait", "wait", "wait"]),
    ],
)
def test_the_phase_that_a_person_is_asked_about_is_the_one_that_asks(
    demo_run: RecordedSource, asked: str, told: list[str]
) -> None:
    surveyed = until(demo_run, lambda event: isinstance(event, AgentEnded) and event.agent == Role.ARCHAEOLOGIST)
    reason = f"{asked} {PAUSE_APPROVAL}: rewrite for Python 3.8"
    view = advance(surveyed, [RunPaused(demo_run.recorded[-1].time, Role.ORCHESTRATOR, "orchestrator", 9_999, reason)])
    assert list(marks(view).values()) == told
