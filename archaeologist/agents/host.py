"""The worker of a team's own agents: `await agent.run_worker()`."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from archaeologist.agents.turns.activities import Talks
from archaeologist.agents.turns.runlog import RunLogs
from archaeologist.agents.turns.thinking import mind_of
from archaeologist.agents.workflows.durable import DurableAgentWorkflow
from archaeologist.domain.names import DURABLE_AGENT
from archaeologist.errors import UsageError
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.replay import refuse_changed_workflows
from archaeologist.temporal.settings import resolve_settings
from archaeologist.temporal.state import open_state
from archaeologist.temporal.worker import worker_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from temporalio.client import Client

    from archaeologist.agents.agent import DurableAgent

CALLS_AT_ONCE = 16
"""Steps at once: most of them wait for a model."""


async def run_agents(
    agents: Sequence[DurableAgent],
    *,
    address: str | None = None,
    namespace: str | None = None,
    profile: str | None = None,
    state_dir: Path | None = None,
) -> None:
    """Host agents until SIGTERM, SIGINT or cancellation.

    Args:
        agents: whom to host, each on its own task queue.
        address: a Temporal server, host:port; the embedded one when neither this, a profile nor a variable names one.
        namespace: the namespace on it.
        profile: a profile of the Temporal configuration file.
        state_dir: where transcripts, answers and the embedded server are kept.

    Raises:
        ServerError: no server can be had.
        UsageError: two agents of one name on one queue.
    """
    state = open_state(state_dir)
    settings = resolve_settings(address=address, namespace=namespace, profile=profile)
    client = await connect(settings, state, start=True, plugins=[plugin()])
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with hosting(client, agents, state.path):
        await told.wait()


@asynccontextmanager
async def hosting(client: Client, agents: Sequence[DurableAgent], state: Path) -> AsyncIterator[None]:
    """Host agents within a block.

    Args:
        client: connected with `plugin()`.
        agents: whom to host.
        state: the state directory.

    Raises:
        UsageError: two agents of one name on one queue.
        WorkerError: the installed code differs from the code that wrote an open task.
    """
    await refuse_changed_workflows(client, {DURABLE_AGENT: DurableAgentWorkflow})
    mind, logs = mind_of(state), RunLogs(state / "runs")
    try:
        async with AsyncExitStack() as stack:
            for queue, hosted in _by_queue(agents).items():
                talks = Talks(mind, logs, hosted, state)
                serving = worker_of(client, queue, DurableAgentWorkflow, talks.activities(), at_once=CALLS_AT_ONCE)
                await stack.enter_async_context(serving)
            yield
    finally:
        logs.close()


def _by_queue(agents: Sequence[DurableAgent]) -> dict[str, dict[str, DurableAgent]]:
    queues: dict[str, dict[str, DurableAgent]] = {}
    for agent in agents:
        hosted = queues.setdefault(agent.task_queue, {})
        if agent.name in hosted:
            raise UsageError(f"two agents are called {agent.name}", hint="give one of them another `name=`")
        hosted[agent.name] = agent
    return queues
