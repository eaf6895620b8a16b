"""Whatever a server sends, asking it ends with an answer or with a fault that has a class."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.domain.chat import ChatAnswer
from archaeologist.errors import ModelError, ModelTerminal, ModelUnavailable
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model
from support.conversations import WITH_BOTH, ignore
from support.model_replies import Reply
from support.model_server import ModelServer
from support.model_wire import completion, events

if TYPE_CHECKING:
    from archaeologist.models.chat import ChatModel

BODY = {"model": "m", "messages": []}
ODD: tuple[Any, ...] = (
    None, True, -1, 10**400, 0.5, "", "\ud83d", "text", [], ["a"], [None], {}, {"a": 1}, {"text": "x"}, [{"text": "x"}],
)  # fmt: skip
REPLIES = (
    Reply.says("héllo wörld"),
    Reply.calls(("read", {"path": "a"}), ("list", {"path": "b"})),
    Reply.refuses(),
    Reply.runs_out(),
    Reply.stream_error("broken"),
)
ROUNDS = 400


def mangled(content: Any, chance: random.Random) -> Any:
    """The same JSON with a value here and there that does not belong."""
    if chance.random() < 0.06:
        return chance.choice(ODD)
    if isinstance(content, dict):
        return {name: mangled(value, chance) for name, value in content.items() if chance.random() > 0.04}
    if isinstance(content, list):
        return [mangled(value, chance) for value in content for _ in range(chance.choice((1, 1, 1, 1, 2, 0)))]
    return content


def page(chance: random.Random, *, streamed: bool) -> str:
    """A response that was an answer once."""
    reply = chance.choice(REPLIES)
    if not streamed:
        whole = json.loads(completion(reply, BODY, "id", {"prompt_tokens": 5, "completion_tokens": 5})[0])
        return spoilt(json.dumps(mangled(whole, chance)), chance)
    chunks = [event.removeprefix("data: ").strip() for event in events(reply, BODY, "id", {"prompt_tokens": 5})]
    lines = [chunk if chunk == "[DONE]" else json.dumps(mangled(json.loads(chunk), chance)) for chunk in chunks]
    return spoilt("".join(f"data: {line}\n\n" for line in lines), chance)


def spoilt(text: str, chance: random.Random) -> str:
    """The text, cut or with some noise in it, sometimes."""
    if chance.random() < 0.2:
        at = chance.randrange(len(text) + 1)
        noise = chance.choice(("", "\x00", "\n\n", "data: ", "}", '"', "[" * 3000, "9" * 5000, "é", "\r"))
        return text[:at] + noise + (text[at:] if chance.random() < 0.5 else "")
    return text


@pytest.mark.parametrize("streamed", [True, False])
async def test_every_response_is_an_answer_or_a_fault_with_a_class(*, streamed: bool) -> None:
    chance = random.Random(20_26)
    script = [
        Reply.page(page(chance, streamed=streamed), "text/event-stream" if streamed else "application/json")
        for _ in range(ROUNDS)
    ]
    with ModelServer(script, lacks=() if streamed else ("stream",)) as server:
        model = chat_model(server.model, {})
        ends = [await end_of(model) for _ in range(ROUNDS)]
        await close_clients()
    answers = [end for end in ends if isinstance(end, ChatAnswer)]
    assert len(server.requests) == ROUNDS
    assert ROUNDS // 10 < len(answers) < ROUNDS - ROUNDS // 10
    assert all(ChatAnswer.model_validate_json(answer.model_dump_json()) == answer for answer in answers)
    assert all(len(str(end)) <= 300 for end in ends if isinstance(end, ModelError))


async def end_of(model: ChatModel) -> ChatAnswer | ModelError:
    """What a question ends with; every other end is an error of the test."""
    try:
        return await model.complete(WITH_BOTH, ignore)
    except (ModelUnavailable, ModelTerminal) as error:
        return error


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422, 429, 500])
async def test_every_refusal_is_a_fault_with_a_class(code: int) -> None:
    chance = random.Random(code)
    bodies = [json.dumps(mangled({"error": {"message": "m", "code": "c", "param": "p"}}, chance)) for _ in range(60)]
    served = iter(bodies * 12)

    def refusing(_body: object) -> Reply:
        return Reply(code=code, error=next(served))

    with ModelServer(refusing) as server:
        for _ in range(40):
            with pytest.raises((ModelUnavailable, ModelTerminal)):
                await chat_model(server.model, {}).complete(WITH_BOTH, ignore)
        await close_clients()
