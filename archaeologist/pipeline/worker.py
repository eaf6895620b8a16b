"""The worker: hosts the agents and their steps on the four task queues. It may die at any time.

One worker a state directory, held by a lock that lives exactly as long as the process. Before it takes anything over
it replays the open runs against its own code and refuses those that a different version wrote.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from archaeologist import __version__
from archaeologist.agents.turns.runlog import RunLogs
from archaeologist.agents.turns.thinking import mind_of
from archaeologist.artefacts import write_durably
from archaeologist.domain.names import PLUGIN_AGENTS
from archaeologist.errors import ArchaeologistError, WorkerError
from archaeologist.models.journal import journal_of
from archaeologist.pipeline.activities import Desk, activities_of
from archaeologist.pipeline.crew import Crew
from archaeologist.pipeline.keys import marks_of
from archaeologist.pipeline.workflows import WORKFLOWS
from archaeologist.temporal.detached import write_process_id
from archaeologist.temporal.replay import OPEN_AGENTS, refuse_changed_workflows
from archaeologist.temporal.state import FileLock, StateDirectory
from archaeologist.temporal.worker import worker_of
from archaeologist.temporal.workers import NAME
from archaeologist_tools.plugins import plugins

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractAsyncContextManager

    from temporalio.client import Client

    from archaeologist.domain.names import Role

IDLE_POLL_SECONDS = 2.0

ANSWERS_AWAITED = 4
"""Of models, beside what the children do: an agent that waits for several answers goes on with its tools meanwhile."""


@dataclass(frozen=True)
class Employment:
    """Whom a worker works for.

    Args:
        state: the state directory that it serves.
        serves: the server in words, so that nobody waits for a worker of another one.
        roles: the agents to host.
        idle_seconds: leave after so many seconds without an open run; None stays.
        holds_lock: whoever started it has taken the lock for it.
    """

    state: StateDirectory
    serves: str
    roles: Collection[Role]
    idle_seconds: float | None
    holds_lock: bool = False

    def note(self, status: Literal["starting", "ready", "refused"], message: str = "", hint: str = "") -> None:
        """Tell the command that started the worker how it stands."""
        note = WorkerNote(status, __version__, self.serves, message, hint, marks_of(os.environ))
        write_durably(self.state.worker_note, json.dumps(asdict(note)).encode())


@dataclass(frozen=True)
class WorkerNote:
    """What a worker tells the command that started it, in `worker.json`."""

    status: Literal["starting", "ready", "refused"]
    version: str
    serves: str
    message: str = ""
    hint: str = ""
    keys: dict[str, str] = field(default_factory=dict)


async def run_worker(client: Client, employment: Employment) -> None:
    """Host agents until SIGTERM, SIGINT, or until no run has been open for a while.

    Args:
        client: connected with the project's plugin.
        employment: for whom and what.

    Raises:
        WorkerError: another worker serves the state directory, or an open run was written by other code.
    """
    state = employment.state
    lock = FileLock(state.worker_lock)
    if not employment.holds_lock:
        if not lock.acquire():
            raise WorkerError(
                f"a worker is already at work for {state.path}", hint="see `archaeologist doctor`; its pid is there"
            )
        write_process_id(state.worker, NAME)
    try:
        employment.note("starting")
        await _host(client, employment)
    except ArchaeologistError as error:
        employment.note("refused", str(error), error.hint)
        raise
    finally:
        lock.release()


async def _host(client: Client, employment: Employment) -> None:
    state, roles = employment.state, employment.roles
    cores = os.cpu_count() or 1
    shutil.rmtree(state.path / "tmp", ignore_errors=True)  # left by children that were killed
    crew = Crew(state.path, cores, state.worker_log)
    logs = RunLogs(state.runs)
    desk = Desk(crew, mind_of(state.path), journal_of(state.path), logs)
    try:
        # The children load their libraries while this process reads the histories.
        warming = asyncio.create_task(crew.warm_up(cores))
        await refuse_changed_workflows(client, {role: WORKFLOWS[role] for role in roles})
        async with AsyncExitStack() as stack:
            for role in roles:
                # One more than can be at work, so that no core waits for the server to hand out the next step.
                at_once = cores + 1 + ANSWERS_AWAITED
                serving = worker_of(client, role.queue, WORKFLOWS[role], activities_of(role, desk), at_once=at_once)
                await stack.enter_async_context(serving)
            if plugins(PLUGIN_AGENTS):
                await stack.enter_async_context(_agents_of_plugins(client, state))
            employment.note("ready")
            await _until_told_or_idle(client, employment.idle_seconds)
        await warming
    finally:
        await crew.close()
        logs.close()


def _agents_of_plugins(client: Client, state: StateDirectory) -> AbstractAsyncContextManager[None]:
    """Return the hosting of the agents that plugins bring."""
    from archaeologist.agents.host import hosting  # noqa: PLC0415 - a fifth of a second that few workers need
    from archaeologist.agents.tooling.plugins import load_agents  # noqa: PLC0415 - see above

    return hosting(client, load_agents(), state.path)


async def _until_told_or_idle(client: Client, idle_seconds: float | None) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    ends = {asyncio.create_task(told.wait())}
    if idle_seconds is not None:
        # Beside it, as a server that is away is asked for many seconds.
        ends.add(asyncio.create_task(_idle(client, idle_seconds)))
    _, others = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()


async def _idle(client: Client, seconds: float) -> Literal[True]:
    """Return once no run has been open for so long."""
    last_open = time.monotonic()
    while time.monotonic() - last_open <= seconds:
        await asyncio.sleep(IDLE_POLL_SECONDS)
        if await _open_runs(client):
            last_open = time.monotonic()
    return True


async def _open_runs(client: Client) -> int:
    try:
        return (await client.count_workflows(OPEN_AGENTS)).count
    except Exception:  # noqa: BLE001 - a server that is away says nothing about open runs; workers reconnect
        return 1
