from __future__ import annotations

import email.utils
import json
import socket
import time

import pytest

from archaeologist.domain.chat import Finish
from archaeologist.errors import ConversationTooLong, ModelError, ModelTerminal, ModelUnavailable
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import Endpoint, chat_model
from archaeologist.models.openai_chat import OpenAIChat
from support.conversations import PLAIN, WITH_TOOLS, ask, ignore
from support.model_server import ModelServer, Reply

BREAKING = (Reply.hangs_up(), Reply.drops(), Reply.truncated_json())
WHOLE = ("stream",)
BOTH_WAYS = pytest.mark.parametrize("lacks", [(), WHOLE], ids=["streamed", "whole"])


async def fault(reply: Reply, lacks: tuple[str, ...] = ()) -> ModelError:
    """What comes of a reply."""
    with ModelServer([reply] * 12, lacks=lacks) as server, pytest.raises(ModelError) as caught:
        await ask(server, PLAIN)
    assert not server.paid
    return caught.value


@BOTH_WAYS
@pytest.mark.parametrize("code", [408, 409, 425, 429, 500, 502, 503, 504, 529])
async def test_time_mends_what_passes(code: int, lacks: tuple[str, ...]) -> None:
    error = await fault(Reply.status(code, "too much of it"), lacks)
    assert type(error) is ModelUnavailable
    assert (f"status {code}" in str(error), "too much of it" in str(error)) == (True, True)
    assert error.retry_after is None


@BOTH_WAYS
@pytest.mark.parametrize(
    "reply", [Reply.hangs_up(), Reply.drops(), Reply.truncated_json()], ids=["hung up", "dropped", "cut"]
)
async def test_time_mends_an_answer_that_breaks_off(reply: Reply, lacks: tuple[str, ...]) -> None:
    assert type(await fault(reply, lacks)) is ModelUnavailable


async def test_time_mends_a_stream_that_ends_in_good_order_before_the_model_is_done() -> None:
    assert "before the model was done" in str(await fault(Reply.cuts()))


@BOTH_WAYS
@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/event-stream"])
@pytest.mark.parametrize("body", ["<html>welcome to the hotel</html>", "null", "[]", '{"choices": []}', '"hi"', ""])
async def test_time_may_mend_an_answer_that_is_no_chat_completion(body: str, kind: str, lacks: tuple[str, ...]) -> None:
    assert type(await fault(Reply.page(body, kind), lacks)) is ModelUnavailable


@pytest.mark.parametrize("said", [{"finish_reason": "error", "message": {"content": ""}}, {"finish_reason": "error"}])
async def test_time_mends_an_answer_that_ends_with_an_error(said: dict[str, object]) -> None:
    error = await fault(Reply.page(json.dumps({"choices": [said]}), "application/json"))
    assert type(error) is ModelUnavailable


@pytest.mark.parametrize(
    ("seconds", "header"),
    [
        (7, "7"),
        (2.5, "2.5"),
        (0, "-3"),
        (86_400, "1e300"),
        (None, "soon"),
        (None, "nan"),
        (None, "inf"),
        (None, "Fri, 99 Foo"),
    ],
)
async def test_the_time_to_wait_is_what_the_server_says(seconds: float | None, header: str) -> None:
    error = await fault(Reply.status(429, retry_after=header))
    assert isinstance(error, ModelUnavailable)
    assert error.retry_after == seconds


async def test_the_time_to_wait_may_be_a_date_or_milliseconds() -> None:
    later = await fault(Reply.status(503, retry_after=email.utils.formatdate(time.time() + 90, usegmt=True)))
    past = await fault(Reply.status(503, retry_after=email.utils.formatdate(time.time() - 90, usegmt=True)))
    fine = await fault(Reply.status(429, retry_after="1", also={"Retry-After-Ms": "250"}))
    assert isinstance(later, ModelUnavailable)
    assert isinstance(past, ModelUnavailable)
    assert isinstance(fine, ModelUnavailable)
    assert later.retry_after is not None
    assert 60 < later.retry_after <= 90
    assert (past.retry_after, fine.retry_after) == (0, 0.25)


@BOTH_WAYS
@pytest.mark.parametrize(
    ("reply", "hint"),
    [
        (Reply.status(401, "Incorrect API key", error_code="invalid_api_key"), "ARCHAEOLOGIST_API_KEY"),
        (Reply.status(403, "Country not supported"), "ARCHAEOLOGIST_API_KEY"),
        (Reply.status(402, "Payment required"), "no credit left"),
        (Reply.status(429, "You exceeded your current quota", error_code="insufficient_quota"), "no credit left"),
        (Reply.status(429, "billing hard limit reached", retry_after=5), "no credit left"),
        (Reply.status(404, "The model `x` does not exist", error_code="model_not_found"), "has no model"),
        (Reply.status(404, 'model "x" not found, try pulling it first'), "has no model"),
        (Reply.status(404, "404 page not found"), "check the address"),
        (Reply.status(405, "Method Not Allowed"), "check the address"),
        (
            Reply.status(307, "over there", also={"Location": "http://127.0.0.1:1/v1/chat/completions"}),
            "check the address",
        ),
        (Reply.status(400, "messages: roles must alternate"), "choose another model"),
        (Reply.status(418, "I am a teapot"), "choose another model"),
        (Reply.status(501, "not here"), "choose another model"),
    ],
)
async def test_a_person_must_mend_what_does_not_pass(reply: Reply, hint: str, lacks: tuple[str, ...]) -> None:
    error = await fault(reply, lacks)
    assert type(error) is ModelTerminal
    assert hint in error.hint


