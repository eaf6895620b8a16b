"""What a client does with runs: start, find, pause, resume, cancel."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from temporalio.api.enums.v1 import PendingWorkflowTaskState
from temporalio.client import Client, WorkflowHandle, WorkflowHistoryEventFilterType, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from archaeologist.agents.workflows.loop import TASK_TIMEOUT
from archaeologist.domain.budget import Budget
from archaeologist.domain.conversation import Decision, Word
from archaeologist.domain.names import (
    DECIDE_UPDATE,
    MEMO_BRANCH,
    MEMO_REPOSITORY,
    MEMO_RUN,
    MEMO_VERSION,
    PAUSE_SIGNAL,
    RAISE_UPDATE,
    RESUME_SIGNAL,
    TELL_UPDATE,
    Role,
)
from archaeologist.domain.run import RunState
from archaeologist.errors import RunError
from archaeologist.pipeline.executions import at_work
from archaeologist.pipeline.resetting import reset_run, told_to_pause
from archaeologist.pipeline.source import LiveSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.domain.events import RunLine
    from archaeologist.domain.payload import Payload
    from archaeologist.pipeline.intake import Intake

ResultT = TypeVar("ResultT")


async def start_run(client: Client, intake: Intake) -> tuple[RunLine, bool]:
    """Start a run, or attach to the one that is open for the repository.

    Returns:
        the run, and whether it is the new one.
    """
    request = intake.request
    await client.start_workflow(
        Role.ORCHESTRATOR.value,
        request,
        id=intake.workflow_id,
        task_queue=Role.ORCHESTRATOR.queue,
        task_timeout=TASK_TIMEOUT,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"modernize {intake.location.root.name} at {request.run.base[:10]}",
        static_details=f"Run `{request.run.run_id}`, branch `{request.run.branch}`, "
        f"written for {request.target} ({request.target_origin}).",
        memo={
            MEMO_RUN: request.run.run_id,
            MEMO_VERSION: request.version,
            MEMO_REPOSITORY: request.run.root,
            MEMO_BRANCH: request.run.branch,
        },
    )
    line = await LiveSource(client).latest(intake.workflow_id)
    return line, line.run_id == request.run.run_id


async def find_run(client: Client, named: str | None, workflow_id: str | None = None) -> RunLine:
    """Return the run that a user means.

    Args:
        client: the server.
        named: a run id or its beginning; None for the one that is most likely meant.
        workflow_id: the runs of the repository that the user is in.

    Returns:
        the named run; else the repository's open one, or its newest; else the newest unfinished one; else the newest.

    Raises:
        RunError: there is none, or several begin so.
    """
    lines = await LiveSource(client).runs()
    if named is None:
        here = [line for line in lines if line.workflow_id == workflow_id]
        here.sort(key=lambda line: not line.state.is_open)  # an older run may have gone on since
        unfinished = [line for line in lines if line.state.is_open or line.state is RunState.FAILED]
        found = (here or unfinished or lines)[:1]
    else:
        found = [line for line in lines if line.run_id.startswith(named.lower())]
    if not found:
        raise RunError(
            f"there is no run {named}" if named else "there is no run yet", hint="see `archaeologist runs list`"
        )
    if len(found) > 1:
        raise RunError(
            f"{len(found)} runs begin with {named}: {', '.join(line.run_id for line in found)}",
            hint="type more of the run's id",
        )
    return found[0]


async def pause_run(client: Client, run: RunLine) -> None:
    """Ask a run to stop before its next step. Raises RunError when it is not open."""
    with _still_open(run):
        await _open_handle(client, run).signal(PAUSE_SIGNAL)


async def tell_run(client: Client, run: RunLine, agent: str, text: str) -> None:
    """Say something to an agent at work. Raises RunError when the run is not open or the agent not at work.

    Args:
        client: the server.
        run: which run.
        agent: one of the four, which the orchestrator hands the words to; or what a sub-agent is known by in the run,
            which gets them itself.
        text: the words.
    """
    handle, word = _open_handle(client, run), Word(agent=agent, text=text)
    if agent and agent not in set(Role):
        handle, word = await _sub_agent(client, run, agent), Word(agent="", text=text)
    await _update(handle, run, TELL_UPDATE, word, str)


async def _sub_agent(client: Client, run: RunLine, name: str) -> WorkflowHandle[object, object]:
    with _still_open(run):
        agents = {this.agent: this async for this, _ in at_work(client, run.workflow_id, run.workflow_run)}
    if name not in agents:
        known = ", ".join(sorted(agents))
        hint = f"see `archaeologist runs show {run.run_id}`"
        raise RunError(f"the {name} is not at work now; at work: {known}", hint=hint)
    return client.get_workflow_handle(agents[name].workflow_id)


async def decide_run(client: Client, run: RunLine, deny: str | None, question: str = "") -> str:
    """Allow what a run waits for, or deny it with a reason; return what it was. Raises RunError when it is nothing.

    Args:
        client: the server.
        run: which run.
        deny: why not; None to allow it.
        question: what the answer is to, as the pause names it; empty for the oldest question.
    """
    decision = Decision(key=question, granted=deny is None, reason=deny or "")
    return await _update(_open_handle(client, run), run, DECIDE_UPDATE, decision, str)


async def raise_budget(client: Client, run: RunLine, limits: Budget) -> None:
    """Set limits anew. Raises RunError when they are reached already."""
    await _update(_open_handle(client, run), run, RAISE_UPDATE, limits, Budget)


async def _update(
    handle: WorkflowHandle[object, object], run: RunLine, name: str, word: Payload, result: type[ResultT]
) -> ResultT:
    with _still_open(run):
        try:
            return cast("ResultT", await handle.execute_update(name, word, result_type=result))
        except WorkflowUpdateFailedError as error:
            cause = error.cause.message if isinstance(error.cause, ApplicationError) else str(error.cause)
            hint = f"see `archaeologist runs show {run.run_id}`"
            raise RunError(cause, hint=hint) from error


async def cancel_run(client: Client, run: RunLine, *, force: bool) -> None:
    """Give a run up; with `force` without asking it, for a run whose code no longer works."""
    handle = _open_handle(client, run)
    with _still_open(run):
        if force:
            await handle.terminate(reason="given up by force")
        else:
            await handle.cancel()


async def wait_until_closed(client: Client, run: RunLine) -> None:
    """Return once the run has ended, however it did."""
    handle = client.get_workflow_handle(run.workflow_id, run_id=run.workflow_run)
    async for _ in handle.fetch_history_events(
        wait_new_event=True, event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT
    ):
        return


async def resume_run(client: Client, run: RunLine) -> RunLine:
    """Make a run go on: a paused one is told to, a failed one is reset to just before what failed.

    Args:
        client: the server.
        run: which run; how it is now is asked of the server.

    Returns:
        the run to follow, with what it waited for until now; of one that had ended, nobody knows that yet.

    Raises:
        RunError: it is done, or another run of the repository is open.
    """
    source = LiveSource(client)
    with _still_open(run):
        run = await source.as_it_is(run)
    if run.state is RunState.DONE:
        raise RunError(f"run {run.run_id} is done", hint=f"see `archaeologist runs show {run.run_id}`")
    if run.state.is_open:
        with _still_open(run):
            handle = _open_handle(client, run)
            if run.paused or await _may_pause(handle):
                await handle.signal(RESUME_SIGNAL)
        return run
    latest = await source.latest(run.workflow_id)
    if latest.run_id != run.run_id and latest.state.is_open:
        raise RunError(
            f"run {latest.run_id} of the same repository is open", hint=f"finish or cancel {latest.run_id} first"
        )
    await reset_run(client, run)
    latest = await source.latest(run.workflow_id)
    # It says what was asked at the point that it goes on from; what was answered since then need not be asked again.
    return replace(latest, state=RunState.RUNNING, paused="") if latest.paused else latest


async def _may_pause(handle: WorkflowHandle[object, object]) -> bool:
    """Return whether a run may have been told to pause while no worker was alive, and would as soon as one is.

    What it is told while a worker is at a task, also one that was killed at it, is written down when that is over.
    """
    task = (await handle.describe()).raw_description.pending_workflow_task
    at_it = task.state == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
    return at_it or told_to_pause((await handle.fetch_history()).events)


@contextmanager
def _still_open(run: RunLine) -> Iterator[None]:
    """Say so when a run has ended between the look and the word."""
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        hint = f"see `archaeologist runs show {run.run_id}`"
        raise RunError(f"run {run.run_id} has just ended", hint=hint) from error


def _open_handle(client: Client, run: RunLine) -> WorkflowHandle[object, object]:
    if not run.state.is_open:
        raise RunError(f"run {run.run_id} is {run.state}", hint="only an open run can be told anything")
    return client.get_workflow_handle(run.workflow_id, run_id=run.workflow_run)
