"""What a run will do, rule by rule, as far as the survey tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.artefacts import ArtefactMissing, ArtefactStore
from archaeologist.domain.briefs import Plan
from archaeologist.domain.events import AgentStarted, StepEnded
from archaeologist.domain.names import Role
from archaeologist.domain.table import Table
from archaeologist.domain.view import RunView, viewed
from archaeologist_tui.reading.planned import planned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archaeologist.domain.events import RunEvent
    from archaeologist.pipeline.recordings.source import RecordedSource


def until(source: RecordedSource, holds: Callable[[RunEvent], bool]) -> RunView:
    place = next(place for place, event in enumerate(source.recorded) if holds(event))
    return viewed(source.recorded[: place + 1])


def store(source: RecordedSource) -> ArtefactStore:
    return ArtefactStore(source.data(source.request).artefacts)


def test_rules_are_put_together_by_what_is_done_with_what_they_found(demo_run: RecordedSource) -> None:
    groups = {group.key: group for group in planned(viewed(demo_run.recorded), store(demo_run))}
    assert list(groups) == ["planned.rule", "planned.agent", "planned.person", "planned.nothing"]
    assert groups["planned.rule"].size == "18 rules, 237 findings in 11 files"
    assert groups["planned.agent"].title == "need judgement: agents with a model look at it"
    first = groups["planned.rule"].rules[0]
    assert (first.code, first.findings, first.files[0]) == ("AR001", 85, ("stockroom/reports.py", 24))
    found = [rule.findings for rule in groups["planned.rule"].rules]
    assert found == sorted(found, reverse=True)
    assert groups["planned.nothing"].size == f"{83 - 18 - 7 - 3} rules"
    assert sum(len(group.rules) for group in groups.values()) == 83


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((), "need judgement, and no model is asked"),
        ((Role.ARCHAEOLOGIST,), "need judgement, and no model is asked"),
        ((Role.DOCUMENTER,), "need judgement: agents with a model look at it"),
        ((Role.MODERNIZER,), "need judgement: agents with a model look at it"),
    ],
)
def test_what_no_model_is_asked_about_is_left_to_people(
    demo_run: RecordedSource, asked: tuple[Role, ...], told: str
) -> None:
    view = viewed(demo_run.recorded)
    assert view.request is not None
    models = view.request.judgement.models
    judgement = view.request.judgement.model_copy(update={"models": dict.fromkeys(asked, models[Role.MODERNIZER])})
    alone = replace(view, request=view.request.model_copy(update={"judgement": judgement}))
    (title,) = [group.title for group in planned(alone, store(demo_run)) if group.key == "planned.agent"]
    assert title.startswith(told)


def test_before_the_survey_is_done_the_rules_are_told_without_what_they_find(demo_run: RecordedSource) -> None:
    asked = until(demo_run, lambda event: isinstance(event, StepEnded) and event.step == "ask-plan")
    (group,) = planned(asked, store(demo_run))
    assert (group.size, group.title) == ("83 rules", "what each of them finds is known when the survey is done")
    begun = until(demo_run, lambda event: isinstance(event, AgentStarted) and event.agent == Role.ORCHESTRATOR)
    assert planned(begun, store(demo_run)) == []


def test_a_survey_that_is_gone_is_told_by_an_error(demo_run: RecordedSource, tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissing):
        planned(viewed(demo_run.recorded), ArtefactStore(tmp_path))


def test_what_no_rule_of_the_plan_belongs_to_is_left_out(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    asked = next(key for key, step in view.steps.items() if step.name == "ask-plan")
    plan = Plan.model_validate_json(view.steps[asked].result["content"]).model_copy(update={"rules": ("AR001",)})
    answer = replace(view.steps[asked], result={"content": plan.model_dump_json()})
    alone = replace(view, steps=Table.of({**view.steps, asked: answer}))
    assert [group.key for group in planned(alone, store(demo_run))] == ["planned.rule"]
