"""Servers that nearly speak the protocol: what they meant is understood."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archaeologist.domain.chat import Finish, Usage
from archaeologist.errors import ModelTerminal
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import endpoint_of
from archaeologist.models.openai_chat import OpenAIChat
from archaeologist.models.prices import price_of
from archaeologist.models.transport import Limits
from support.conversations import PLAIN, WITH_FORM, WITH_TOOLS, ask, ignore
from support.model_server import ModelServer, Reply


def stream(*deltas: dict[str, Any], finish: str = "stop") -> Reply:
    """A stream of these pieces of a message."""
    chunks = [{"choices": [{"delta": delta}]} for delta in deltas]
    ended = [*chunks, {"choices": [{"delta": {}, "finish_reason": finish}]}]
    return Reply.page("".join(f"data: {json.dumps(chunk)}\n\n" for chunk in ended), "text/event-stream")


def whole(*parts: dict[str, Any], **more: Any) -> Reply:
    """A message in one piece: the first part, with the calls of all parts."""
    calls = [one for part in parts for one in part.get("tool_calls", ())]
    choice = {"message": {**parts[0], "tool_calls": calls}, "finish_reason": "stop"}
    return Reply.page(json.dumps({"choices": [choice], **more}), "application/json")


def call(index: int | None, call_id: str | None, name: str | None, arguments: Any) -> dict[str, Any]:
    """A piece of a tool call; what is None is left out."""
    piece = {"index": index, "id": call_id, "function": {"name": name, "arguments": arguments}}
    return {"tool_calls": [{key: value for key, value in piece.items() if value is not None}]}


A, B = {"path": "a"}, {"path": "b"}
WHOLE_CALLS = [json.dumps(A), json.dumps(B)]


LIST_B = call(1, "2", "list", WHOLE_CALLS[1])


@pytest.mark.parametrize(
    "reply",
    [
        stream(call(0, "1", "read", ""), call(0, None, None, '{"path"'), call(0, None, None, ': "a"}'), LIST_B),
        stream(call(1, "1", "read", WHOLE_CALLS[0]), call(3, "2", "list", WHOLE_CALLS[1])),
        stream(call(0, "1", "read", WHOLE_CALLS[0]), call(0, "2", "list", WHOLE_CALLS[1])),
        stream(call(0, "1", "read", '{"path"'), call(0, "1", "read", ': "a"}'), LIST_B),
        stream(call(None, "1", "read", '{"path"'), call(None, None, None, ': "a"}'), call(None, "2", "list", B)),
        stream(call(None, None, "read", A), call(None, None, "list", B)),
        stream(call(0, "same", "read", A), call(1, "same", "list", B)),
        whole(call(None, "1", "read", A), call(None, "2", "list", B)),
        whole(call(0, "", "read", A), call(1, "", "list", B)),
    ],
    ids=[
        "in pieces",
        "gaps",
        "one index",
        "ids again",
        "no index",
        "names only",
        "one id",
        "whole",
        "whole without ids",
    ],
)
async def test_calls_are_told_apart(reply: Reply) -> None:
    with ModelServer([reply]) as server:
        answer = await ask(server, WITH_TOOLS)
    calls = answer.message.calls
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [("read", A), ("list", B)]
    assert len({call.id for call in calls} - {""}) == 2
    assert answer.finish is Finish.CALLS


@pytest.mark.parametrize(
    ("reply", "content"),
    [
        (stream({"content": "half \ud83d"}, {"content": "\ude00 a face"}), "half 😀 a face"),
        (stream({"content": "half \ud83d"}, {"content": " a face"}), "half � a face"),
        (whole({"content": [{"type": "text", "text": "in "}, {"type": "text", "text": "parts"}]}), "in parts"),
        (stream({"content": [{"type": "text", "text": "in "}]}, {"content": [{"text": "parts"}]}), "in parts"),
        (stream({"reasoning_content": "hm"}, {"content": "so"}), "so"),
        (stream({"content": "\n<think>\nhm"}, {"content": "</think>\n\nso"}), "so"),
        (whole({"content": "so <think>is no thought</think>"}), "so <think>is no thought</think>"),
    ],
    ids=["cut letter", "half a letter", "parts", "streamed parts", "reasoning", "thoughts", "a word"],
)
async def test_texts_are_read_as_they_were_meant(reply: Reply, content: str) -> None:
    with ModelServer([reply]) as server:
        answer = await ask(server)
    assert (answer.message.content, answer.finish) == (content, Finish.ANSWERED)


async def test_an_answer_in_one_piece_is_done_though_it_does_not_say_so() -> None:
    said = {"choices": [{"message": {"content": "done"}, "finish_reason": None}]}
    with ModelServer([Reply.page(json.dumps(said), "application/json")]) as server:
        assert (await ask(server)).message.content == "done"


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content", "content"])
async def test_a_model_that_does_not_stop_thinking_is_stopped(name: str) -> None:
    with ModelServer([stream(*({name: "hm " * 100} for _ in range(10)))]) as server:
        model = OpenAIChat(endpoint_of(server.model, {}), limits=Limits(characters=1500))
        answer = await model.complete(PLAIN, ignore)
        await close_clients()
    assert answer.finish is Finish.LENGTH


async def test_thoughts_are_no_part_of_an_answer_in_a_form() -> None:
    said = '<think>one object, "summary"</think>```json\n{"summary": "fine"}\n```'
    with ModelServer([Reply.says(said)], lacks=["response_format"]) as server:
        answer = await ask(server, WITH_FORM)
    assert answer.message.content == '{"summary": "fine"}'


@pytest.mark.parametrize("code", ["tool_use_failed", "json_validate_failed"])
async def test_what_a_server_could_not_read_goes_back_to_the_model(code: str) -> None:
    error = {"message": "Failed to call a function", "code": code, "failed_generation": "<read>a.py"}
    with ModelServer([Reply(code=400, error={"error": error})]) as server:
        answer = await ask(server, WITH_TOOLS)
    assert (answer.finish, answer.message.content) == (Finish.ANSWERED, "<read>a.py")


NO_ROOM = (
    "'max_tokens' is too large: 8000. This model's maximum context length is 4096 tokens and your request has 33",
    "maximum context length is 8192 tokens. You requested 8226 tokens (226 in the messages, 8000 in the completion)",
)


@pytest.mark.parametrize("words", NO_ROOM)
async def test_an_answer_is_not_limited_where_the_limit_is_more_than_there_is_room(words: str) -> None:
    def roomy(body: dict[str, Any]) -> Reply:
        return Reply.status(400, words) if "max_tokens" in body or "max_completion_tokens" in body else Reply.says("ok")

    with ModelServer(roomy) as server:
        assert (await ask(server)).message.content == "ok"


async def test_a_conversation_that_does_not_fit_without_a_limit_either_is_too_long() -> None:
    with ModelServer([Reply.status(400, NO_ROOM[1])] * 12) as server, pytest.raises(ModelTerminal) as caught:
        await ask(server)
    assert "larger context" in caught.value.hint
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("metered", "usage"),
    [
        ({"prompt_tokens": 20, "completion_tokens": 9}, Usage(input_tokens=20, output_tokens=9)),
        (
            {"prompt_tokens": 20, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 99}},
            Usage(input_tokens=20, cached_tokens=20, output_tokens=9),
        ),
        (
            {"prompt_tokens": 20, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": -1}},
            Usage(input_tokens=20, output_tokens=9),
        ),
    ],
)
async def test_usage_that_can_be_true_is_taken(metered: dict[str, Any], usage: Usage) -> None:
    with ModelServer([whole({"content": "x"}, usage=metered)]) as server:
        assert (await ask(server)).usage == usage


@pytest.mark.parametrize(
    "metered",
    [
        {"prompt_tokens": 10**9, "completion_tokens": 9},
        {"prompt_tokens": 20, "completion_tokens": 10**9},
        {"prompt_tokens": 20, "completion_tokens": 0},
        {"prompt_tokens": 0, "completion_tokens": 9},
        {"prompt_tokens": True, "completion_tokens": 9},
        {"prompt_tokens": "20", "completion_tokens": 9},
        {"prompt_tokens": 20},
        ["20"],
    ],
)
async def test_usage_that_cannot_be_true_is_estimated(metered: object) -> None:
    with ModelServer([whole({"content": "x" * 40}, usage=metered)]) as server:
        usage = (await ask(server)).usage
    assert (usage.estimated, usage.output_tokens) == (True, 10)


async def test_what_a_server_begins_to_keep_has_its_own_price() -> None:
    metered = {"prompt_tokens": 20, "completion_tokens": 1, "prompt_tokens_details": {"cache_write_tokens": 10}}
    price = price_of("gpt-6-sol", {"ARCHAEOLOGIST_CONFIG": "/nonexistent/config.toml"})
    with ModelServer([whole({"content": "x"}, usage=metered)]) as server:
        usage = (await OpenAIChat(endpoint_of(server.model, {}), price).complete(PLAIN, ignore)).usage
        await close_clients()
    assert usage.usd == pytest.approx((10 * 2 + 10 * 2.5 + 1 * 10) / 10**6)
