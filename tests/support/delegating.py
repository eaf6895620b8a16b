"""A run whose agents have others work for them: a real server, real sub-agents, one that a newer version brought.

orchestrator -> gardener                          a workflow of a type that nobody knows; it fails
             -> boss -> weigher, weigher          durable agents; the second one answers when it may
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError, ChildWorkflowError
from temporalio.worker import Worker

from archaeologist.agents import create_durable_agent, tool
from archaeologist.domain.conversation import AgentReply, AgentTask
from archaeologist.domain.names import DURABLE_AGENT, MEMO_BRANCH, MEMO_REPOSITORY, MEMO_RUN, MEMO_VERSION, Role
from archaeologist.domain.view import RunView, reduce, viewed
from archaeologist.errors import RunError
from archaeologist.pipeline.controls import LiveControls
from archaeologist.pipeline.recordings.export import export_run
from archaeologist.pipeline.recordings.files import opened
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist_tui.widgets.agents import AgentsPane
from support.agents import at_work, queue_of
from support.model_server import ModelServer, Reply
from support.recordings import DEMO
from support.screens import screens, until_shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from temporalio.client import Client, WorkflowHandle

    from archaeologist.domain.events import PendingStep, RunEvent, RunLine
    from archaeologist.temporal.state import StateDirectory

GARDENER, BOSS = "orchestrator.gardener", "orchestrator.boss"
STONE, FEATHER = f"{BOSS}.talk-1-1-weigher", f"{BOSS}.talk-1-2-weigher"
PATIENCE_SECONDS = 20


@tool(read_only=True)
def weigh(thing: str) -> str:
    """Weigh a thing.

    Args:
        thing: what to weigh.
    """
    return f"{thing}: {len(thing)} kg"


@activity.defn(name="water-plants")
async def water(order: dict[str, Any]) -> dict[str, Any]:
    """Do a step that this version does not know."""
    return order


@workflow.defn(name="gardener", sandboxed=False)
class Gardener:
    """An agent that this version does not know."""

    @workflow.run
    async def run(self, order: dict[str, Any]) -> None:
        """Water plants, and fail."""
        await workflow.execute_activity(
            water, order, activity_id="water-1", summary="water the roses", start_to_close_timeout=timedelta(seconds=9)
        )
        raise ApplicationError("the roses are dead", non_retryable=True)


@workflow.defn(name=Role.ORCHESTRATOR.value, sandboxed=False)
class Delegating:
    """An orchestrator that has others work for it, and ends as it is told."""

    @workflow.run
    async def run(self, request: dict[str, Any], boss_queue: str, result: dict[str, Any]) -> dict[str, Any]:
        """Hand out briefs."""
        this = workflow.info().workflow_id
        with suppress(ChildWorkflowError):
            await workflow.execute_child_workflow("gardener", {"plants": 3}, id=f"{this}-gardener")
        task = AgentTask(run_id="7f3a", agent="boss", brief="how heavy are a stone and a feather?")
        await workflow.execute_child_workflow(
            DURABLE_AGENT,
            task,
            id=f"{this}-boss",
            task_queue=boss_queue,
            static_summary="boss: weigh both",
            result_type=AgentReply,
        )
        return result


@dataclass(frozen=True)
class Seen:
    """What was to be seen of the run.

    Attributes:
        line: the run in a list.
        past: what had happened when the feather alone was in flight.
        pending: what was in flight then.
        shown: the screen by then.
        prompt: the screen on which a word to one of the two was typed.
        heard: what the models of the two were told by a person, after their briefs.
        refused: what is said of a word to one that has ended.
        events: all that happened.
        recording: the run, exported.
    """

    line: RunLine
    past: list[RunEvent]
    pending: list[PendingStep]
    shown: str
    prompt: str
    heard: list[tuple[str, str]]
    refused: str
    events: list[RunEvent]
    recording: Path


class Controls(LiveControls):
    """Controls of a run whose worker is in this process."""

    async def revive(self) -> None:
        """Start no worker of the real program beside it."""


async def look(state: StateDirectory, recording: Path) -> Seen:
    """Look at the run from its beginning to its end."""
    go_on = threading.Event()
    with ModelServer(briefed(go_on)) as helper, ModelServer() as server:
        briefs = [("weigher", {"brief": f"weigh a {thing}"}) for thing in ("stone", "feather")]
        server.script = [Reply.calls(*briefs), Reply.says("the feather is heavier")]
        queue = queue_of("boss")
        weigher = create_durable_agent(
            model=helper.model, name="weigher", system_prompt="You weigh.", tools=[weigh], task_queue=queue
        )
        boss = create_durable_agent(
            model=server.model, name="boss", system_prompt="You lead.", sub_agents=[weigher], task_queue=queue
        )
        async with at_work(state, boss, weigher):
            client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
            source = LiveSource(client, state.artefacts)
            async with Worker(client, task_queue="o", workflows=[Delegating, Gardener], activities=[water]):
                handle = await started(client, boss.task_queue)
                line = await source.latest(handle.id)
                try:
                    past = await until_the_feather_flies(source, line)
                    pending = await source.pending(line)
                    controls = Controls(client, state, ServerSettings())
                    with pytest.raises(RunError) as refused:
                        await controls.tell(line, STONE, "mind the wind")
                    async with screens(source, run=line, controls=controls, size=(130, 30)) as pilot:
                        shown = await until_shown(pilot, "weigher: think")
                        pilot.app.screen.query_one(AgentsPane).choose(FEATHER)
                        await pilot.press("m")
                        prompt = await until_shown(pilot, "What shall")
                        await pilot.press(*"mind the wind", "enter")
                        await until_shown(pilot, "works for the boss reads it")
                finally:
                    go_on.set()
                await handle.result()
            events = [event async for event in source.events(line, follow=False)]
            await export_run(client, state, line, recording)
            return Seen(line, past, pending, shown, prompt, heard(helper), str(refused.value), events, recording)


def heard(helper: ModelServer) -> list[tuple[str, str]]:
    """Return the briefs of those who were told something, with what they were told, in the order of their turns."""
    asked = [body["messages"] for body in helper.bodies]
    return [
        (str(messages[1]["content"]), str(said["content"]))
        for messages in asked
        for said in messages[2:]
        if said["role"] == "user"
    ]


def briefed(go_on: threading.Event) -> Callable[[dict[str, Any]], Reply]:
    """Return what the model of the weighers says: of a stone after a failure and a call, of a feather when it may."""
    failed: list[bool] = []

    def script(body: dict[str, Any]) -> Reply:
        if "feather" in str(body["messages"][1]):
            assert go_on.wait(PATIENCE_SECONDS)
            return Reply.says("a feather weighs 7 kg")
        if not failed:
            failed.append(True)
            return Reply.status(503)
        if len(body["messages"]) == 2:
            return Reply.calls(("weigh", {"thing": "stone"}))
        return Reply.says("a stone weighs 5 kg")

    return script


async def started(client: Client, boss_queue: str) -> WorkflowHandle[Any, Any]:
    """Start the orchestrator with what the demo's was asked for, to end as it did."""
    with opened(DEMO) as demo:
        request, result = demo.request, viewed(demo.recorded).result
    assert result is not None
    memo = {MEMO_RUN: "7f3a", MEMO_REPOSITORY: request.run.root, MEMO_BRANCH: request.run.branch, MEMO_VERSION: "9"}
    orders = [request.model_dump(mode="json"), boss_queue, result.model_dump(mode="json")]
    return await client.start_workflow(
        Role.ORCHESTRATOR.value, args=orders, id="modernize-x", task_queue="o", memo=memo
    )


async def until_the_feather_flies(source: LiveSource, line: RunLine) -> list[RunEvent]:
    """Read until the stone was weighed and the feather is asked about."""
    events: list[RunEvent] = []
    view = RunView()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for event in source.events(line, follow=True):
            events.append(event)
            view = reduce(view, event)
            ended = STONE in view.agents and not view.agents[STONE].state.is_open
            if ended and any(step.agent == FEATHER and step.name == "talk-1" for step in view.steps.values()):
                return events
    raise AssertionError("the run has ended")
