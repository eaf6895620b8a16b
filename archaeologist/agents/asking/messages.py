"""What a worker and the asker say to each other: one JSON line each, over a socket that only their user can open."""

from __future__ import annotations

import traceback
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from archaeologist.domain.chat import ChatAnswer, ChatRequest
from archaeologist.domain.payload import Payload
from archaeologist.errors import ArchaeologistError, ModelUnavailable

LINE_BYTES: Final = 64 * 1024 * 1024
"""A conversation is sent whole; one of a thousand turns has some megabytes."""


class Question(Payload):
    """What a model is to be asked. The same question of the same step gets the same answer, however often it is put."""

    kind: Literal["question"] = "question"
    run_id: str
    step: str = Field(description="the step's stable name")
    model: str = Field(description="as a person names it")
    record: str = Field(default="", description="folder to record the answer in; empty for none")
    request: ChatRequest
    keys: dict[str, str] = Field(
        repr=False, default_factory=dict, description="the worker's keys and addresses, by their variables"
    )


class Withdrawal(Payload):
    """Nobody wants the answers any more that a step waits for."""

    kind: Literal["withdrawal"] = "withdrawal"
    run_id: str
    step: str


class Text(Payload):
    """A piece of what the model is writing."""

    kind: Literal["text"] = "text"
    text: str


class Answered(Payload):
    """The answer, which is in the journal."""

    kind: Literal["answered"] = "answered"
    answer: ChatAnswer


class Failed(Payload):
    """Why there is no answer."""

    kind: Literal["failed"] = "failed"
    error: str = Field(description="the error's class")
    message: str
    hint: str = ""
    retry_after: float | None = Field(default=None, description="seconds that the model's server asked to wait")
    trace: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failed:
        """Return what the worker has to know of an error."""
        return cls(
            error=type(error).__name__,
            message=str(error),
            hint=error.hint if isinstance(error, ArchaeologistError) else "",
            retry_after=error.retry_after if isinstance(error, ModelUnavailable) else None,
            trace="".join(traceback.format_exception(error)),
        )


ASKED: Final[TypeAdapter[Question | Withdrawal]] = TypeAdapter(
    Annotated[Question | Withdrawal, Field(discriminator="kind")]
)
SAID: Final[TypeAdapter[Text | Answered | Failed]] = TypeAdapter(
    Annotated[Text | Answered | Failed, Field(discriminator="kind")]
)


def line_of(message: Payload) -> bytes:
    """Return a message as it is sent."""
    return message.model_dump_json().encode() + b"\n"
