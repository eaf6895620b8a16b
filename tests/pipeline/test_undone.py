from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from archaeologist.domain.events import StepFailed, StepStarted
from archaeologist.pipeline.executions import Execution
from archaeologist.pipeline.undone import Ending, UndoneReader

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
ENDING = Ending(closed="first", by="second", newest="third", since=3)


def happened(number: int, kind: EventType.ValueType, seconds: int) -> HistoryEvent:
    event = HistoryEvent(event_id=number, event_type=kind)
    event.event_time.FromDatetime(BEGAN + timedelta(seconds=seconds))
    return event


def test_what_goes_on_with_a_kept_step_comes_after_all_that_was_kept_and_is_about_that_step() -> None:
    """That an attempt began is written down with its end only, with the earlier time."""
    scheduled = happened(1, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, 0)
    scheduled.activity_task_scheduled_event_attributes.activity_id = "tests-base"
    kept = happened(2, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED, 5)
    started = happened(3, EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED, 1)
    started.activity_task_started_event_attributes.scheduled_event_id = 1
    cancelled = happened(4, EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED, 9)
    cancelled.activity_task_canceled_event_attributes.scheduled_event_id = 1
    reader = UndoneReader(ENDING, Execution("modernize-it", "first"))
    read = [reader.read(event) for event in (scheduled, kept, started, cancelled)]
    assert read[:2] == [None, None]
    undone = [event for event in read if event is not None]
    assert [(event.time - BEGAN).total_seconds() for event in undone] == [5, 9]
    assert [type(event.event) for event in undone] == [StepStarted, StepFailed]
    assert {event.event.workflow_run for event in undone} == {"third"}
    assert {(event.workflow_run, event.closed, event.by) for event in undone} == {("first", "first", "second")}


def test_all_of_an_agent_that_began_in_an_ending_was_undone() -> None:
    began = happened(1, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, 7)
    read = UndoneReader(ENDING, Execution("run-modernizer", "agents", "modernizer", "modernizer")).read(began)
    assert read is not None
    assert read.event.workflow_run == read.workflow_run == "agents"
