"""Where a closed run is reset to, so that it goes on with everything that was completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.api.enums.v1 import EventType

if TYPE_CHECKING:
    from temporalio.client import WorkflowHistory

_TASK_EVENTS = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
}


def reset_point(history: WorkflowHistory) -> int:
    """Return the event to reset a closed run to: as late as possible, before the step or agent that did not end well.

    Everything completed before that event is kept; what was done because somebody cancelled the run is not. An agent
    that was at work when the run was closed was closed with it and will never report, so it is started again; its
    commits are found again by their trailers.
    """
    begun: dict[int, int] = {}
    unfinished: set[int] = set()
    last_task, cancelled_at = 0, None
    for event in history.events:
        kind = event.event_type
        if kind == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED:
            cancelled_at = cancelled_at or last_task
        elif kind in _TASK_EVENTS:
            last_task = event.event_id
        elif kind == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            begun[event.event_id] = event.activity_task_scheduled_event_attributes.workflow_task_completed_event_id
        elif kind == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
            initiated = event.start_child_workflow_execution_initiated_event_attributes
            begun[event.event_id] = initiated.workflow_task_completed_event_id
            unfinished.add(event.event_id)
        elif kind == EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
            unfinished.add(event.activity_task_failed_event_attributes.scheduled_event_id)
        elif kind == EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED:
            unfinished.discard(event.child_workflow_execution_completed_event_attributes.initiated_event_id)
        elif kind == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            # A resume: the steps that failed before it were scheduled again, as new events.
            unfinished = {number for number in unfinished if _is_child(history, number)}
    return min([cancelled_at or last_task, *(begun[number] for number in unfinished)])


def _is_child(history: WorkflowHistory, number: int) -> bool:
    event = history.events[number - 1]
    return event.event_type == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