TOO_LONG = "maximum context length is 8192 tokens"


@BOTH_WAYS
@pytest.mark.parametrize(
    ("reply", "share"),
    [
        (Reply.status(400, TOO_LONG, error_code="context_length_exceeded"), None),
        (Reply.status(400, f"{TOO_LONG}. However, your messages resulted in 16384 tokens."), 0.5),
        (Reply.status(400, f"{TOO_LONG}. However, your request has 81920 input tokens"), 0.1),
        (Reply.status(400, "the request exceeds the available context size"), None),
        (Reply.status(400, "request (5000 tokens) exceeds the available context size (4000 tokens), try"), 0.8),
        (Reply.status(400, "prompt is too long: 250000 tokens > 200000 maximum"), 0.8),
        (Reply.status(400, "The input token count (200) exceeds the maximum number of tokens allowed (100)."), 0.5),
        (Reply.status(400, "keep the first 9000 tokens: loaded with context length of only 4500 tokens"), 0.5),
        (Reply.status(400, "Prompt contains 640 tokens, too large for model with 320 maximum context length"), 0.5),
        (Reply.status(400, f"{TOO_LONG}, and the 10 sent are too many"), None),
        (Reply.status(413, "Request Entity Too Large"), None),
        (Reply.status(429, "Request too large for gpt on tokens per min (TPM): Limit 300, Requested 400."), 0.75),
    ],
)
async def test_a_question_that_is_too_long_is_told_from_others(
    reply: Reply, share: float | None, lacks: tuple[str, ...]
) -> None:
    error = await fault(reply, lacks)
    assert isinstance(error, ConversationTooLong)
    assert "larger context" in error.hint
    assert error.share == share


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Reply.stream_error("The server is overloaded", error_code="server_error"), ModelUnavailable),
        (Reply.stream_error("slow down", error_code=429), ModelUnavailable),
        (Reply.stream_error("upstream died", error_code=502), ModelUnavailable),
        (Reply.stream_error("You exceeded your current quota", error_code="insufficient_quota"), ModelTerminal),
        (Reply.stream_error("This model's maximum context length is 8", error_code=400), ConversationTooLong),
        (Reply.stream_error("no auth", error_code=401), ModelTerminal),
        (Reply.stream_error("no auth", error_code="invalid_api_key"), ModelTerminal),
    ],
)
@BOTH_WAYS
async def test_an_error_within_an_answer_has_the_class_of_its_words(
    said: Reply, kind: type[ModelError], lacks: tuple[str, ...]
) -> None:
    assert type(await fault(said, lacks)) is kind


async def test_time_mends_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        name = f"http://127.0.0.1:{taken.getsockname()[1]}/v1#any"
        with pytest.raises(ModelUnavailable, match=r"no connection to .*#any: "):
            await chat_model(name, {}).complete(PLAIN, ignore)
        await close_clients()


async def test_a_question_that_a_filter_takes_is_an_answer() -> None:
    with ModelServer([Reply.status(400, "the prompt was filtered", error_code="content_filter")]) as server:
        answer = await ask(server, WITH_TOOLS)
    assert (answer.finish, answer.usage.estimated) == (Finish.FILTERED, True)


@BOTH_WAYS
@pytest.mark.parametrize("code", [401, 400, 500])
@pytest.mark.parametrize("secret", ["sk-proj-Zm9vYmFyYmF6", "0a1b2c3d4e5f"])
async def test_no_key_is_in_an_error(secret: str, code: int, lacks: tuple[str, ...]) -> None:
    words = f"Incorrect API key provided: {secret} (also Bearer abc.def, sk-other***key). {'very ' * 100}wrong\nkey"
    with ModelServer([Reply.status(code, words)] * 12, lacks=lacks) as server:
        endpoint = Endpoint("openai:scripted", f"scripted-{server.number}", server.url, secret, trusted=True)
        with pytest.raises(ModelError) as caught:
            await OpenAIChat(endpoint).complete(PLAIN, ignore)
        await close_clients()
    assert server.requests[0].headers["authorization"] == f"Bearer {secret}"
    error = caught.value
    said = f"{error} {error!r} {error.hint} {error.__cause__} {endpoint!r}"
    assert not [word for word in (secret, "abc.def", "sk-other", "\n") if word in said]
    assert len(str(error)) <= 300
