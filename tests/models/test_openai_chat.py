from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from archaeologist.domain.chat import AssistantMessage, ChatAnswer, Finish, ToolCall, ToolMessage, Usage
from archaeologist.errors import ModelUnavailable
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model, endpoint_of
from archaeologist.models.openai_chat import OpenAIChat
from archaeologist.models.transport import Limits
from support.conversations import BRIEF, PLAIN, VERDICT, WITH_BOTH, WITH_FORM, WITH_TOOLS, ask, ignore
from support.model_server import ModelServer, Reply

WHOLE = {"lacks": ("stream",)}
BOTH_WAYS = pytest.mark.parametrize("how", [{}, WHOLE, WHOLE | {"deaf": True}], ids=["streamed", "whole", "deaf"])


@BOTH_WAYS
async def test_a_text_is_an_answer(how: dict[str, Any]) -> None:
    with ModelServer([Reply.says("héllo")], **how) as server:
        answer = await ask(server)
    assert (answer.message, answer.finish) == (AssistantMessage(content="héllo"), Finish.ANSWERED)
    assert answer.model == f"scripted-{server.number}-2026"


@BOTH_WAYS
async def test_several_calls_come_in_their_order_with_text_beside_them(how: dict[str, Any]) -> None:
    reply = Reply.calls(("read", {"path": "a.py"}), ("list", {"path": "b"}), text="let me see")
    with ModelServer([reply], **how) as server:
        answer = await ask(server, WITH_TOOLS)
    assert [(call.name, json.loads(call.arguments)) for call in answer.message.calls] == [
        ("read", {"path": "a.py"}),
        ("list", {"path": "b"}),
    ]
    assert (answer.message.content, answer.finish) == ("let me see", Finish.CALLS)
    assert len({call.id for call in answer.message.calls}) == 2


@BOTH_WAYS
@pytest.mark.parametrize(
    ("reply", "finish", "content"),
    [
        (Reply.refuses("I will not"), Finish.REFUSED, "I will not"),
        (Reply.runs_out("and so"), Finish.LENGTH, "and so"),
        (Reply.filtered(), Finish.FILTERED, ""),
        (Reply.empty(), Finish.ANSWERED, ""),
    ],
)
async def test_how_a_model_stops_is_part_of_the_answer(
    how: dict[str, Any], reply: Reply, finish: Finish, content: str
) -> None:
    with ModelServer([reply], **how) as server:
        answer = await ask(server)
    assert (answer.finish, answer.message.content) == (finish, content)


@BOTH_WAYS
@pytest.mark.parametrize("arguments", ['{"path": "a.p', "", "[1]", '{"path": 7}', "read a.py please"])
async def test_arguments_stay_as_the_model_wrote_them(how: dict[str, Any], arguments: str) -> None:
    with ModelServer([Reply.raw_calls(("read", arguments), ("no_such_tool", "{}"))], **how) as server:
        answer = await ask(server, WITH_TOOLS)
    assert [(call.name, call.arguments) for call in answer.message.calls] == [
        ("read", arguments),
        ("no_such_tool", "{}"),
    ]
    assert answer.finish is Finish.CALLS


@pytest.mark.parametrize("arguments", ['{"path": "a.p', "", "[1]", "[" * 100_000])
async def test_arguments_that_are_no_object_go_back_as_an_empty_one(arguments: str) -> None:
    said = AssistantMessage(calls=(ToolCall(id="one", name="read", arguments=arguments),))
    request = WITH_TOOLS.model_copy(update={"messages": (*BRIEF, said, ToolMessage(call="one", content="no JSON"))})
    with ModelServer([Reply.says("sorry")]) as server:
        await ask(server, request)
    assert server.bodies[0]["messages"][2:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "one", "type": "function", "function": {"name": "read", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "one", "content": "no JSON"},
    ]


async def test_the_same_question_is_asked_the_same_way_with_the_same_key() -> None:
    with ModelServer([Reply.says("a"), Reply.says("b")]) as server:
        await ask(server, WITH_BOTH)
        await ask(server, WITH_BOTH)
    first, second = server.requests
    assert (first.body, first.key) == (second.body, "question-1")
    assert (first.body["temperature"], first.body["model"]) == (0, f"scripted-{server.number}")
    assert isinstance(first.body["seed"], int)
    assert [tool["function"]["name"] for tool in first.body["tools"]] == ["list", "read"]
    assert all(tool["function"]["strict"] is True for tool in first.body["tools"])
    assert server.paid == {"question-1": 2}


@pytest.mark.parametrize(
    ("key", "sent"), [("", ""), ("run:1/step 2", "run:1/step 2"), ("schritt-ä\n", "schritt-%C3%A4%0A")]
)
async def test_a_key_is_sent_as_headers_can_hold_it(key: str, sent: str) -> None:
    with ModelServer([Reply.says("a")]) as server:
        await ask(server, PLAIN.model_copy(update={"key": key}))
    assert server.requests[0].key == sent


async def test_the_form_of_the_answer_is_asked_for_with_its_schema() -> None:
    with ModelServer([Reply.answers({"summary": "fine"})]) as server:
        await ask(server, WITH_FORM)
    form = server.bodies[0]["response_format"]["json_schema"]
    assert (form["name"], form["strict"], form["schema"]["required"]) == ("verdict", True, ["summary"])


