"""Both sides of the tests speak what the `openai` package has types for."""

from __future__ import annotations

from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)
from pydantic import TypeAdapter

from archaeologist.domain.chat import AssistantMessage, ToolCall, ToolMessage, UserMessage
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import Endpoint
from archaeologist.models.openai_chat import OpenAIChat
from support.conversations import BRIEF, WITH_BOTH, WITH_FORM, ignore
from support.model_replies import Reply
from support.model_server import ModelServer
from support.model_wire import completion, events

PAST = (
    *BRIEF,
    AssistantMessage(content="I look", calls=(ToolCall(id="1", name="read", arguments="{"),)),
    ToolMessage(call="1", content="text"),
    AssistantMessage(content="done"),
    UserMessage(content="more"),
)
REPLIES = [
    Reply.says("text", cached=3),
    Reply.calls(("read", {"path": "a"}), ("list", {"path": "b"})),
    Reply.refuses(),
    Reply.runs_out(),
    Reply.filtered(),
    Reply.empty(),
]


@pytest.mark.parametrize("request_", [WITH_BOTH, WITH_FORM])
@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("trusted", [True, False])
async def test_what_is_asked_is_what_openai_takes(request_: Any, *, streamed: bool, trusted: bool) -> None:
    lacks = () if streamed else ("stream",)
    with ModelServer([Reply.says("{}")], lacks=lacks) as server:
        endpoint = Endpoint("openai:scripted", f"scripted-{server.number}", server.url, "sk-none", trusted=trusted)
        await OpenAIChat(endpoint).complete(request_.model_copy(update={"messages": PAST}), ignore)
        await close_clients()
    form = CompletionCreateParamsStreaming if streamed else CompletionCreateParamsNonStreaming
    body = server.bodies[0]
    taken = TypeAdapter(form).validate_python(body)
    assert len(list(taken["messages"])) == len(body["messages"])  # pydantic looks at them one by one
    assert len(list(taken.get("tools", ()))) == len(body.get("tools", ()))
    assert set(body) <= set(form.__annotations__)


@pytest.mark.parametrize("reply", REPLIES)
def test_what_the_scripted_server_says_is_what_openai_says(reply: Reply) -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    body = {"model": "m", "messages": []}
    whole = ChatCompletion.model_validate_json(completion(reply, body, "id", usage)[0])
    *chunks, last = (event.removeprefix("data: ").strip() for event in events(reply, body, "id", usage))
    assert whole.usage is not None
    assert ChatCompletionChunk.model_validate_json(chunks[-1]).usage == whole.usage
    assert [ChatCompletionChunk.model_validate_json(chunk).object for chunk in chunks]
    assert last == "[DONE]"
