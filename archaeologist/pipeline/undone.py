"""Finds and reads what of a run was undone: ends of executions that were closed before it went on from earlier on.

Temporal copies what is kept into the execution that goes on, and leaves the closed one as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio.api.enums.v1 import EventType
from temporalio.service import RPCError, RPCStatusCode

from archaeologist.domain.undone import Undone
from archaeologist.pipeline.histories import HistoryReader

if TYPE_CHECKING:
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client

    from archaeologist.pipeline.executions import Execution


@dataclass(frozen=True)
class Ending:
    """What of an execution was undone.

    Attributes:
        closed: the execution.
        by: the one that went on from before it.
        newest: the one that the run goes on in now, to which all belongs that was kept.
        since: the first event that was undone.
    """

    closed: str
    by: str
    newest: str
    since: int


class UndoneReader:
    """Reads what was undone of one history, event by event, in order.

    Args:
        ending: what was undone.
        execution: whose history it is: the closed execution, or an agent that began in its ending.
    """

    def __init__(self, ending: Ending, execution: Execution) -> None:
        self._ending = ending
        self._run = execution.workflow_run
        is_whole = self._run != ending.closed
        self._since = 0 if is_whole else ending.since
        # What was kept of the closed execution, such as its steps, is known as that of the newest one.
        self._reader = HistoryReader(execution.agent, self._run if is_whole else ending.newest, execution.parent)
        self._kept_until = datetime.min.replace(tzinfo=UTC)

    def undid(self, event: HistoryEvent) -> bool:
        """Return whether an event was undone."""
        return event.event_id >= self._since

    def read(self, event: HistoryEvent) -> Undone | None:
        """Return what an event means for people that was undone, or None when it means nothing or was kept."""
        found = self._reader.read(event)
        if not self.undid(event):
            self._kept_until = event.event_time.ToDatetime(tzinfo=UTC)
        elif found is not None:
            # That an attempt began is written down when it ends.
            time = max(found.time, self._kept_until)
            return Undone(time, found.agent, self._run, found.number, found, self._ending.closed, self._ending.by)
        return None


async def endings_of(client: Client, workflow_id: str, workflow_run: str) -> list[Ending]:
    """Return what was undone before an execution of a run, the latest first, as far as the server still knows it."""
    found: list[Ending] = []
    ending = await _undone_by(client, workflow_id, workflow_run, workflow_run)
    while ending is not None:
        found.append(ending)
        try:
            ending = await _undone_by(client, workflow_id, ending.closed, workflow_run)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return found[:-1]
    return found


async def _undone_by(client: Client, workflow_id: str, workflow_run: str, newest: str) -> Ending | None:
    """Return what an execution undid; None when it is the first one of its run."""
    handle = client.get_workflow_handle(workflow_id, run_id=workflow_run)
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            began = event.workflow_execution_started_event_attributes
            if began.original_execution_run_id in {"", workflow_run}:
                return None
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            reset = event.workflow_task_failed_event_attributes
            if reset.base_run_id and reset.new_run_id == workflow_run:
                return Ending(reset.base_run_id, workflow_run, newest, event.event_id)
    return None
