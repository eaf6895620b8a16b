"""Conversations that are longer than a model can read, with a server that refuses them as OpenAI does."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.domain.chat import AssistantMessage, ChatRequest, SystemMessage, ToolCall, ToolMessage, UserMessage
from archaeologist.errors import ConversationTooLong
from archaeologist.models import shortening
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model
from archaeologist.models.recorded import RecordedChat, Recorder
from support.conversations import BRIEF, READ, ask, ignore
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.domain.chat import Message

PAGE = "the quick brown fox jumps over the lazy dog, " * 40
"""1,800 characters, 450 tokens of the server."""
AT_MOST = 4_000
"""Tokens: seven pages and what is around them."""


def turn(number: int, content: str) -> tuple[Message, ...]:
    call = ToolCall(id=f"call-{number}", name="read", arguments=json.dumps({"path": f"{number}.py"}))
    return AssistantMessage(calls=(call,)), ToolMessage(call=call.id, content=content)


def conversation(turns: int, *last: Message, page: str = PAGE, key: str = "run-1-dig-9") -> ChatRequest:
    said = [message for number in range(turns) for message in turn(number, f"{number}: {page}")]
    return ChatRequest(messages=(*BRIEF, *said, *last), tools=(READ,), key=key)


def says_ok(_body: dict[str, Any]) -> Reply:
    return Reply.says("ok")


def results(body: dict[str, Any]) -> list[str]:
    return [message["content"] for message in body["messages"] if message["role"] == "tool"]


def taken(body: dict[str, Any]) -> int:
    """How many results were taken out; they are the first ones, or there is something wrong."""
    out = [content.startswith("[taken out") for content in results(body)]
    assert out == sorted(out, reverse=True)
    return sum(out)


async def test_what_the_model_can_read_is_sent_as_it_is() -> None:
    with ModelServer(says_ok, context=AT_MOST) as server:
        await ask(server, conversation(7))
    assert taken(server.bodies[0]) == 0
    assert server.requests[0].key == "run-1-dig-9"
    assert not server.too_long


@pytest.mark.parametrize("curt", [False, True], ids=["with numbers", "without"])
async def test_the_oldest_results_are_taken_out_and_nothing_else(curt: bool) -> None:
    request = conversation(20)
    with ModelServer(says_ok, context=AT_MOST, curt=curt) as server:
        assert (await ask(server, request)).message.content == "ok"
    assert server.too_long
    sent, whole = server.bodies[0]["messages"], server.too_long[0].body["messages"]
    assert 12 < taken(server.bodies[0]) < 18
    assert results(server.bodies[0])[0] == (
        "[taken out to save room: 1,803 characters; use the tool again when you need it]"
    )
    assert [(each["role"], each.get("tool_calls"), each.get("tool_call_id")) for each in sent] == [
        (each["role"], each.get("tool_calls"), each.get("tool_call_id")) for each in whole
    ]
    kept = [(one, other) for one, other in zip(sent, whole, strict=True) if one["role"] != "tool"]
    assert all(one == other for one, other in kept)
    assert sent[-4:] == whole[-4:]


async def test_every_attempt_sends_the_same_whatever_the_process_knows() -> None:
    request = conversation(20)
    with ModelServer(says_ok, context=AT_MOST) as server:
        await ask(server, request)
        refused = len(server.too_long)
        await ask(server, request)
        assert len(server.too_long) == refused, "what was refused is remembered"
        shortening._refused.clear()
        await ask(server, request)
        assert len(server.too_long) == 2 * refused, "a new process has to find out again"
    first, *others = [(asked.key, asked.body) for asked in server.requests]
    assert others == [first, first]
    assert first[0] not in {asked.key for asked in server.too_long}, "another question, so another key"


async def test_a_server_that_names_numbers_refuses_less() -> None:
    request = conversation(200)
    refused = []
    for curt in (False, True):
        with ModelServer(says_ok, context=20_000, curt=curt) as server:
            await ask(server, request)
        refused.append(len(server.too_long))
    assert refused[0] < refused[1] / 2 < 6


async def test_a_conversation_that_grows_pays_few_refusals_and_keeps_its_beginning() -> None:
    with ModelServer(says_ok, context=AT_MOST) as server:
        for turns in range(1, 41):
            await ask(server, conversation(turns, key=f"run-1-dig-{turns}"))
    assert len(server.too_long) < 10
    assert all(len(json.dumps(body["messages"])) // 4 > AT_MOST * 0.7 for body in server.bodies[10:])
    changed = sum(
        one["messages"] != other["messages"][: len(one["messages"])] for one, other in pairwise(server.bodies)
    )
    assert changed < 25


async def test_another_conversation_is_asked_in_full_again() -> None:
    """How many tokens a text has depends on what it is about; what was refused says little of another one."""
    with ModelServer(says_ok, context=AT_MOST) as server:
        await ask(server, conversation(20))
        server.context = None
        other = conversation(20)
        await ask(
            server, other.model_copy(update={"messages": (BRIEF[0], UserMessage(content="x"), *other.messages[2:])})
        )
    assert [taken(body) for body in server.bodies][1] == 0


async def test_short_results_stay() -> None:
    with ModelServer(says_ok, context=1_500) as server:
        short = [message for number in range(20, 24) for message in turn(number, "kept: 3.py")]
        await ask(server, conversation(6, *short, *conversation(2).messages[2:]))
    assert "kept: 3.py" in results(server.bodies[0])
    assert sum(content.startswith("[taken out") for content in results(server.bodies[0])) >= 5


async def test_the_newest_result_goes_when_it_alone_is_too_long() -> None:
    with ModelServer(says_ok, context=AT_MOST) as server:
        await ask(server, conversation(3, *turn(9, PAGE * 20)))
    *old, newest = results(server.bodies[0])
    assert newest == "[taken out, as there is no room for it: 36,000 characters; ask for less at once]"
    assert all(content.startswith("[taken out to save room") for content in old)


async def test_what_cannot_be_shorter_is_refused_at_once() -> None:
    long = ChatRequest(messages=(SystemMessage(content=PAGE * 20), *BRIEF[1:], *turn(1, "short")), tools=(READ,))
    with ModelServer(says_ok, context=AT_MOST) as server:
        with pytest.raises(ConversationTooLong, match="maximum context length is 4000 tokens"):
            await ask(server, long)
        assert len(server.too_long) == 1
        server.context = None
        assert (await ask(server, long)).message.content == "ok", "the server has the last word"


async def test_when_no_form_is_short_enough_the_shortest_was_tried() -> None:
    with ModelServer(says_ok, context=100) as server, pytest.raises(ConversationTooLong):
        await ask(server, conversation(20))
    assert taken(server.too_long[-1].body) == 20
    assert len({len(json.dumps(asked.body)) for asked in server.too_long}) == len(server.too_long)


async def test_other_faults_are_not_answered_with_less() -> None:
    with ModelServer([Reply.status(500)]) as server, pytest.raises(Exception, match="status 500"):
        await ask(server, conversation(20))
    assert len(server.requests) == 1


async def test_a_recording_knows_a_question_by_the_whole_of_it(tmp_path: Path) -> None:
    long, hopeless = conversation(20), ChatRequest(messages=(SystemMessage(content=PAGE * 20), *BRIEF[1:]))
    with ModelServer(says_ok, context=AT_MOST) as server:
        recorder = Recorder(chat_model(server.model, {}), tmp_path)
        answer = await recorder.complete(long, ignore)
        with pytest.raises(ConversationTooLong):
            await recorder.complete(hopeless, ignore)
        await close_clients()
    replayed = RecordedChat(tmp_path)
    assert await replayed.complete(long, ignore) == answer
    with pytest.raises(ConversationTooLong, match="maximum context length"):
        await replayed.complete(hopeless, ignore)
