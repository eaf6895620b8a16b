"""Where runs are read from: the server's histories. Recorded ones are read by `recordings/source.py`.

Reading is all that displays do: no query, no signal, nothing that needs a living worker or costs the run an event.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from archaeologist.domain.events import DataPlane, PendingStep, RunEvent, RunLine
from archaeologist.domain.names import MEMO_BRANCH, MEMO_PAUSED, MEMO_REPOSITORY, MEMO_RUN, MEMO_VERSION, Role
from archaeologist.domain.run import RunRequest, RunState
from archaeologist.pipeline.executions import Execution, begun_by
from archaeologist.pipeline.histories import HistoryReader, decoded, innermost

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.api.workflow.v1 import PendingActivityInfo

RUNS = f"WorkflowType = '{Role.ORCHESTRATOR}'"
RECONNECT_SECONDS = 0.5
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
        """Return all runs, the newest first; a run that was reset or continued counts once."""
        lines: dict[str, RunLine] = {}
        async for execution in self.client.list_workflows(RUNS):
            line = await _line(execution)
            known = lines.get(line.run_id)
            if known is None or known.started < line.started:
                lines[line.run_id] = line
        return sorted(lines.values(), key=lambda line: line.started, reverse=True)

    async def latest(self, workflow_id: str) -> RunLine:
        """Return the newest run of a workflow id, read from the run itself: lists lag behind by a moment."""
        return await _line(await self.client.get_workflow_handle(workflow_id).describe())

    async def events(self, run: RunLine, *, follow: bool) -> AsyncIterator[RunEvent]:
        """Yield the events of the run and its agents; with `follow` go on until the run ends.

        What happened before comes first, in the order of time over all agents. A server that goes away is waited for:
        the events go on where they were.
        """
        followers = Followers(self.client, follow=follow)
        followers.add(Execution(run.workflow_id, run.workflow_run))
        async with aclosing(followers.merged()) as events:
            async for event in events:
                yield event

    async def pending(self, run: RunLine) -> list[PendingStep]:
        """Return the steps in flight in any of the run's agents."""
        steps: list[PendingStep] = []
        waiting = [Execution(run.workflow_id, run.workflow_run)]
        while waiting:
            this = waiting.pop()
            handle = self.client.get_workflow_handle(this.workflow_id, run_id=this.workflow_run or None)
            raw = (await handle.describe()).raw_description
            waiting.extend(
                this.child(child.workflow_id, child.run_id, child.workflow_type_name) for child in raw.pending_children
            )
            steps.extend(
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
                for activity in raw.pending_activities
            )
        return steps


def _again(activity: PendingActivityInfo) -> datetime | None:
    """Return when an attempt begins that waits for its turn after one that failed."""
    if activity.state != PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED or activity.attempt < _SECOND:
        return None
    return activity.scheduled_time.ToDatetime(tzinfo=UTC) if activity.HasField("scheduled_time") else None


def _writes(activity: PendingActivityInfo) -> str:
    """Return the end of the text that a model is writing, as the attempt's last heartbeat told it."""
    if not activity.HasField("heartbeat_details"):
        return ""
    told = decoded(activity.heartbeat_details.payloads[0])
    return str(told.get("text", "")) if isinstance(told, dict) else ""


class Followers:
    """Reads the histories of an orchestrator and of every agent it starts, as one stream.

    What had happened when a history was first looked at is the past. The past of all histories is put in the order of
    time and given out as one; what comes later is given out as it comes.
    """

    def __init__(self, client: Client, *, follow: bool) -> None:
        self._client = client
        self._follow = follow
        self._queue: asyncio.Queue[RunEvent | BaseException | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._past: list[RunEvent] | None = []
        self._behind: set[str] = set()

    def add(self, execution: Execution) -> None:
        """Read one more history."""
        self._behind.add(execution.workflow_run)
        task = asyncio.create_task(self._read(execution))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def merged(self) -> AsyncGenerator[RunEvent]:
        """Yield events of all histories until every one of them has ended."""
        try:
            while True:
                item = await self._queue.get()
                if isinstance(item, BaseException):
                    raise item
                if item is None:
                    return
                yield item
        finally:
            for task in list(self._tasks):
                task.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._queue.put_nowait(error)
        elif not self._tasks:
            self._queue.put_nowait(None)

    async def _read(self, execution: Execution) -> None:
        workflow_run = execution.workflow_run
        reader, seen, past = HistoryReader(execution.agent, workflow_run, execution.parent), 0, None
        handle = self._client.get_workflow_handle(execution.workflow_id, run_id=workflow_run)
        while True:
            try:
                if past is None:
                    past = (await handle.describe()).history_length if self._follow else math.inf
                async for event in handle.fetch_history_events(wait_new_event=self._follow):
                    if event.event_id > seen:
                        seen = event.event_id
                        self._handle(reader, event, execution)
                    if seen >= past:
                        self._caught_up(workflow_run)
            except RPCError as error:
                away = self._follow and error.status in _SERVER_AWAY
                if is_cancelled() or not (away or _STALE in str(error)):
                    raise
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                self._caught_up(workflow_run)
                return

    def _caught_up(self, workflow_run: str) -> None:
        """Give the past out when this was the last history of which there was some to read."""
        self._behind.discard(workflow_run)
        if self._past is not None and not self._behind:
            past, self._past = self._past, None
            for event in sorted(past, key=lambda event: event.time):
                self._queue.put_nowait(event)

    def _handle(self, reader: HistoryReader, event: HistoryEvent, execution: Execution) -> None:
        for begun in begun_by(event, execution):
            self.add(begun)
        found = reader.read(event)
        if found is None:
            return
        if self._past is not None:
            self._past.append(found)
        else:
            self._queue.put_nowait(found)


_STALE = "branch tokens"
"""In what the server says of a page of a history that has moved on meanwhile: read it from its beginning again."""

_SERVER_AWAY = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.UNKNOWN,
    RPCStatusCode.INTERNAL,
}


def is_cancelled() -> bool:
    """Return whether this task is told to end: the client reports its own cancellation as an error of the server's."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _line(execution: WorkflowExecution) -> RunLine:
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
        started=execution.start_time,
        ended=execution.close_time,
        version=str(memo.get(MEMO_VERSION, "")),
    )
