"""Opens a closed run again, so that it goes on with everything that was completed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from temporalio.api.common.v1 import WorkflowExecution as ExecutionName
from temporalio.api.enums.v1 import EventType, ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from archaeologist.domain.names import PAUSE_SIGNAL, RESUME_SIGNAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client, WorkflowHistory

    from archaeologist.domain.events import RunLine

_TASK_EVENTS = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
}
_WORK_DONE = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED,
}


async def reset_run(client: Client, run: RunLine) -> None:
    """Open a closed run again at its reset point, and end the pause that it may have been in by then."""
    history = await client.get_workflow_handle(run.workflow_id, run_id=run.workflow_run).fetch_history()
    point = _reset_point(history)
    reset = await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=ExecutionName(workflow_id=run.workflow_id, run_id=run.workflow_run),
            reason="resumed by the user",
            # Decisions and limits hold on; pauses, and what agents said of theirs, were for the execution that is over.
            reset_reapply_exclude_types=[
                ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_CANCEL_REQUEST,
                ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
            ],
            workflow_task_finish_event_id=point,
            request_id=str(uuid.uuid4()),
        )
    )
    if told_to_pause(history.events[: point - 1]):
        await client.get_workflow_handle(run.workflow_id, run_id=reset.run_id).signal(RESUME_SIGNAL)


def _reset_point(history: WorkflowHistory) -> int:
    """Return the event to reset a closed run to: as late as possible, before the step or agent that did not end well.

    Everything completed before that event is kept; what was done because somebody cancelled the run is not, nor a pause
    that it was closed in and during which nothing was completed. An agent that was at work when the run was closed was
    closed with it and will never report, so it is started again; its commits are found again by their trailers.
    """
    return min([_last_task(history), *_begun_in_vain(history)])


def told_to_pause(events: Iterable[HistoryEvent]) -> bool:
    """Return whether the last that a person said of pausing in these events was to do so."""
    told = [signal for event in events if (signal := _signal(event)) in {PAUSE_SIGNAL, RESUME_SIGNAL}]
    return told[-1:] == [PAUSE_SIGNAL]


def _last_task(history: WorkflowHistory) -> int:
    """Return the last task before the run was given up, or before it was told to pause when nothing was done since."""
    last_task = paused_after = 0
    is_done = False
    for event in history.events:
        kind, signal = event.event_type, _signal(event)
        if kind == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED:
            break
        if kind in _TASK_EVENTS:
            last_task, is_done = event.event_id, False
        elif kind in _WORK_DONE:
            paused_after, is_done = 0, True
        elif signal == RESUME_SIGNAL:
            paused_after = 0
        elif signal == PAUSE_SIGNAL and not is_done:  # else the task that takes what was done takes the pause, too
            paused_after = paused_after or last_task
    return paused_after or last_task


def _begun_in_vain(history: WorkflowHistory) -> Iterator[int]:
    """Yield the tasks that began a step or an agent that did not end well."""
    begun: dict[int, int] = {}
    failed: set[int] = set()
    open_agents: set[int] = set()
    for event in history.events:
        kind = event.event_type
        if kind == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            begun[event.event_id] = event.activity_task_scheduled_event_attributes.workflow_task_completed_event_id
        elif kind == EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
            failed.add(event.activity_task_failed_event_attributes.scheduled_event_id)
        elif kind == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
            initiated = event.start_child_workflow_execution_initiated_event_attributes
            begun[event.event_id] = initiated.workflow_task_completed_event_id
            open_agents.add(event.event_id)
        elif kind == EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED:
            open_agents.discard(event.child_workflow_execution_completed_event_attributes.initiated_event_id)
        elif _signal(event) == RESUME_SIGNAL:
            failed.clear()  # they were scheduled again, as new events
    yield from (begun[number] for number in failed | open_agents)


def _signal(event: HistoryEvent) -> str:
    """Return the name of the signal that an event is; empty when it is none."""
    return event.workflow_execution_signaled_event_attributes.signal_name
