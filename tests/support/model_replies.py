"""What a scripted model server can say, and how it can misbehave while it says it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Break = Literal["", "hang_up", "drop", "cut", "truncate"]
Meter = Literal["honest", "none", "wrong", "zero"]


@dataclass(frozen=True)
class Call:
    """A tool call; the arguments are sent as they are written here."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Reply:
    """One answer of the server."""

    text: str = ""
    tools: tuple[Call, ...] = ()
    refusal: str = ""
    finish: str | None = "stop"
    code: int = 200
    error: Mapping[str, Any] | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    breaks: Break = ""
    meter: Meter = "honest"
    cached: int = 0
    pace: float = 0.0

    @classmethod
    def says(cls, text: str, *, cached: int = 0) -> Reply:
        """A text; `cached` tokens of the conversation were still known."""
        return cls(text=text, cached=cached)

    @classmethod
    def answers(cls, content: Mapping[str, Any]) -> Reply:
        """A JSON object as the final answer."""
        return cls(text=json.dumps(content))

    @classmethod
    def calls(cls, *calls: tuple[str, Mapping[str, Any]], text: str = "") -> Reply:
        """Tool calls, all in one answer."""
        return cls.raw_calls(*((name, json.dumps(arguments)) for name, arguments in calls), text=text)

    @classmethod
    def raw_calls(cls, *calls: tuple[str, str], text: str = "") -> Reply:
        """Tool calls whose arguments are any text."""
        return cls(text=text, tools=tuple(Call(*call) for call in calls), finish="tool_calls")

    @classmethod
    def empty(cls) -> Reply:
        """Neither text nor calls."""
        return cls()

    @classmethod
    def refuses(cls, text: str = "I cannot help with that") -> Reply:
        """The model refuses."""
        return cls(refusal=text)

    @classmethod
    def runs_out(cls, text: str = "and then") -> Reply:
        """The answer reaches its length limit."""
        return cls(text=text, finish="length")

    @classmethod
    def filtered(cls) -> Reply:
        """The server's content filter takes the answer."""
        return cls(finish="content_filter")

    @classmethod
    def status(
        cls,
        code: int,
        message: str = "the server is unwell",
        *,
        retry_after: str | float | None = None,
        error_code: str | None = None,
        param: str | None = None,
        also: Mapping[str, str] | None = None,
    ) -> Reply:
        """An HTTP error; `retry_after` is what the header says, `also` are more headers."""
        headers = dict(also or {}) | ({} if retry_after is None else {"Retry-After": str(retry_after)})
        error = {"message": message, "type": "error", "param": param, "code": error_code}
        return cls(code=code, error={"error": error}, headers=headers)

    @classmethod
    def drops(cls, text: str = "half an ans") -> Reply:
        """The connection closes in the middle of the answer."""
        return cls(text=text, breaks="drop")

    @classmethod
    def cuts(cls, text: str = "half an ans") -> Reply:
        """The answer ends in good order, but before the model was done."""
        return cls(text=text, breaks="cut", finish=None)

    @classmethod
    def truncated_json(cls, text: str = "half an ans") -> Reply:
        """The JSON of the answer stops in the middle, though the response is complete."""
        return cls(text=text, breaks="truncate")

    @classmethod
    def stream_error(cls, message: str, *, error_code: str | int | None = None) -> Reply:
        """An error where an answer was to be: status 200, as servers do that had already begun to stream."""
        return cls(error={"error": {"message": message, "type": "error", "code": error_code}})

    @classmethod
    def page(cls, body: str, kind: str = "text/html") -> Reply:
        """Anything at all, with status 200 and a content type."""
        return cls(error=body, headers={"Content-Type": kind})

    @classmethod
    def hangs_up(cls) -> Reply:
        """The connection closes before a word is said."""
        return cls(breaks="hang_up")

    @classmethod
    def slow(cls, reply: Reply, seconds: float) -> Reply:
        """The same reply with a pause before each piece of it."""
        return replace(reply, pace=seconds)

    def wrong_usage(self) -> Reply:
        """The same reply, metered with nonsense."""
        return replace(self, meter="wrong")

    def zero_usage(self) -> Reply:
        """The same reply, metered as if it had cost nothing."""
        return replace(self, meter="zero")

    def without_usage(self) -> Reply:
        """The same reply, not metered."""
        return replace(self, meter="none")
