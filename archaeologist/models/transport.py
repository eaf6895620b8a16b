"""Questions over HTTP: the body goes out, JSON comes back, in one piece or as a stream.

The raw layer of the `openai` package is used (`post`), because its typed one hides what servers send that only nearly
speak the protocol.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

import httpx2
from openai import APIStatusError, AsyncStream, OpenAIError

from archaeologist.models.clients import client_of, patience
from archaeologist.models.faults import fault_of, reported

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from archaeologist.models.naming import Endpoint
    from archaeologist.models.wire import Wire

Part = Literal["delta", "message"]

_PATH: Final = "/chat/completions"
# JSON that is no JSON, that holds a number of a million digits, or that is nested as deep.
_NO_JSON = (ValueError, RecursionError)


@dataclass(frozen=True)
class Limits:
    """What one answer may take.

    Args:
        idle_seconds: without a byte of a stream. Servers on one's own machine read a long conversation in silence.
        whole_seconds: until an answer that is not streamed begins, which is when the model is done.
        characters: of the answer; a model that does not stop is stopped here.
    """

    idle_seconds: float = 300.0
    whole_seconds: float = 900.0
    characters: int = 2_000_000


async def contents(endpoint: Endpoint, wire: Wire, key: str, limits: Limits) -> AsyncGenerator[tuple[Part, object]]:
    """Yield the JSON that a server sends: the whole answer ("message"), or the chunks of a stream ("delta").

    Args:
        endpoint: who is asked.
        wire: what.
        key: what tells this question from others, whatever the attempt; may be empty.
        limits: how long to wait.

    Raises:
        APIStatusError: the server refused; whether another form of the question helps is to be found out.
        ModelUnavailable: trying again can help.
        ModelTerminal: a person must do something first.
    """
    headers = {"Idempotency-Key": key if key.isascii() and key.isprintable() else quote(key)} if key else {}
    source = _chunks if wire.streamed else _whole
    try:
        async with aclosing(source(endpoint, wire, headers, limits)) as arriving:
            async for part, content in arriving:
                yield part, _unless_reported(content, endpoint)
    except APIStatusError:
        raise
    except (OpenAIError, httpx2.HTTPError, *_NO_JSON) as error:
        raise fault_of(error, endpoint) from None


async def _whole(
    endpoint: Endpoint, wire: Wire, headers: dict[str, str], limits: Limits
) -> AsyncGenerator[tuple[Part, object]]:
    timeout = patience(limits.whole_seconds)
    yield (
        "message",
        await client_of(endpoint).post(
            _PATH, cast_to=object, body=wire.body, options={"headers": headers, "timeout": timeout}
        ),
    )


async def _chunks(
    endpoint: Endpoint, wire: Wire, headers: dict[str, str], limits: Limits
) -> AsyncGenerator[tuple[Part, object]]:
    stream = await client_of(endpoint).post(
        _PATH,
        cast_to=object,
        body=wire.body,
        options={"headers": headers, "timeout": patience(limits.idle_seconds)},
        stream=True,
        stream_cls=AsyncStream[object],
    )
    async with stream:
        if "json" in stream.response.headers.get("content-type", ""):  # it does not know streaming, and does not say so
            yield "message", json.loads(await stream.response.aread())
            return
        async for chunk in stream:
            yield "delta", chunk


def _unless_reported(content: object, endpoint: Endpoint) -> object:
    if isinstance(content, dict) and content.get("error"):
        raise reported(content["error"], endpoint)
    return content
