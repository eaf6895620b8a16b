"""A durable agent end to end: a real Temporal server, a real model client over HTTP, real tools."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from archaeologist.agents import Budget, create_durable_agent, tool
from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.errors import RunError
from support.agents import at_work, queue_of
from support.embedded import scratch_state
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.agents.agent import DurableAgent
    from archaeologist.temporal.state import StateDirectory


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path_factory.mktemp("durable") / "state") as opened:
        yield opened


@tool(read_only=True)
def weigh(thing: str) -> str:
    """Weigh a thing.

    Args:
        thing: what to weigh.
    """
    return f"{thing}: {len(thing)} kg"


class Weights(BaseModel):
    """What was weighed."""

    heaviest: str
    kilograms: int


def agent_of(server: ModelServer, name: str = "scales", **more: object) -> DurableAgent:
    options = {"tools": [weigh], "system_prompt": "You weigh things.", **more}
    return create_durable_agent(model=server.model, name=name, task_queue=queue_of(name), **options)  # type: ignore[arg-type]


async def test_an_agent_calls_tools_and_answers(state: StateDirectory) -> None:
    script = [
        Reply.calls(("weigh", {"thing": "stone"}), ("weigh", {"thing": "feather"})),
        Reply.says("the feather is heavier"),
    ]
    with ModelServer(script) as server:
        async with at_work(state, agent_of(server)) as client:
            reply = await client.run("what is heavier, a stone or a feather?")
    assert reply.answer == "the feather is heavier"
    assert (reply.turns, reply.given_up, reply.spent.turns) == (2, "", 2)
    assert reply.spent.tokens > 0
    roles = [message["role"] for message in server.bodies[1]["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "tool"]
    assert [message["content"] for message in server.bodies[1]["messages"][3:]] == ["stone: 5 kg", "feather: 7 kg"]


async def test_the_answer_has_its_form(state: StateDirectory) -> None:
    """Prose at the end of the work is no mistake: the form is asked for, and JSON that is wrong is sent back."""
    script = [
        Reply.calls(("weigh", {"thing": "stone"})),
        Reply.says("the stone it is"),
        Reply.answers({"heaviest": "stone"}),
        Reply.answers({"heaviest": "stone", "kilograms": 5}),
    ]
    with ModelServer(script) as server:
        async with at_work(state, agent_of(server, answer=Weights)) as client:
            reply = await client.run("weigh a stone")
    assert Weights.model_validate_json(reply.answer) == Weights(heaviest="stone", kilograms=5)
    assert "response_format" in server.bodies[2]
    assert "kilograms" in server.bodies[3]["messages"][-1]["content"]


async def test_the_first_turn_of_an_agent_that_plans_has_no_tools(state: StateDirectory) -> None:
    script = [Reply.says("1. weigh"), Reply.calls(("weigh", {"thing": "stone"})), Reply.says("5 kg")]
    with ModelServer(script) as server:
        async with at_work(state, agent_of(server, plans=True)) as client:
            reply = await client.run("weigh a stone")
    assert reply.answer == "5 kg"
    assert "tools" not in server.bodies[0]
    assert "tools" in server.bodies[1]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (Reply.calls(("wiegh", {"thing": "stone"})), "did you mean weigh?"),
        (Reply.raw_calls(("weigh", '{"thing": "sto')), "JSON"),
        (Reply.calls(("weigh", {"thing": 3})), "thing: expected string"),
        (Reply.calls(("weigh", {"thin": "stone"})), "thin: unknown argument"),
        (Reply.empty(), "empty"),
        (Reply.refuses(), "refused"),
        (Reply.filtered(), "filter"),
        (Reply.runs_out(), "too long"),
    ],
    ids=[
        "unknown tool",
        "truncated arguments",
        "wrong type",
        "unknown argument",
        "empty",
        "refusal",
        "filter",
        "length",
    ],
)
async def test_what_a_model_does_badly_goes_back_to_it(state: StateDirectory, bad: Reply, told: str) -> None:
    with ModelServer([bad, Reply.says("5 kg")]) as server:
        async with at_work(state, agent_of(server)) as client:
            reply = await client.run("weigh a stone")
    assert (reply.answer, reply.turns) == ("5 kg", 2)
    assert told in server.bodies[1]["messages"][-1]["content"]


async def test_a_task_is_given_up_after_so_many_strikes(state: StateDirectory) -> None:
    with ModelServer(lambda _: Reply.empty()) as server:
        async with at_work(state, agent_of(server, strikes=3)) as client:
            reply = await client.run("weigh a stone")
    assert reply.answer == ""
    assert reply.given_up.startswith("3 bad answers")
    assert len(server.requests) == 3


async def test_an_agent_that_has_no_turns_left_answers_with_what_it_has(state: StateDirectory) -> None:
    def script(body: dict[str, object]) -> Reply:
        return Reply.calls(("weigh", {"thing": "stone"})) if "tools" in body else Reply.says("about 5 kg")

    with ModelServer(script) as server:
        async with at_work(state, agent_of(server, turns=3)) as client:
            reply = await client.run("weigh a stone")
    assert (reply.answer, reply.turns, reply.cut) == ("about 5 kg", 4, True)


@pytest.mark.parametrize(
    "fault",
    [Reply.status(429, retry_after=0.1), Reply.status(500), Reply.status(503), Reply.drops(), Reply.truncated_json()],
    ids=["429", "500", "503", "dropped", "truncated"],
)
async def test_a_fault_of_the_server_is_tried_again(state: StateDirectory, fault: Reply) -> None:
    with ModelServer([fault, Reply.says("5 kg")]) as server:
        async with at_work(state, agent_of(server)) as client:
            reply = await client.run("weigh a stone")
    assert (reply.answer, reply.turns) == ("5 kg", 1)
    assert len({asked.key for asked in server.requests}) == 1


@pytest.mark.parametrize(
    "fault",
    [Reply.status(401), Reply.status(429, error_code="insufficient_quota"), Reply.status(402)],
    ids=["key", "quota", "billing"],
)
async def test_a_terminal_fault_waits_for_a_person(state: StateDirectory, fault: Reply) -> None:
    with ModelServer([fault, Reply.says("5 kg")]) as server:
        async with at_work(state, agent_of(server)) as client:
            task = await client.start("weigh a stone")
            reason = await waiting(task)
            assert "hint: " in reason
            assert len(server.requests) == 1
            await task.resume()
            assert (await task.result()).answer == "5 kg"


async def test_a_conversation_that_the_model_cannot_read_any_more_goes_on_without_what_is_old(
    state: StateDirectory,
) -> None:
    heavy = ["granite " * 100, *"abcdefgh"]  # the first one is cut as every result is, and still too long

    @tool(read_only=True)
    def describe(number: int) -> str:
        """Describe a stone.

        Args:
            number: of the stone.
        """
        return str(heavy[number]) * 100

    def script(body: dict[str, object]) -> Reply:
        done = sum(message["role"] == "tool" for message in body["messages"])  # type: ignore[attr-defined]
        return Reply.calls(("describe", {"number": done})) if done < len(heavy) else Reply.says("heavy")

    with ModelServer(script, context=1_000) as server:
        async with at_work(state, agent_of(server, tools=[describe])) as client:
            reply = await client.run("describe all stones")
    assert (reply.answer, reply.given_up, reply.turns) == ("heavy", "", len(heavy) + 1)
    transcript = Transcripts(ArtefactStore(state.path / "artefacts")).read(reply.transcript)
    results = [message.content for message in transcript.messages if message.role == "tool"]
    assert [len(content) for content in results] == [60_030, *[100] * 8]
    assert "no room for it: 60,030 characters" in str(server.bodies[1]["messages"][3])


async def test_a_task_that_the_model_cannot_read_at_all_is_given_up(state: StateDirectory) -> None:
    with ModelServer([Reply.says("5 kg")], context=100) as server:
        async with at_work(state, agent_of(server)) as client:
            reply = await client.run("weigh a stone " * 100)
    assert (reply.answer, reply.turns) == ("", 1)
    assert reply.given_up.startswith("the conversation is longer than the model can read")
    assert "maximum context length is 100 tokens" in reply.given_up
    assert not server.requests


async def test_a_budget_that_is_used_up_pauses_and_can_be_raised(state: StateDirectory) -> None:
    script = [Reply.calls(("weigh", {"thing": "stone"})), Reply.says("5 kg")]
    with ModelServer(script) as server:
        async with at_work(state, agent_of(server)) as client:
            task = await client.start("weigh a stone", budget=Budget(turns=1))
            assert await waiting(task) == "budget: 1 of 1 answers"
            with pytest.raises(RunError, match="spent already"):
                await task.raise_budget(Budget(turns=1))
            await task.raise_budget(Budget(turns=5))
            assert (await task.result()).answer == "5 kg"


async def test_what_a_person_says_is_read_even_when_the_answer_was_ready(state: StateDirectory) -> None:
    script = [Reply.status(401), Reply.says("5 kg"), Reply.says("11 pounds")]
    with ModelServer(script) as server:
        async with at_work(state, agent_of(server)) as client:
            task = await client.start("weigh a stone")
            await waiting(task)
            await task.tell("in pounds, please")
            with pytest.raises(RunError, match="not at work"):
                await task.tell("hello", agent="nobody")
            await task.resume()
            assert (await task.result()).answer == "11 pounds"
    assert "in pounds" not in str(server.bodies[1])
    assert server.bodies[2]["messages"][-1]["content"] == "The person who runs this says: in pounds, please"


async def test_a_tool_that_needs_an_approval_waits_for_it(state: StateDirectory) -> None:
    done: list[str] = []

    @tool(approval=True)
    def throw(thing: str) -> str:
        """Throw a thing away.

        Args:
            thing: what to throw away.
        """
        done.append(thing)
        return "thrown"

    script = [
        Reply.calls(("throw", {"thing": "vase"})),
        Reply.calls(("throw", {"thing": "stone"})),
        Reply.says("the stone is gone"),
    ]
    with ModelServer(script) as server:
        async with at_work(state, agent_of(server, tools=[throw])) as client:
            task = await client.start("throw away what is worthless")
            assert 'throw(thing="vase")' in await waiting(task)
            await task.deny("it is an heirloom")
            assert "stone" in await waiting(task, after="vase")
            await task.approve()
            assert (await task.result()).answer == "the stone is gone"
    assert done == ["stone"]
    assert "it is an heirloom" in server.bodies[1]["messages"][-1]["content"]


async def test_a_sub_agent_works_on_its_own_queue_with_a_brief(state: StateDirectory) -> None:
    with ModelServer([Reply.says("7 kg")]) as helper, ModelServer() as server:
        sub = create_durable_agent(
            model=helper.model,
            name="weigher",
            description="Weighs things",
            system_prompt="You weigh.",
            task_queue=queue_of("weigher"),
        )
        server.script = [Reply.calls(("weigher", {"brief": "weigh a feather"})), Reply.says("it weighs 7 kg")]
        boss = agent_of(server, name="boss", sub_agents=[sub])
        async with at_work(state, boss, sub) as client:
            reply = await client.run("how heavy is a feather?")
    assert reply.answer == "it weighs 7 kg"
    assert [message["content"] for message in helper.bodies[0]["messages"]] == ["You weigh.", "weigh a feather"]
    assert server.bodies[1]["messages"][-1]["content"] == "7 kg"
    assert reply.spent.turns == 3


async def test_a_task_that_is_cancelled_hangs_up(state: StateDirectory) -> None:
    """Nobody waits for the answer any more, so it is not paid to its end."""
    with ModelServer([Reply.slow(Reply.says("it weighs " * 20), 0.5)]) as server:
        async with at_work(state, agent_of(server)) as client:
            task = await client.start("weigh a stone")
            while not server.requests:  # noqa: ASYNC110 - a thread asks
                await asyncio.sleep(0.01)
            await task.cancel()
            with pytest.raises(RunError, match="did not end well"):
                await task.result()
            assert await asyncio.to_thread(server.hung_up.wait, 20)
    assert not server.paid


async def test_the_same_name_is_the_same_task(state: StateDirectory) -> None:
    with ModelServer([Reply.says("5 kg")]) as server:
        async with at_work(state, agent_of(server)) as client:
            first = await client.run("weigh a stone", id=f"{client.task_queue}-once")
            again = await client.run("weigh a stone", id=f"{client.task_queue}-once")
    assert first == again
    assert len(server.requests) == 1


async def waiting(task: object, after: str = "") -> str:
    """Wait until the task waits for a person, for something else than `after`, and return for what."""
    async with asyncio.timeout(20):
        while True:
            reason = await task.waits_for()  # type: ignore[attr-defined]
            if reason and not (after and after in reason):
                return reason  # type: ignore[no-any-return]
            await asyncio.sleep(0.05)
