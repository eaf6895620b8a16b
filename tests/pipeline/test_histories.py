"""What events of a history mean."""

from __future__ import annotations

import json

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Memo, Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import (
    HistoryEvent,
    WorkflowExecutionSignaledEventAttributes,
    WorkflowPropertiesModifiedEventAttributes,
)

from archaeologist.domain.names import MEMO_PAUSED, PAUSE_ASKED, PAUSE_SIGNAL, RESUME_SIGNAL, Role
from archaeologist.pipeline.histories import HistoryReader


def event(said: str, second: int = 0) -> HistoryEvent:
    """A signal, by its name; or why an agent shows that it waits, behind a colon."""
    shows, _, reason = said.rpartition(":")
    time = Timestamp(seconds=second)
    if not shows:
        return HistoryEvent(
            event_time=time,
            event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
            workflow_execution_signaled_event_attributes=WorkflowExecutionSignaledEventAttributes(signal_name=said),
        )
    memo = Memo(fields={MEMO_PAUSED: Payload(data=json.dumps(reason).encode())})
    return HistoryEvent(
        event_time=time,
        event_type=EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
        workflow_properties_modified_event_attributes=WorkflowPropertiesModifiedEventAttributes(upserted_memo=memo),
    )


WAITS, GOES_ON = f"shows:{PAUSE_ASKED}", "shows:"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ((PAUSE_SIGNAL, WAITS), "PauseAsked RunPaused"),
        ((PAUSE_SIGNAL, WAITS, RESUME_SIGNAL, GOES_ON), "PauseAsked RunPaused ResumeAsked RunResumed"),
        ((PAUSE_SIGNAL, RESUME_SIGNAL, WAITS, GOES_ON), "PauseAsked ResumeAsked RunResumed"),
        ((PAUSE_SIGNAL, RESUME_SIGNAL, PAUSE_SIGNAL, WAITS), "PauseAsked ResumeAsked PauseAsked RunPaused"),
        ((RESUME_SIGNAL, "shows:disk full"), "ResumeAsked RunPaused"),
        ((WAITS,), "RunPaused"),
    ],
)
def test_a_pause_that_was_taken_back_before_an_agent_heard_of_it_is_none(said: tuple[str, ...], meant: str) -> None:
    reader = HistoryReader(Role.ORCHESTRATOR, "first")
    found = [reader.read(event(each)) for each in said]
    assert [type(each).__name__ for each in found if each is not None] == meant.split()


def test_what_comes_while_a_worker_is_at_a_task_is_heard_of_behind_it() -> None:
    """The server writes it down with the time at which it came."""
    reader = HistoryReader(Role.ORCHESTRATOR, "first")
    found = [reader.read(event(said, second)) for said, second in ((PAUSE_SIGNAL, 1), (WAITS, 9), (RESUME_SIGNAL, 8))]
    assert [each.time.second for each in found if each is not None] == [1, 9, 9]
