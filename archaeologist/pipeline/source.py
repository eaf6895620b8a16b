"""Where runs are read from: the server's histories. Recorded ones are read by `recordings/source.py`.

Reading is all that displays do: no query, no signal, nothing that needs a living worker or costs the run an event.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from archaeologist.domain.events import AgentStarted, DataPlane, PendingStep, RunEvent, RunLine
from archaeologist.domain.names import MEMO_BRANCH, MEMO_PAUSED, MEMO_REPOSITORY, MEMO_RUN, MEMO_VERSION, Role
from archaeologist.domain.run import RunRequest, RunState
from archaeologist.pipeline.executions import Execution, at_work
from archaeologist.pipeline.following import Followers
from archaeologist.pipeline.histories import HistoryReader, decoded, innermost
from archaeologist.pipeline.undone import endings_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from temporalio.api.workflow.v1 import PendingActivityInfo

RUNS = f"WorkflowType = '{Role.ORCHESTRATOR}'"
_SECOND = 2

_STATES = {
    WorkflowExecutionStatus.RUNNING: RunState.RUNNING,
    WorkflowExecutionStatus.COMPLETED: RunState.DONE,
    WorkflowExecutionStatus.CANCELED: RunState.CANCELLED,
}
_IN_FLIGHT = {
    PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED: "wait",
    PendingActivityState.PENDING_ACTIVITY_STATE_STARTED: "run",
    PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED: "cancel",
}


@dataclass(frozen=True)
class LiveSource:
    """Runs as the server records them.

    Args:
        client: the server.
        artefacts: the artefact store's folder; only what shows more than histories needs it.
    """

    client: Client
    artefacts: Path = Path()

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC)

    def data(self, request: RunRequest) -> DataPlane:
        """Return where artefacts and git objects of a run are read."""
        return DataPlane(self.artefacts, Path(request.run.git_dir))

    async def runs(self) -> list[RunLine]:
        """Return all runs, the newest first; one that was reset or continued counts once, from its first beginning."""
        executions: dict[str, list[RunLine]] = {}
        async for execution in self.client.list_workflows(RUNS):
            line = await _line(execution, execution.start_time)
            executions.setdefault(line.run_id, []).append(line)
        lines = [_one_run(each) for each in executions.values()]
        return sorted(lines, key=lambda line: line.started, reverse=True)

    async def latest(self, workflow_id: str) -> RunLine:
        """Return the newest run of a workflow id, read from the run itself: lists lag behind by a moment."""
        return await self._described(workflow_id)

    async def as_it_is(self, run: RunLine) -> RunLine:
        """Return a run that was read a while ago as it is now, continued or reset as it may be since then."""
        latest = await self.latest(run.workflow_id)
        if latest.run_id == run.run_id:
            return latest
        return await self._described(run.workflow_id, run.workflow_run)

    async def request(self, run: RunLine) -> RunRequest | None:
        """Return what a run was asked for, which is the first thing in its history; None when that is not to be had."""
        handle = self.client.get_workflow_handle(run.workflow_id, run_id=run.workflow_run)
        async for event in handle.fetch_history_events(page_size=1):
            began = HistoryReader(Role.ORCHESTRATOR, run.workflow_run).read(event)
            return RunRequest.model_validate(began.order) if isinstance(began, AgentStarted) else None
        return None

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncIterator[RunEvent]:
        """Yield the events of the run and its agents; with `follow` go on until the run ends.

        What happened before comes first, in the order of time over all agents, while it is read. A server that goes
        away is waited for: the events go on where they were.
        """
        followers = Followers(self.client, follow=follow, caught_up=caught_up or asyncio.Event())
        followers.add(Execution(run.workflow_id, run.workflow_run))
        for ending in await endings_of(self.client, run.workflow_id, run.workflow_run):
            followers.add(Execution(run.workflow_id, ending.closed), ending=ending)
        async with aclosing(followers.merged()) as events:
            async for event in events:
                yield event

    async def pending(self, run: RunLine) -> list[PendingStep]:
        """Return the steps in flight in any of the run's agents."""
        return [
            PendingStep(
                agent=this.agent,
                step=activity.activity_id,
                kind=activity.activity_type.name,
                attempt=activity.attempt,
                state=_IN_FLIGHT.get(activity.state, "wait"),
                last_failure=innermost(activity.last_failure) if activity.HasField("last_failure") else "",
                started=activity.last_started_time.ToDatetime(tzinfo=UTC)
                if activity.HasField("last_started_time")
                else None,
                writes=_writes(activity),
                attempts=activity.maximum_attempts,
                again=_again(activity),
            )
            async for this, described in at_work(self.client, run.workflow_id, run.workflow_run)
            for activity in described.pending_activities
        ]

    async def _described(self, workflow_id: str, workflow_run: str | None = None) -> RunLine:
        """Return a run as the server describes one execution of it, which knows when the first one began."""
        described = await self.client.get_workflow_handle(workflow_id, run_id=workflow_run).describe()
        extended = described.raw_description.workflow_extended_info
        known = extended.HasField("original_start_time")
        first = extended.original_start_time.ToDatetime(tzinfo=UTC) if known else described.start_time
        return await _line(described, first)


def _again(activity: PendingActivityInfo) -> datetime | None:
    """Return when an attempt begins that waits for its turn after one that failed."""
    if activity.state != PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED or activity.attempt < _SECOND:
        return None
    return activity.scheduled_time.ToDatetime(tzinfo=UTC) if activity.HasField("scheduled_time") else None


def _writes(activity: PendingActivityInfo) -> str:
    """Return the end of the text that a model is writing, as the attempt's last heartbeat told it, if it told any."""
    details = activity.heartbeat_details.payloads
    told = decoded(details[0]) if details else None
    return str(told.get("text", "")) if isinstance(told, dict) else ""


def _one_run(executions: list[RunLine]) -> RunLine:
    """Return a run as it is in its newest execution, begun when the first one was."""
    newest = max(executions, key=lambda line: line.started)
    return replace(newest, started=min(line.started for line in executions))


async def _line(execution: WorkflowExecution, started: datetime) -> RunLine:
    """Return a run that began at a time, as it is in one execution."""
    memo = await execution.memo()
    state = _STATES.get(execution.status or WorkflowExecutionStatus.RUNNING, RunState.FAILED)
    paused = str(memo.get(MEMO_PAUSED, "")) if state is RunState.RUNNING else ""
    return RunLine(
        run_id=str(memo.get(MEMO_RUN, execution.run_id)),
        workflow_id=execution.id,
        workflow_run=execution.run_id,
        repository=str(memo.get(MEMO_REPOSITORY, "")),
        branch=str(memo.get(MEMO_BRANCH, "")),
        state=RunState.PAUSED if paused else state,
        paused=paused,
        started=started,
        ended=execution.close_time,
        version=str(memo.get(MEMO_VERSION, "")),
    )
