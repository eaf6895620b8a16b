"""Forgets a run that has ended: what the server knows of it, its logs and its paid answers.

Its branch, the notes of it and the artefacts stay: the first two are the user's, the last may be those of other runs.
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from temporalio.api.common.v1 import WorkflowExecution as ExecutionName
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError, RPCStatusCode

from archaeologist.domain.names import MEMO_RUN
from archaeologist.errors import RunError
from archaeologist.models.journal import journal_of
from archaeologist.pipeline.executions import executions_of
from archaeologist.pipeline.source import RUNS

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowExecution

    from archaeologist.domain.events import RunLine
    from archaeologist.temporal.state import StateDirectory

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 5.0


async def delete_run(client: Client, state: StateDirectory, run: RunLine) -> None:
    """Forget a run: its histories, its folder of logs, its answers and what is left of its checkouts.

    Returns once lists no longer show it, or after a while: a server that is not ours may list it for a minute more.
    Who was killed on the way may simply delete it again.

    Raises:
        RunError: the run is open.
    """
    known = await _known(client, run)
    if run.state.is_open or any(execution.close_time is None for execution in known):
        raise RunError(
            f"run {run.run_id} is open", hint=f"`archaeologist cancel {run.run_id}` gives it up; then delete it"
        )
    for execution in known:
        everything = await executions_of(client, execution.id, execution.run_id)
        for each, _ in reversed(everything):  # the orchestrator last: from it the others are found
            await _delete(client, each.workflow_id, each.workflow_run)
    for folder in (state.run(run.run_id), journal_of(state.path).folder / run.run_id, state.worktrees / run.run_id):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await _unlisted(client, run)


async def _unlisted(client: Client, run: RunLine) -> None:
    """Return once no list shows the run. Nothing but lists tells when a server has done what it accepted."""
    while await _known(client, run):  # noqa: ASYNC110 - the event is another machine's
        await asyncio.sleep(_POLL_SECONDS)


async def _known(client: Client, run: RunLine) -> list[WorkflowExecution]:
    """Return the orchestrator's executions of a run: there are several when it was reset."""
    found = [execution async for execution in client.list_workflows(f"{RUNS} AND WorkflowId = '{run.workflow_id}'")]
    return [each for each in found if (await each.memo()).get(MEMO_RUN, each.run_id) == run.run_id]


async def _delete(client: Client, workflow_id: str, workflow_run: str) -> None:
    name = ExecutionName(workflow_id=workflow_id, run_id=workflow_run)
    try:
        await client.workflow_service.delete_workflow_execution(
            DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=name)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
