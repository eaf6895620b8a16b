"""A conversation with a model: messages, tools as the model sees them, and what one answer cost.

The words of chat completions, which every server speaks; nothing outside `models/` knows the wire format.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from archaeologist.domain.payload import Payload


class ToolCall(Payload):
    """A tool that the model wants to be used."""

    id: str
    name: str
    arguments: str = Field(description="JSON as the model wrote it, which need not be valid")


class SystemMessage(Payload):
    """Who the agent is and how it works."""

    role: Literal["system"] = "system"
    content: str


class UserMessage(Payload):
    """A brief, an observation that belongs to no tool call, or what a person said in between."""

    role: Literal["user"] = "user"
    content: str


class AssistantMessage(Payload):
    """What the model said."""

    role: Literal["assistant"] = "assistant"
    content: str = ""
    calls: tuple[ToolCall, ...] = ()


class ToolMessage(Payload):
    """What came of a tool call."""

    role: Literal["tool"] = "tool"
    call: str = Field(description="id of the call that it answers")
    content: str


Message = Annotated[SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")]


class Schema(Payload):
    """A JSON schema with a name: a tool's parameters, or the form of an answer."""

    name: str
    description: str
    parameters: dict[str, Any] = Field(description="JSON schema of an object, in the strict form")


class ChatRequest(Payload):
    """One question to a model. Messages come first to last, so that a server can keep what did not change."""

    messages: tuple[Message, ...]
    tools: tuple[Schema, ...] = ()
    answer: Schema | None = Field(default=None, description="the form of a final answer; None for prose")
    output_tokens: int = Field(default=8_000, description="tokens the answer may have")
    key: str = Field(default="", description="the same for every attempt at this question: sent as Idempotency-Key")


class Usage(Payload):
    """What an answer cost. Tokens as the server metered them; `estimated` when it did not."""

    input_tokens: int = 0
    cached_tokens: int = Field(default=0, description="part of `input_tokens` that the server still had")
    output_tokens: int = 0
    usd: float | None = Field(default=None, description="US dollars; None when the price is not known")
    estimated: bool = False


class Finish(StrEnum):
    """Why a model stopped."""

    ANSWERED = "answered"
    CALLS = "calls"
    LENGTH = "length"
    REFUSED = "refused"
    FILTERED = "filtered"


class ChatAnswer(Payload):
    """One answer of a model."""

    message: AssistantMessage
    finish: Finish
    usage: Usage = Usage()
    model: str = Field(description="the model that the server says it was")
