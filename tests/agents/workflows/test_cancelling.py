"""A workflow that is cancelled while something is done for it ends, also when that ends well or fails meanwhile."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from temporalio import activity, workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError
from temporalio.worker import Replayer, Worker

from archaeologist.agents.workflows.cancelling import heeding_cancel
from archaeologist.agents.workflows.loop import AgentWorkflow
from archaeologist.domain.budget import Budget
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from support.embedded import scratch_state

if TYPE_CHECKING:
    from pathlib import Path


class Bench:
    """Does steps: the first one when it may, deaf to whatever it is told meanwhile.

    Args:
        fails: the first one comes to nothing.
    """

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.done: list[str] = []

    @activity.defn(name="do")
    async def do(self, order: Budget) -> Budget:
        """Do a step."""
        self.begun.set()
        await self.go_on.wait()
        self.done.append(activity.info().activity_id)
        if self.fails and self.done == ["one"]:
            raise ApplicationError("the model does not answer")
        return order


@workflow.defn(name="stubborn", sandboxed=False)
class Stubborn(AgentWorkflow):
    """Does two steps, and tidies up when it is told to end."""

    @workflow.run
    async def run(self, order: Budget) -> Budget:
        """Return the order."""
        try:
            return await self._steps(order, "one", "two")
        except asyncio.CancelledError:
            await asyncio.shield(self._steps(order, "tidy", "sweep"))
            raise

    async def _steps(self, order: Budget, *names: str) -> Budget:
        for name in names:
            order = await self.durably("do", order, Budget, name=name, summary=name)
        return order


@workflow.defn(name="parent", sandboxed=False)
class Parent:
    """Has another one work that takes no notice of being told to end."""

    @workflow.run
    async def run(self, order: Budget) -> str:
        """Return a word."""
        child = await workflow.start_child_workflow("deaf", order, id=f"{workflow.info().workflow_id}-child")
        with heeding_cancel():
            await child
        return "went on"


@workflow.defn(name="deaf", sandboxed=False)
class Deaf:
    """Ends well whatever it is told."""

    @workflow.run
    async def run(self, order: Budget) -> None:
        """Wait for a step."""
        doing = workflow.start_activity(
            "do",
            order,
            activity_id="one",
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            try:
                await doing
            except ActivityError as error:
                raise ApplicationError("it failed") from error


async def cancelled(client: Client, name: str, bench: Bench) -> WorkflowHandle[object, object]:
    """Begin a workflow, cancel it while its first step is done, let that end, and return the workflow at its end."""
    queue = f"cancelled-{os.urandom(4).hex()}"
    async with Worker(client, task_queue=queue, workflows=[Stubborn, Parent, Deaf], activities=[bench.do]):
        handle = await client.start_workflow(name, Budget(turns=1), id=queue, task_queue=queue)
        await bench.begun.wait()
        await handle.cancel()
        await heard(handle)
        bench.go_on.set()
        with pytest.raises(WorkflowFailureError) as failure:
            async with asyncio.timeout(30):
                await handle.result()
        assert isinstance(failure.value.cause, CancelledError)
    return handle


async def heard(handle: WorkflowHandle[object, object]) -> None:
    """Return once the workflow has passed the cancellation on."""
    passed_on = {
        EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
        EventType.EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
    }
    async for event in handle.fetch_history_events(wait_new_event=True):
        if event.event_type in passed_on:
            return


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize(("name", "done"), [("stubborn", ["one", "tidy", "sweep"]), ("parent", ["one"])])
async def test_nothing_follows_what_ended_otherwise_though_it_was_told_to_end(
    tmp_path: Path, name: str, done: list[str], *, fails: bool
) -> None:
    with scratch_state(tmp_path / "state") as state:
        client = await connect(ServerSettings(headless=True), state, start=True, plugins=[plugin()])
        bench = Bench(fails=fails)
        handle = await cancelled(client, name, bench)
        assert bench.done == done
        replayer = Replayer(workflows=[Stubborn, Parent], plugins=[plugin()])
        await replayer.replay_workflow(await handle.fetch_history())
