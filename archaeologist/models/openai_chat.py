"""Chat completions through the `openai` package: OpenAI itself, and every server that speaks its protocol.

The package's raw layer is used (`post`), because its typed one hides what servers that only nearly speak the protocol
send. It retries nothing: a fault is raised with its class, and Temporal retries.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import httpx2
from openai import APIStatusError, AsyncStream, OpenAIError

from archaeologist.domain.chat import AssistantMessage, ChatAnswer, Finish
from archaeologist.models.assembly import Assembly
from archaeologist.models.clients import client_of, patience
from archaeologist.models.complaints import complaint_of
from archaeologist.models.dialect import Feature, guessed, lacks_of, named, remember
from archaeologist.models.faults import broken, fault_of, reported
from archaeologist.models.identity import digest_of
from archaeologist.models.metering import Sizes, usage_of
from archaeologist.models.wire import wire_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.chat import ChatRequest
    from archaeologist.models.complaints import Complaint
    from archaeologist.models.naming import Endpoint
    from archaeologist.models.prices import Price
    from archaeologist.models.wire import Wire

_PATH: Final = "/chat/completions"
_BROKEN = (OpenAIError, httpx2.HTTPError, json.JSONDecodeError, UnicodeDecodeError)


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


class OpenAIChat:
    """A model behind chat completions.

    Args:
        endpoint: where it is.
        price: what its tokens cost; None when not known.
        limits: what one answer may take.
    """

    def __init__(self, endpoint: Endpoint, price: Price | None = None, limits: Limits = Limits()) -> None:
        self.name = endpoint.name
        self.endpoint = endpoint
        self.price = price
        self.limits = limits

    async def complete(self, request: ChatRequest, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the answer to one request; see `ChatModel`."""
        lacks, unclear = lacks_of(self.endpoint), None
        while True:
            wire = wire_of(request, self.endpoint, lacks)
            try:
                answer = await self._ask(request, wire, on_text)
            except APIStatusError as error:
                complaint = complaint_of(error)
                if complaint.filtered:
                    return self._filtered(wire)
                clear, refused = _refused(wire, complaint)
                if not clear:  # what was said before anything was guessed is nearest to the truth
                    unclear = unclear or error
                if refused is None:
                    raise fault_of(error if clear else unclear or error, self.endpoint) from None
                lacks |= {refused}
            except _BROKEN as error:
                raise fault_of(error, self.endpoint) from None
            else:
                remember(self.endpoint, lacks)
                return answer

    async def _ask(self, request: ChatRequest, wire: Wire, on_text: Callable[[str], None]) -> ChatAnswer:
        assembly = Assembly(partial(_call_id, request), on_text)
        headers = {"Idempotency-Key": request.key} if request.key else {}
        if Feature.STREAM in wire.used:
            await self._read_stream(wire, headers, assembly)
        else:
            await self._read_whole(wire, headers, assembly)
        in_words = request.answer is not None and Feature.JSON_SCHEMA not in wire.used
        answer = assembly.answer(
            tools_in_text=bool(request.tools) and Feature.TOOLS not in wire.used, in_words=in_words
        )
        usage = usage_of(assembly.usage, Sizes(_size(wire.body), assembly.size), self.price)
        return answer.model_copy(update={"usage": usage, "model": answer.model or self.endpoint.model})

    async def _read_stream(self, wire: Wire, headers: dict[str, str], assembly: Assembly) -> None:
        timeout = patience(self.limits.idle_seconds)
        stream = await client_of(self.endpoint).post(
            _PATH,
            cast_to=object,
            body=wire.body,
            options={"headers": headers, "timeout": timeout},
            stream=True,
            stream_cls=AsyncStream[object],
        )
        async with stream:
            if "json" in stream.response.headers.get("content-type", ""):
                self._take_whole(json.loads(await stream.response.aread()), assembly)
                return
            async for chunk in stream:
                assembly.add(chunk, "delta")
                if assembly.size > self.limits.characters:
                    assembly.reason = "length"
                    return
        if not assembly.reason:
            raise broken("it ended before the model was done", self.endpoint)

    async def _read_whole(self, wire: Wire, headers: dict[str, str], assembly: Assembly) -> None:
        timeout = patience(self.limits.whole_seconds)
        options: Any = {"headers": headers, "timeout": timeout}
        content = await client_of(self.endpoint).post(_PATH, cast_to=object, body=wire.body, options=options)
        self._take_whole(content, assembly)

    def _take_whole(self, content: object, assembly: Assembly) -> None:
        if isinstance(content, dict) and content.get("error"):
            raise reported(content["error"], self.endpoint)
        assembly.add(content, "message")
        if not assembly.started:
            raise broken(f"no chat completion, but {str(content)[:80]!r}", self.endpoint)

    def _filtered(self, wire: Wire) -> ChatAnswer:
        usage = usage_of(None, Sizes(_size(wire.body), 0), self.price)
        return ChatAnswer(message=AssistantMessage(), finish=Finish.FILTERED, usage=usage, model=self.endpoint.model)


def _refused(wire: Wire, complaint: Complaint) -> tuple[bool, Feature | None]:
    """Return whether it is clear what was refused, and which feature to do without; None when that would not help."""
    if not complaint.about_the_form:
        return True, None
    feature = named(wire.used, complaint.words)
    if feature is not None:
        return True, feature
    return False, guessed(wire.used) if complaint.names_nothing else None


def _call_id(request: ChatRequest, index: int) -> str:
    """Return the id of a call that the server gave none: the same for every attempt, and short, as servers want it."""
    key = request.key or digest_of(request)
    return f"call_{hashlib.sha256(key.encode()).hexdigest()[:20]}_{index}"


def _size(body: dict[str, Any]) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode(errors="replace"))
