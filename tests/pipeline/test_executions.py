"""What is in flight in a run whose agents are continued, as they are when their histories have grown."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from temporalio import activity, workflow
from temporalio.worker import Worker

from archaeologist.domain.names import Role
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from support.embedded import scratch_state

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 30


@workflow.defn(name="digger", sandboxed=False)
class Digger:
    """An agent that does its step when it has been continued once."""

    @workflow.run
    async def run(self, before: int) -> None:
        """Dig."""
        if before:
            workflow.continue_as_new(before - 1)
        await workflow.execute_activity("dig", activity_id="dig-1", start_to_close_timeout=timedelta(seconds=SECONDS))


@workflow.defn(name=Role.ORCHESTRATOR.value, sandboxed=False)
class Leading:
    """An orchestrator with one agent."""

    @workflow.run
    async def run(self) -> None:
        """Have it dig."""
        await workflow.execute_child_workflow("digger", 1, id=f"{workflow.info().workflow_id}-digger")


async def test_steps_of_an_agent_that_was_continued_are_in_flight(tmp_path: Path) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    @activity.defn(name="dig")
    async def dig() -> None:
        begun.set()
        await go_on.wait()

    with scratch_state(tmp_path / "state") as state:
        client = await connect(ServerSettings(), state, start=True, plugins=[plugin()])
        async with Worker(client, task_queue="o", workflows=[Leading, Digger], activities=[dig]):
            handle = await client.start_workflow(Role.ORCHESTRATOR.value, id="modernize-x", task_queue="o")
            async with asyncio.timeout(SECONDS):
                await begun.wait()
            source = LiveSource(client)
            pending = await source.pending(await source.latest("modernize-x"))
            go_on.set()
            await handle.result()
    assert [(step.agent, step.step) for step in pending] == [("orchestrator.digger", "dig-1")]
