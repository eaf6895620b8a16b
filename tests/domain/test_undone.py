from __future__ import annotations

from datetime import UTC, datetime

from archaeologist.domain.events import AgentEnded, AgentStarted, RunEvent, StepEnded, StepScheduled
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunState
from archaeologist.domain.undone import Undone
from archaeologist.domain.view import viewed
from archaeologist.reporting.lines import told

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FOUND = {"files": 3, "findings": 5, "artefact": ""}


def begun() -> AgentStarted:
    return AgentStarted(NOW, Role.ARCHAEOLOGIST, "a", 1, {"goal": "report what is outdated"}, continued=False)


def scheduled(step: str) -> StepScheduled:
    return StepScheduled(NOW, Role.ARCHAEOLOGIST, "a", 2, step, Step.SURVEY_BATCH, f"look at {step}")


def ended(step: str) -> StepEnded:
    return StepEnded(NOW, Role.ARCHAEOLOGIST, "a", 3, step, FOUND)


def undone(event: RunEvent, closed: str, by: str) -> Undone:
    return Undone(NOW, event.agent, closed, event.number, event, closed, by)


def test_what_was_undone_is_told_and_does_not_count() -> None:
    """Also with a picture of a later time, in which the same step is done again."""
    given_up = undone(AgentEnded(NOW, Role.ARCHAEOLOGIST, "a", 4, RunState.CANCELLED, {}), "first", "second")
    lost = undone(ended("two"), "first", "second")
    view = viewed(
        [begun(), scheduled("one"), ended("one"), undone(scheduled("two"), "first", "second"), lost, given_up]
    )
    assert view.findings == 5
    assert [step.name for step in view.steps.values()] == ["one"]
    assert view.agents[Role.ARCHAEOLOGIST].state is RunState.RUNNING
    line = told(lost, view)
    assert line is not None
    assert line.text == "look at two: 5 findings in 3 files"


def test_what_was_undone_twice_is_told_with_what_it_was_part_of() -> None:
    """The second execution undid the first one's end, the third one the second, from before that."""
    kept_by_the_second, end_of_the_first = scheduled("one"), undone(ended("one"), "first", "second")
    view = viewed([begun(), undone(kept_by_the_second, "second", "third"), end_of_the_first])
    line = told(end_of_the_first, view)
    assert line is not None
    assert line.text == "look at one: 5 findings in 3 files"
    assert view.findings == 0
    assert view.undone["second"].findings == 0
    assert not view.steps