@pytest.mark.parametrize(
    ("name", "sent"), [("Answer[Plan, int]", "Answer_Plan__int_"), ("x" * 80, "x" * 64), ("", "answer")]
)
async def test_a_form_has_a_name_that_servers_take(name: str, sent: str) -> None:
    form = WITH_FORM.model_copy(update={"answer": VERDICT.model_copy(update={"name": name})})
    with ModelServer([Reply.says("{}")]) as server:
        await ask(server, form)
    assert server.bodies[0]["response_format"]["json_schema"]["name"] == sent


async def test_text_is_told_as_it_arrives() -> None:
    heard: list[str] = []
    with ModelServer([Reply.says("one two three four")]) as server:
        answer = await ask(server, PLAIN, heard.append)
    assert len(heard) > 2
    assert "".join(heard) == answer.message.content


@BOTH_WAYS
async def test_calls_without_ids_get_the_same_ones_at_every_attempt(how: dict[str, Any]) -> None:
    lacks = (*how.get("lacks", ()), "ids")
    script = [Reply.calls(("read", {"path": "a"}), ("read", {"path": "b"}))] * 3
    with ModelServer(script, **(how | {"lacks": lacks})) as server:
        one, again = await ask(server, WITH_TOOLS), await ask(server, WITH_TOOLS)
        other = await ask(server, WITH_TOOLS.model_copy(update={"key": "question-2"}))
    ids = [call.id for call in one.message.calls]
    assert ids == [call.id for call in again.message.calls]
    assert len({*ids, *(call.id for call in other.message.calls)}) == 4
    assert all(len(name) <= 40 for name in ids)


@BOTH_WAYS
async def test_usage_is_what_the_server_meters(how: dict[str, Any]) -> None:
    with ModelServer([Reply.says("four letters each", cached=7)], **how) as server:
        usage = (await ask(server)).usage
    letters = len(json.dumps(server.bodies[0]["messages"]))
    assert usage == Usage(input_tokens=letters // 4, cached_tokens=7, output_tokens=5)


@BOTH_WAYS
@pytest.mark.parametrize("spoilt", [Reply.wrong_usage, Reply.without_usage, Reply.zero_usage])
async def test_usage_is_estimated_where_it_is_missing_or_nonsense(how: dict[str, Any], spoilt: object) -> None:
    assert callable(spoilt)
    with ModelServer([spoilt(Reply.says("x" * 400))], **how) as server:
        usage = (await ask(server)).usage
    assert usage.estimated
    assert usage.output_tokens == 100
    assert 0 < usage.input_tokens <= len(json.dumps(server.bodies[0]))


async def test_a_model_that_does_not_stop_is_stopped() -> None:
    with ModelServer([Reply.says("x" * 4000)]) as server:
        model = OpenAIChat(endpoint_of(server.model, {}), limits=Limits(characters=1500))
        answer = await model.complete(PLAIN, ignore)
        await close_clients()
    assert answer.finish is Finish.LENGTH
    assert 1500 < len(answer.message.content) < 4000


@pytest.mark.parametrize("how", [{}, WHOLE], ids=["streamed", "whole"])
async def test_a_server_that_falls_silent_is_given_up(how: dict[str, Any]) -> None:
    with ModelServer([Reply.slow(Reply.says("never"), 30)], **how) as server:
        model = OpenAIChat(endpoint_of(server.model, {}), limits=Limits(idle_seconds=0.1, whole_seconds=0.1))
        with pytest.raises(ModelUnavailable, match="said nothing for too long"):
            await model.complete(PLAIN, ignore)
        await close_clients()


async def test_a_slow_answer_is_waited_for_while_it_goes_on() -> None:
    with ModelServer([Reply.slow(Reply.says("slow but sure"), 0.05)]) as server:
        model = OpenAIChat(endpoint_of(server.model, {}), limits=Limits(idle_seconds=0.2))
        answer = await model.complete(PLAIN, ignore)
        await close_clients()
    assert answer.message.content == "slow but sure"


async def test_a_cancelled_question_hangs_up() -> None:
    began = asyncio.Event()
    with ModelServer([Reply.slow(Reply.says("a long story"), 0.05)]) as server:
        asking = asyncio.create_task(chat_model(server.model, {}).complete(PLAIN, lambda _text: began.set()))
        await began.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(server.hung_up.wait, 5)
        await close_clients()
    assert not server.paid


async def test_questions_are_answered_side_by_side_on_few_connections() -> None:
    with ModelServer(lambda body: Reply.says(body["messages"][-1]["content"])) as server:
        model = chat_model(server.model, {})
        texts = [f"question {number}" for number in range(20)]
        asked = [PLAIN.model_copy(update={"messages": (AssistantMessage(content=text),)}) for text in texts]
        answers: list[ChatAnswer] = await asyncio.gather(*(model.complete(request, ignore) for request in asked))
        for request in asked:
            await model.complete(request, ignore)
        await close_clients()
    assert [answer.message.content for answer in answers] == texts
    assert server.connections <= 20
