"""Conversations are durable: histories stay small, and transcripts survive everything.

PAGES and TURNS say how long they are; the defaults keep the suite short. 300 and 1,000 are what is promised.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents import create_durable_agent, tool
from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.conversation import AgentTask
from archaeologist.domain.names import DURABLE_AGENT
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from support.agents import at_work, queue_of
from support.embedded import scratch_state
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from temporalio.client import WorkflowHistory

    from archaeologist.agents.agent import DurableAgent
    from archaeologist.temporal.state import StateDirectory

PAGES = int(os.environ.get("PAGES", "40"))
TURNS = int(os.environ.get("TURNS", "100"))
BYTES_A_TURN = 10_000
"""3 MB for 300 turns."""

PAGE = "the quick brown fox jumps over the lazy dog, " * 135
"""About 6 KB."""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path_factory.mktemp("conversations") / "state") as opened:
        yield opened


@tool(read_only=True)
def turn_page(number: int) -> str:
    """Read a page.

    Args:
        number: of the page.
    """
    return f"page {number}: {PAGE}"


def reading(turns: int) -> Callable[[dict[str, object]], Reply]:
    """Return a script that reads a page a turn, then ends."""

    def script(body: dict[str, object]) -> Reply:
        done = sum(message["role"] == "tool" for message in body["messages"])  # type: ignore[attr-defined]
        return Reply.calls(("turn_page", {"number": done + 1})) if done < turns else Reply.says(f"read {done} pages")

    return script


def reader(server: ModelServer, turns: int) -> DurableAgent:
    return create_durable_agent(
        model=server.model,
        name="reader",
        system_prompt="You read.",
        tools=[turn_page],
        task_queue=queue_of("reader"),
        turns=turns + 10,
    )


async def histories(state: StateDirectory, workflow_id: str) -> list[WorkflowHistory]:
    """Return all histories of a workflow's chain, first to last."""
    client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
    executions = [each async for each in client.list_workflows(f"WorkflowId = '{workflow_id}'")]
    executions.sort(key=lambda each: each.start_time)
    return [await client.get_workflow_handle(workflow_id, run_id=each.run_id).fetch_history() for each in executions]


async def test_a_history_grows_with_the_turns_and_not_with_what_is_said(state: StateDirectory) -> None:
    """300 turns of 6 KB: the conversation has 2 MB, and re-sending it in each turn would make 270 MB."""
    turns = PAGES
    with ModelServer(reading(turns)) as server:
        agent = reader(server, turns)
        async with at_work(state, agent) as client:
            reply = await client.run("read all pages", id="long")
    assert reply.answer == f"read {turns} pages"
    sizes = [sum(event.ByteSize() for event in history.events) for history in await histories(state, "long")]
    assert sum(sizes) < BYTES_A_TURN * turns, f"{turns} turns: {sum(sizes):,} bytes in {len(sizes)} histories"


async def test_a_long_transcript_survives_continuing_as_new(state: StateDirectory) -> None:
    """The model calls a tool that does not exist, so that a turn is one step and the test is short."""
    turns = TURNS

    def script(body: dict[str, object]) -> Reply:
        done = sum(message["role"] == "tool" for message in body["messages"])  # type: ignore[attr-defined]
        return Reply.calls((f"page-{done}", {})) if done < turns else Reply.says("counted")

    with ModelServer(script) as server:
        agent = create_durable_agent(
            model=server.model,
            name="counter",
            system_prompt="You count.",
            tools=[turn_page],
            task_queue=queue_of("counter"),
            turns=turns + 10,
            strikes=turns + 10,
        )
        async with at_work(state, agent) as client:
            temporal = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
            task = AgentTask(run_id="thousand", brief="count", history_events=turns)
            await temporal.start_workflow(DURABLE_AGENT, task, id="thousand", task_queue=client.task_queue)
            reply = await (await client.attach("thousand")).result()
    assert (reply.answer, reply.turns) == ("counted", turns + 1)
    chain = await histories(state, "thousand")
    assert len(chain) > 3
    assert max(len(history.events) for history in chain) < turns + 100
    transcript = Transcripts(ArtefactStore(state.path / "artefacts")).read(reply.transcript)
    said = [message.content for message in transcript.messages if message.role == "tool"]
    assert said == [f"there is no tool 'page-{number}' Tools: turn_page" for number in range(turns)]


@pytest.mark.parametrize("alone", [False, True])
async def test_calls_of_tools_that_are_alone_are_made_one_after_the_other(
    state: StateDirectory, *, alone: bool
) -> None:
    """Side by side, both are ordered before one is done."""

    @tool(read_only=True, alone=alone)
    def weigh(thing: str) -> str:
        """Weigh a thing.

        Args:
            thing: what to weigh.
        """
        return f"{thing} is heavy"

    calls = [Reply.calls(("weigh", {"thing": "stone"}), ("weigh", {"thing": "tree"})), Reply.says("heavy")]
    with ModelServer(calls) as server:
        queue = queue_of("scales")
        agent = create_durable_agent(
            model=server.model, name="scales", system_prompt="You weigh.", tools=[weigh], task_queue=queue
        )
        async with at_work(state, agent) as client:
            assert (await client.run("weigh", id=queue)).answer == "heavy"
    (history,) = await histories(state, queue)
    began = [
        event.event_id
        for event in history.events
        if event.activity_task_scheduled_event_attributes.activity_id.endswith("-weigh")
    ]
    ended = [
        event.event_id
        for event in history.events
        if event.activity_task_completed_event_attributes.scheduled_event_id in began
    ]
    assert len(began) == len(ended) == 2
    assert (began[1] > ended[0]) is alone
