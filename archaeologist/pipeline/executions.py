"""All that a server keeps of one run: the histories of its orchestrator and of every agent, however often continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from temporalio.api.enums.v1 import EventType
from temporalio.service import RPCError, RPCStatusCode

from archaeologist.domain.names import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client, WorkflowHistory


@dataclass(frozen=True)
class Execution:
    """One workflow of a run, with its history; `kind` is its workflow type."""

    workflow_id: str
    workflow_run: str
    kind: str
    history: WorkflowHistory


async def executions_of(client: Client, workflow_id: str, workflow_run: str) -> list[Execution]:
    """Return an orchestrator's execution and those of its agents and their sub-agents, each after who started it.

    What the server no longer has is left out.
    """
    found: list[Execution] = []
    waiting = [(workflow_id, workflow_run, Role.ORCHESTRATOR.value)]
    while waiting:
        this = waiting.pop(0)
        try:
            history = await client.get_workflow_handle(this[0], run_id=this[1]).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            continue
        found.append(Execution(*this, history))
        for event in history.events:
            waiting.extend(each for each in begun_by(event, this[0], this[2]) if each not in waiting)
    return found


def begun_by(event: HistoryEvent, workflow_id: str, kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield what an event of a workflow began: id, execution and type of a child, or of its own continuation."""
    if event.event_type == EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED:
        child = event.child_workflow_execution_started_event_attributes
        yield child.workflow_execution.workflow_id, child.workflow_execution.run_id, child.workflow_type.name
    elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
        yield workflow_id, event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id, kind
