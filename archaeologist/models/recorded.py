"""Answers that are recorded while a model is asked, and replayed without it: the same question gets the same answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from archaeologist.artefacts import write_durably
from archaeologist.domain.chat import ChatAnswer, ChatRequest
from archaeologist.domain.payload import Payload
from archaeologist.errors import ConversationTooLong, ModelTerminal
from archaeologist.models.identity import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archaeologist.models.chat import ChatModel

_HINT = "record the run again with `--record`; prompts, tools or the repository changed since"
_SHOWN = 80


class Recording(Payload):
    """One question and its answer: one file."""

    request: ChatRequest
    answer: ChatAnswer | None = None
    too_long: str = Field(default="", description="what the server said where the question was too long for it")


class Recorder:
    """Asks a model and keeps what it says.

    Args:
        model: who is asked.
        folder: where the answers go, one file each.
    """

    def __init__(self, model: ChatModel, folder: Path) -> None:
        self.name = model.name
        self.model = model
        self.folder = folder

    async def complete(self, request: ChatRequest, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the model's answer; see `ChatModel`."""
        asked = Recording(request=request.model_copy(update={"key": ""}))
        try:
            answer = await self.model.complete(request, on_text)
        except ConversationTooLong as error:  # a run goes on after it, and so has its replay
            self._keep(asked.model_copy(update={"too_long": str(error)}))
            raise
        self._keep(asked.model_copy(update={"answer": answer}))
        return answer

    def _keep(self, recording: Recording) -> None:
        write_durably(_path(self.folder, recording.request), recording.model_dump_json(indent=1).encode())


class RecordedChat:
    """Says what was recorded.

    Args:
        folder: where a `Recorder` kept the answers.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"recorded:{folder}"
        self.folder = folder

    async def complete(self, request: ChatRequest, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the recorded answer. Raises ModelTerminal when there is none."""
        try:
            recording = _read(_path(self.folder, request))
        except FileNotFoundError:
            raise ModelTerminal(f"no recorded answer: {self._difference(request)}", _HINT) from None
        answer = recording.answer
        if answer is None:
            raise ConversationTooLong(recording.too_long)
        if answer.message.content:
            on_text(answer.message.content)
        return answer

    def _difference(self, request: ChatRequest) -> str:
        """Return how the request differs from the recorded one that it shares most messages with."""
        nearest = max(_recordings(self.folder), key=lambda known: _shared(known.request, request), default=None)
        if nearest is None:
            return f"nothing is recorded in {self.folder}"
        return _first_difference(nearest.request, request)


def _path(folder: Path, request: ChatRequest) -> Path:
    return folder / f"{digest_of(request)[:32]}.json"


def _read(path: Path) -> Recording:
    try:
        return Recording.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ModelTerminal(f"{path} holds no recorded answer", _HINT) from error


def _recordings(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.glob("*.json")):
        yield _read(path)


def _shared(known: ChatRequest, asked: ChatRequest) -> int:
    """Return how many messages two requests share from the first one on."""
    count = 0
    for one, other in zip(known.messages, asked.messages, strict=False):
        if one != other:
            break
        count += 1
    return count


def _first_difference(known: ChatRequest, asked: ChatRequest) -> str:
    shared = _shared(known, asked)
    if shared < len(asked.messages) and shared < len(known.messages):
        one, other = (
            json.dumps(request.messages[shared].model_dump(), ensure_ascii=False) for request in (known, asked)
        )
        return f"message {shared + 1} ({asked.messages[shared].role}) differs{_where(one, other)}"
    if len(asked.messages) != len(known.messages):
        return f"the conversation has {len(asked.messages)} messages, the nearest recorded one {len(known.messages)}"
    return "the tools or the form of the answer differ"


def _where(one: str, other: str) -> str:
    at = next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(at - _SHOWN // 4, 0)
    return f": recorded {one[start : start + _SHOWN]!r}, asked {other[start : start + _SHOWN]!r}"
