"""Chat completions through the `openai` package: OpenAI itself, and every server that speaks its protocol.

Nothing is retried here: a fault is raised with its class, and Temporal retries.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from openai import APIStatusError

from archaeologist.domain.chat import AssistantMessage, ChatAnswer, Finish
from archaeologist.models.assembly import Assembly
from archaeologist.models.complaints import complaint_of
from archaeologist.models.dialect import Feature, guessed, lacks_of, named, remember
from archaeologist.models.faults import broken, fault_of
from archaeologist.models.identity import digest_of
from archaeologist.models.metering import Sizes, usage_of
from archaeologist.models.transport import Limits, contents
from archaeologist.models.wire import wire_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.chat import ChatRequest, Usage
    from archaeologist.models.complaints import Complaint
    from archaeologist.models.naming import Endpoint
    from archaeologist.models.prices import Price
    from archaeologist.models.wire import Wire


class OpenAIChat:
    """A model behind chat completions.

    Args:
        endpoint: where it is.
        price: what its tokens cost; None when not known.
        limits: what one answer may take.
    """

    def __init__(self, endpoint: Endpoint, price: Price | None = None, limits: Limits | None = None) -> None:
        self.name = endpoint.name
        self.endpoint = endpoint
        self.price = price
        self.limits = limits or Limits()

    async def complete(self, request: ChatRequest, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the answer to one request; see `ChatModel`.

        Asks again, with less, as long as the server refuses a part of the protocol.
        """
        lacks, unclear = lacks_of(self.endpoint), None
        while True:
            wire = wire_of(request, self.endpoint, lacks)
            try:
                answer = await self._ask(request, wire, on_text)
            except APIStatusError as error:
                complaint = complaint_of(error)
                if complaint.filtered or complaint.misspoken:
                    return self._said_in(complaint, wire)
                clear, refused = _refused(wire, complaint)
                if not clear:  # what was said before anything was guessed is nearest to the truth
                    unclear = unclear or error
                if refused is None:
                    raise fault_of(error if clear else unclear or error, self.endpoint) from None
                lacks |= {refused}
                if unclear is None:
                    remember(self.endpoint, lacks)
            else:
                remember(self.endpoint, lacks)
                return answer

    async def _ask(self, request: ChatRequest, wire: Wire, on_text: Callable[[str], None]) -> ChatAnswer:
        assembly = Assembly(partial(_call_id, request), on_text)
        async with aclosing(contents(self.endpoint, wire, request.key, self.limits)) as arriving:
            async for part, content in arriving:
                assembly.add(part, content)
                if assembly.size > self.limits.characters:
                    assembly.reason = "length"
                    break
        if not assembly.complete:
            raise broken("it ended before the model was done", self.endpoint)
        answer = assembly.answer(tools_in_text=wire.tools_in_words, form_in_words=wire.form_in_words)
        usage = self._usage(wire, assembly)
        return answer.model_copy(update={"usage": usage, "model": answer.model or self.endpoint.model})

    def _said_in(self, complaint: Complaint, wire: Wire) -> ChatAnswer:
        """Return the answer that a refusal is: the question was filtered, or what the model wrote could not be read."""
        return ChatAnswer(
            message=AssistantMessage(content=complaint.written),
            finish=Finish.FILTERED if complaint.filtered else Finish.ANSWERED,
            usage=self._usage(wire),
            model=self.endpoint.model,
        )

    def _usage(self, wire: Wire, assembly: Assembly | None = None) -> Usage:
        sizes = Sizes(sent=_size(wire.body), came=assembly.size if assembly else 0)
        return usage_of(assembly.usage if assembly else None, sizes, self.price)


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
