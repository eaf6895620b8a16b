"""All that a server keeps of one run: the histories of its orchestrator and of every agent, however often continued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from temporalio.api.enums.v1 import EventType
from temporalio.service import RPCError, RPCStatusCode

from archaeologist.domain.names import Role, agent_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
    from temporalio.client import Client, WorkflowHistory


@dataclass(frozen=True)
class Execution:
    """One execution of the workflow of an agent.

    Attributes:
        workflow_id: the workflow's id.
        workflow_run: the execution's.
        kind: the workflow's type.
        agent: what the agent is known by in the run.
        parent: who began it; empty for the orchestrator.
    """

    workflow_id: str
    workflow_run: str
    kind: str = Role.ORCHESTRATOR
    agent: str = Role.ORCHESTRATOR
    parent: str = ""

    def child(self, workflow_id: str, workflow_run: str, kind: str) -> Execution:
        """Return the execution of an agent that this one began."""
        agent = agent_name(kind, workflow_id, self.agent, self.workflow_id)
        return Execution(workflow_id, workflow_run, kind, agent, self.agent)


async def executions_of(client: Client, workflow_id: str, workflow_run: str) -> list[tuple[Execution, WorkflowHistory]]:
    """Return the execution of an orchestrator and those of its agents, each after who started it, with their histories.

    What the server no longer has is left out.
    """
    found: list[tuple[Execution, WorkflowHistory]] = []
    waiting = [Execution(workflow_id, workflow_run)]
    while waiting:
        this = waiting.pop(0)
        try:
            history = await client.get_workflow_handle(this.workflow_id, run_id=this.workflow_run).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            continue
        found.append((this, history))
        for event in history.events:
            waiting.extend(each for each in begun_by(event, this) if each not in waiting)
    return found


async def at_work(
    client: Client, workflow_id: str, workflow_run: str
) -> AsyncIterator[tuple[Execution, DescribeWorkflowExecutionResponse]]:
    """Yield the execution of an orchestrator and those of the agents at work for it, with what the server says of each.

    Of an agent it is the execution that is open: the server names a child by the first of those that continue it.
    """
    waiting = [Execution(workflow_id, workflow_run)]
    while waiting:
        this = waiting.pop()
        handle = client.get_workflow_handle(this.workflow_id, run_id=this.workflow_run or None)
        raw = (await handle.describe()).raw_description
        yield this, raw
        waiting.extend(this.child(child.workflow_id, "", child.workflow_type_name) for child in raw.pending_children)


def begun_by(event: HistoryEvent, execution: Execution) -> Iterator[Execution]:
    """Yield what an event of an execution began: that of a child, or of its own continuation."""
    if event.event_type == EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED:
        child = event.child_workflow_execution_started_event_attributes
        began = child.workflow_execution
        yield execution.child(began.workflow_id, began.run_id, child.workflow_type.name)
    elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
        continued = event.workflow_execution_continued_as_new_event_attributes
        yield replace(execution, workflow_run=continued.new_execution_run_id)
