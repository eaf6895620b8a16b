"""Replays histories against the installed code, so that a worker never takes over what it would get wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.worker import Replayer

from archaeologist import __version__
from archaeologist.domain.names import MEMO_RUN, MEMO_VERSION
from archaeologist.errors import WorkerError
from archaeologist.temporal.plugin import plugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from temporalio.client import Client, WorkflowExecution, WorkflowHistory

OPEN_AGENTS = "ExecutionStatus = 'Running'"


async def replay_failure(history: WorkflowHistory, workflows: Iterable[type]) -> Exception | None:
    """Return why the installed workflow code does not fit a history, or None when it does."""
    replayer = Replayer(workflows=list(workflows), plugins=[plugin(replaying=True)])
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return result.replay_failure


async def refuse_changed_workflows(client: Client, workflows: Mapping[str, type]) -> int:
    """Replay every open workflow of the given types and return how many there are.

    Args:
        client: the server.
        workflows: the installed classes by the names of their types.

    Raises:
        WorkerError: the installed code differs from the code that wrote an open run, whose version is named.
    """
    count = 0
    async for execution in client.list_workflows(OPEN_AGENTS):
        if execution.workflow_type not in workflows:
            continue
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        failure = await replay_failure(await handle.fetch_history(), workflows.values())
        if failure is not None:
            raise await _refusal(execution, failure)
        count += 1
    return count


async def _refusal(execution: WorkflowExecution, failure: Exception) -> WorkerError:
    memo = await execution.memo()
    run, version = memo.get(MEMO_RUN, execution.id), memo.get(MEMO_VERSION, "an unknown version")
    return WorkerError(
        f"run {run} was written by version {version}; the {execution.workflow_type} of version {__version__} "
        f"would go on differently ({failure})",
        hint=f"finish the run with version {version} (`pip install code-archaeologist=={version}`), "
        f"or give it up with `archaeologist cancel {run}`",
    )
