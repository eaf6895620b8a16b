"""Reads Temporal's history events as the run events that the reducer understands."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio.api.enums.v1 import EventType, TimeoutType, WorkflowTaskFailedCause

from archaeologist.domain.budget import Budget
from archaeologist.domain.conversation import Decision
from archaeologist.domain.events import (
    AgentEnded,
    AgentStarted,
    BudgetRaised,
    CodeFailed,
    CodeWorks,
    Decided,
    PauseAsked,
    ResumeAsked,
    RunEvent,
    RunPaused,
    RunReopened,
    RunResumed,
    StepEnded,
    StepFailed,
    StepScheduled,
    StepStarted,
)
from archaeologist.domain.names import (
    DECIDE_UPDATE,
    DURABLE_AGENT,
    MEMO_PAUSED,
    PAUSE_ASKED,
    PAUSE_SIGNAL,
    RAISE_UPDATE,
    RESUME_SIGNAL,
)
from archaeologist.domain.run import RunState
from archaeologist_tools.safety.fencing import on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from temporalio.api.common.v1 import Payload, Payloads
    from temporalio.api.failure.v1 import Failure
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.api.update.v1 import Request

_ENDS: Mapping[int, RunState] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: RunState.FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: RunState.FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: RunState.FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: RunState.CANCELLED,
}

_ASKED: Mapping[str, type[PauseAsked | ResumeAsked]] = {PAUSE_SIGNAL: PauseAsked, RESUME_SIGNAL: ResumeAsked}
"""What people tell a run by signals, which are taken while no worker is alive, too."""

_ENDED_WITH_ITS_PARENT = {"by parent close policy": "it ended with the run"}
"""What Temporal says of an agent whose run was given up by force, and what people are told."""


_TIMEOUTS: Mapping[int, str] = {
    TimeoutType.TIMEOUT_TYPE_HEARTBEAT: "whoever worked on it is gone",
    TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE: "it took too long",
    TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START: "nobody took it up in time",
    TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE: "it was not done in time",
}


class HistoryReader:
    """Reads one agent's history, event by event, in order.

    Args:
        agent: whose history it is.
        workflow_run: the run id of the execution it belongs to.
        parent: who began the agent; empty for the orchestrator.
    """

    def __init__(self, agent: str, workflow_run: str, parent: str = "") -> None:
        self._agent = agent
        self._parent = parent
        self._run = workflow_run
        self._steps: dict[int, str] = {}
        self._code_fails = False
        self._paused = ""
        self._told = ""
        """The last of the signals to pause and to go on."""
        self._heard_until = datetime.min.replace(tzinfo=UTC)
        """When a worker last wrote down what came of a task."""
        self._admitted: dict[int, Request] = {}
        """What was told to the execution before and is told again to this one, by event."""
        self._readers: dict[int, Callable[[HistoryEvent], RunEvent | None]] = {
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: self._agent_started,
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: self._agent_completed,
            EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: self._scheduled,
            EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED: self._step_started,
            EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: self._step_ended,
            EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: self._step_failed,
            EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: self._step_timed_out,
            EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: self._step_cancelled,
            EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED: self._memo,
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: self._signalled,
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ADMITTED: self._update_admitted,
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: self._updated,
            EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED: self._task_failed,
            EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED: self._task_completed,
            **dict.fromkeys(_ENDS, self._agent_ended),
        }

    def read(self, event: HistoryEvent) -> RunEvent | None:
        """Return what an event means for people, or None when it means nothing."""
        reader = self._readers.get(event.event_type)
        return reader(event) if reader else None

    def _base(self, event: HistoryEvent) -> tuple[datetime, str, str, int]:
        return event.event_time.ToDatetime(tzinfo=UTC), self._agent, self._run, event.event_id

    def _agent_started(self, event: HistoryEvent) -> RunEvent:
        attributes = event.workflow_execution_started_event_attributes
        order = _first(attributes.input)
        return AgentStarted(
            *self._base(event),
            order=order,
            continued=bool(attributes.continued_execution_run_id),
            name=_called(attributes.workflow_type.name, order),
            parent=self._parent,
            summary=str(decoded(event.user_metadata.summary) or ""),
        )

    def _agent_completed(self, event: HistoryEvent) -> RunEvent:
        result = _first(event.workflow_execution_completed_event_attributes.result)
        return AgentEnded(*self._base(event), state=RunState.DONE, result=result)

    def _agent_ended(self, event: HistoryEvent) -> RunEvent:
        message = ""
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
            message = innermost(event.workflow_execution_failed_event_attributes.failure)
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
            reason = event.workflow_execution_terminated_event_attributes.reason
            message = _ENDED_WITH_ITS_PARENT.get(reason, reason) or "terminated"
        return AgentEnded(*self._base(event), state=_ENDS[event.event_type], result={}, message=message)

    def _scheduled(self, event: HistoryEvent) -> RunEvent:
        attributes = event.activity_task_scheduled_event_attributes
        self._steps[event.event_id] = attributes.activity_id
        summary = decoded(event.user_metadata.summary) or attributes.activity_id
        return StepScheduled(
            *self._base(event),
            step=attributes.activity_id,
            kind=sys.intern(attributes.activity_type.name),
            summary=str(summary),
        )

    def _step_started(self, event: HistoryEvent) -> RunEvent:
        attributes = event.activity_task_started_event_attributes
        return StepStarted(
            *self._base(event),
            step=self._steps[attributes.scheduled_event_id],
            attempt=attributes.attempt,
            last_failure=innermost(attributes.last_failure) if attributes.HasField("last_failure") else "",
        )

    def _step_ended(self, event: HistoryEvent) -> RunEvent:
        attributes = event.activity_task_completed_event_attributes
        step = self._steps.pop(attributes.scheduled_event_id)
        return StepEnded(*self._base(event), step=step, result=_first(attributes.result))

    def _step_failed(self, event: HistoryEvent) -> RunEvent:
        attributes = event.activity_task_failed_event_attributes
        step = self._steps.pop(attributes.scheduled_event_id)
        return StepFailed(*self._base(event), step=step, message=innermost(attributes.failure))

    def _step_timed_out(self, event: HistoryEvent) -> RunEvent:
        attributes = event.activity_task_timed_out_event_attributes
        step = self._steps.pop(attributes.scheduled_event_id)
        return StepFailed(*self._base(event), step=step, message=innermost(attributes.failure))

    def _step_cancelled(self, event: HistoryEvent) -> RunEvent:
        step = self._steps.pop(event.activity_task_canceled_event_attributes.scheduled_event_id)
        return StepFailed(*self._base(event), step=step, message="cancelled", cancelled=True)

    def _memo(self, event: HistoryEvent) -> RunEvent | None:
        fields = event.workflow_properties_modified_event_attributes.upserted_memo.fields
        self._heard_until, *_ = self._base(event)
        if MEMO_PAUSED not in fields:
            return None
        reason = self._paused = str(decoded(fields[MEMO_PAUSED]) or "")
        if reason == PAUSE_ASKED and self._told == RESUME_SIGNAL:
            return None  # the agent heard of both at once, and takes the pause back at once
        return RunPaused(*self._base(event), reason=reason) if reason else RunResumed(*self._base(event))

    def _signalled(self, event: HistoryEvent) -> RunEvent | None:
        name = event.workflow_execution_signaled_event_attributes.signal_name
        if name not in _ASKED:
            return None
        self._told = name
        base = self._base(event)
        # What comes while a worker is at a task is written down behind that task, and heard of then.
        return _ASKED[name](max(base[0], self._heard_until), *base[1:])

    def _update_admitted(self, event: HistoryEvent) -> None:
        self._admitted[event.event_id] = event.workflow_execution_update_admitted_event_attributes.request

    def _updated(self, event: HistoryEvent) -> RunEvent | None:
        accepted = event.workflow_execution_update_accepted_event_attributes
        again = self._admitted.pop(accepted.accepted_request_sequencing_event_id, None)
        told = (again or accepted.accepted_request).input
        match told.name:
            case name if name == DECIDE_UPDATE:
                decision = Decision.model_validate(_first(told.args))
                return Decided(*self._base(event), decision.key, decision.granted, decision.reason, bool(again))
            case name if name == RAISE_UPDATE:
                return BudgetRaised(*self._base(event), Budget.model_validate(_first(told.args)), bool(again))
            case _:
                return None

    def _task_failed(self, event: HistoryEvent) -> RunEvent | None:
        attributes = event.workflow_task_failed_event_attributes
        if attributes.cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW:
            # A pause of before is ended by a resume of its own, which follows.
            return None if self._paused == PAUSE_ASKED else RunReopened(*self._base(event))
        self._code_fails = True
        return CodeFailed(*self._base(event), message=innermost(attributes.failure))

    def _task_completed(self, event: HistoryEvent) -> RunEvent | None:
        mended, self._code_fails = self._code_fails, False
        return CodeWorks(*self._base(event)) if mended else None


def decoded(payload: Payload) -> Any:
    """Return what a JSON payload holds; None for an empty one. Texts that are the same are one in memory."""
    return json.loads(payload.data, object_pairs_hook=_sharing) if payload.data else None


def _sharing(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object: thousands of results have the same names in them, and many the same ids."""
    return {sys.intern(name): sys.intern(value) if isinstance(value, str) else value for name, value in pairs}


def innermost(failure: Failure) -> str:
    """Return what the failure that caused the others says; of a timeout what it means."""
    while failure.HasField("cause"):
        failure = failure.cause
    if failure.HasField("timeout_failure_info"):
        return _TIMEOUTS.get(failure.timeout_failure_info.timeout_type, failure.message)
    return failure.message


def _called(kind: str, order: Mapping[str, Any]) -> str:
    """Return what people call an agent: of agents that anybody may define, what the order says, else the type."""
    named = order.get("agent") if kind == DURABLE_AGENT else ""
    return on_one_line(str(named or kind))


def _first(payloads: Payloads) -> dict[str, Any]:
    value = decoded(payloads.payloads[0]) if payloads.payloads else None
    return value if isinstance(value, dict) else {}
