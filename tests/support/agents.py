"""Durable agents in tests: a real server, a worker in this process, and a model that says what it is told."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from archaeologist.agents.client import DurableAgentClient
from archaeologist.agents.host import hosting
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.server import ensure_server
from archaeologist.temporal.settings import ServerSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from archaeologist.agents.agent import DurableAgent
    from archaeologist.temporal.state import StateDirectory


@asynccontextmanager
async def at_work(state: StateDirectory, *agents: DurableAgent) -> AsyncIterator[DurableAgentClient]:
    """Host agents within a block, and give a client of the first one."""
    ensure_server(state, ServerSettings(headless=True))
    client = await connect(ServerSettings(headless=True), state, start=False, plugins=[plugin()])
    async with hosting(client, agents, state.path):
        yield DurableAgentClient(agents[0].task_queue, state_dir=state.path)


def queue_of(name: str) -> str:
    """Return a task queue that no other test of this server uses."""
    return f"{name}-{os.urandom(4).hex()}"
