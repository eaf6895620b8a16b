"""Answers put together from what servers send, which is less regular than the protocol says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archaeologist.domain.chat import AssistantMessage, ChatAnswer, Finish, ToolCall
from archaeologist.models.toolless import called, unfenced

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.models.transport import Part

# The reasons that servers give; whatever else they say means that the model had said what it wanted.
_FINISHES = {
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
    "refusal": Finish.REFUSED,
}
# What some servers leave in the text: models do not want to read it again, and it is no part of an answer.
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)


@dataclass
class _Pieces:
    """A tool call so far."""

    index: object
    id: str
    name: str
    arguments: list[str] = field(default_factory=list)


@dataclass
class Assembly:
    """One answer, put together piece by piece.

    Args:
        name_call: gives the id of a call to which the server gave none, from its index.
        on_text: is told each piece of text.
    """

    name_call: Callable[[int], str]
    on_text: Callable[[str], None]
    model: str = ""
    reason: str = ""
    usage: object = None
    size: int = 0
    _texts: list[str] = field(default_factory=list)
    _refusals: list[str] = field(default_factory=list)
    _calls: list[_Pieces] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether the model was done: it said why it stopped, or it said something in one piece."""
        return bool(self.reason) and self.reason != "error"

    def add(self, part: Part, content: object) -> None:
        """Add a whole answer, or a chunk of a stream."""
        if not isinstance(content, dict):
            return
        self.model = _text(content.get("model")) or self.model
        self.usage = content.get("usage") or self.usage
        for choice in _dicts(content.get("choices"))[:1]:
            message = choice.get(part)
            self._add_message(message)
            implied = "stop" if part == "message" and message else ""
            self.reason = _text(choice.get("finish_reason")) or self.reason or implied

    def answer(self, *, tools_in_text: bool, form_in_words: bool) -> ChatAnswer:
        """Return the answer as far as it has come.

        Args:
            tools_in_text: the server knows no tools, so that calls are in the text.
            form_in_words: the form was asked for in words, which models like to answer with a Markdown fence.
        """
        refusal, content = _joined(self._refusals), _THOUGHTS.sub("", _joined(self._texts))
        calls = self._named_calls()
        if tools_in_text and not calls:
            calls = called(content, self.name_call)
            content = "" if calls else content
        if form_in_words and not calls:
            content = unfenced(content)
        finish = Finish.REFUSED if refusal else self._finish(calls)
        message = AssistantMessage(content=refusal or content, calls=calls)
        return ChatAnswer(message=message, finish=finish, model=_joined([self.model]))

    def _finish(self, calls: tuple[ToolCall, ...]) -> Finish:
        return _FINISHES.get(self.reason, Finish.CALLS if calls else Finish.ANSWERED)

    def _add_message(self, message: object) -> None:
        if not isinstance(message, dict):
            return
        text = _text(message.get("content"))
        self._keep(self._texts, text)
        self._keep(self._refusals, _text(message.get("refusal")))
        self.size += len(_text(message.get("reasoning_content")) or _text(message.get("reasoning")))
        if text:
            self.on_text(text)
        for call in _dicts(message.get("tool_calls")):
            self._add_call(call)

    def _add_call(self, call: dict[str, Any]) -> None:
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        call_id, name = (_joined([_text(value)]) for value in (call.get("id"), function.get("name")))
        pieces = self._place(call.get("index"), call_id, name)
        self._keep(pieces.arguments, _arguments(function.get("arguments")))

    def _place(self, index: object, call: str, name: str) -> _Pieces:
        """Return the call that a piece belongs to.

        Servers that give no index, or always the same one, send whole calls, each with an id or at least a name.
        """
        last = next((pieces for pieces in reversed(self._calls) if pieces.index == index), None)
        opens = name and (call != last.id if last and call else index is None)
        if last is None or opens:
            last = _Pieces(index, call, name)
            self._calls.append(last)
        last.id, last.name = last.id or call, last.name or name
        return last

    def _keep(self, pieces: list[str], text: str) -> None:
        if text:
            pieces.append(text)
            self.size += len(text)

    def _named_calls(self) -> tuple[ToolCall, ...]:
        calls: list[ToolCall] = []
        for index, pieces in enumerate(self._calls):
            taken = {call.id for call in calls}
            call = pieces.id if pieces.id and pieces.id not in taken else self.name_call(index)
            calls.append(ToolCall(id=call, name=pieces.name, arguments=_joined(pieces.arguments)))
        return tuple(calls)


def _text(value: object) -> str:
    """Return a text, or the texts of a list of parts; some servers send those."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in _dicts(value))
    return value if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    """Return arguments as a text; some servers send the object itself."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _text(value)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _joined(pieces: list[str]) -> str:
    """Join pieces; a letter that was cut in two between them is whole again, and half a letter becomes a mark."""
    text = "".join(pieces)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
