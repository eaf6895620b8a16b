from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.cli.telling.turns import event_line
from archaeologist.domain.events import StepEnded, StepFailed, StepStarted
from archaeologist.domain.names import Step
from archaeologist.domain.view import RunView, advance, reduce, viewed
from archaeologist.reporting.text import line_of

if TYPE_CHECKING:
    from archaeologist.domain.events import RunEvent
    from archaeologist.pipeline.recordings.source import RecordedSource

Told = list[tuple["RunEvent", str, str, str]]


@pytest.fixture(scope="module")
def told(demo_run: RecordedSource) -> Told:
    """Each event that `runs log` has a line for, its step's kind, that line, and the one of who follows, or none."""
    view, found = RunView(), Told()
    for event in demo_run.recorded:
        view = reduce(view, event)
        if (line := line_of(event, view)) is not None:
            step = view.steps.get((event.workflow_run, getattr(event, "step", "")))
            found.append((event, step.kind if step else "", line, event_line(event, view) or ""))
    return found


def test_a_turn_is_told_with_the_tools_that_it_asked_for_and_the_item_that_it_is_about(told: Told) -> None:
    turns = [line.partition(" s  ")[2] for _, kind, _, line in told if kind == Step.THINK]
    assert len(turns) == 19
    assert (
        "item 1, documenter: think (turn 1, scripted-model): 5 calls, 2,921 tokens, $0.006; set_docstring 5 times"
        in turns
    )
    assert "archaeologist: think (turn 2, scripted-model): 1 call, 1,696 tokens, $0.003; record_finding" in turns
    assert "item 1, modernizer: think (turn 4, scripted-model): 3,120 tokens, $0.004" in turns, "it asked for nothing"


def test_calls_that_went_well_have_no_line_and_those_that_did_not_have_one(told: Told) -> None:
    calls = [(event, line) for event, kind, _, line in told if kind == Step.USE_TOOL and isinstance(event, StepEnded)]
    assert [bool(line) for _, line in calls] == [not event.result["ok"] for event, _ in calls]
    refused = [line for _, line in calls if line]
    assert len(refused) == 4
    assert all(line.endswith(": refused") for line in refused)
    assert ["  item " in line for line in refused] == [False, True, True, True], "the archaeologist has no items"


def test_a_call_that_failed_or_is_tried_again_has_a_line(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    (run, name), step = next((key, step) for key, step in view.steps.items() if step.kind == Step.USE_TOOL)
    again = StepStarted(step.scheduled, step.agent, run, 9_998, name, attempt=2, last_failure="it was killed")
    failed = StepFailed(step.scheduled, step.agent, run, 9_999, name, message="no room left")
    for event, words in ((again, "attempt 2 after: it was killed"), (failed, "reading the code, read: no room left")):
        assert words in (event_line(event, advance(view, [event])) or "")


def test_all_else_is_told_as_in_the_log(told: Told) -> None:
    talking = {Step.THINK, Step.USE_TOOL, Step.OPEN_CONVERSATION}
    others = [(line, followed) for _, kind, line, followed in told if kind not in talking]
    assert len(others) > 60
    assert all(line == followed for line, followed in others)
