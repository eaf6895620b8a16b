"""What was said in a conversation, turn by turn, from its transcript in the artefact store.

Reads files, so it is not for the event loop.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.artefacts import ArtefactMissing
from archaeologist.domain.chat import AssistantMessage, ToolMessage, UserMessage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist.agents.turns.transcript import Transcript, Transcripts
    from archaeologist.domain.chat import ToolCall
    from archaeologist.domain.step_view import StepView
    from archaeologist.review.conversations import Talk, Turn
    from archaeologist_tui.reading.marks import Mark

_PERSON = "The person who runs this says: "


@dataclass(frozen=True)
class ToldCall:
    """A tool call.

    Attributes:
        name: the tool.
        arguments: what it was given, by name; under an empty name what could not be read.
        result: what came of it, as the model reads it; None when nobody knows yet.
        mark: its state.
        seconds: how long it took; None when it is not done.
    """

    name: str
    arguments: Mapping[str, str]
    result: str | None
    mark: Mark
    seconds: float | None = None

    @property
    def line(self) -> str:
        """The call in one line."""
        return (
            f"{self.name}({', '.join(f'{name}={_quoted(value)}' if name else value for name, value in self._short())})"
        )

    def _short(self) -> Iterator[tuple[str, str]]:
        """Yield what tells the call from others: no texts, and nothing that only the program needs."""
        for name, value in self.arguments.items():
            if name != "based_on" and value != "null" and "\n" not in value:
                yield name, value if len(value) <= _ARGUMENT_CHARACTERS else f"{value[:_ARGUMENT_CHARACTERS]}..."


_ARGUMENT_CHARACTERS = 60


@dataclass(frozen=True)
class ToldTurn:
    """One turn.

    Attributes:
        turn: which one.
        heard: what the model was told before it, by people or the program, beside what its tools gave back.
        text: what it said.
        calls: what it wanted to have done.
    """

    turn: Turn
    heard: tuple[str, ...] = ()
    text: str = ""
    calls: tuple[ToldCall, ...] = ()


@dataclass(frozen=True)
class ToldTalk:
    """A conversation as people read it.

    Attributes:
        talk: which one.
        system: who the model is told that it is.
        tools: what it may use.
        brief: the task.
        turns: what was said, turn by turn.
        heard: what the model will read next.
        missing: why its texts are not here; empty when they are.
    """

    talk: Talk
    system: str = ""
    tools: tuple[str, ...] = ()
    brief: str = ""
    turns: tuple[ToldTurn, ...] = ()
    heard: tuple[str, ...] = ()
    missing: str = ""


def told_talk(transcripts: Transcripts, talk: Talk) -> ToldTalk:
    """Return what was said in a conversation as far as it is known."""
    if not talk.head:
        return ToldTalk(talk, turns=tuple(ToldTurn(turn) for turn in talk.turns))
    try:
        transcript = transcripts.read(talk.head)
    except ArtefactMissing as error:
        return ToldTalk(talk, turns=tuple(_untold(turn) for turn in talk.turns), missing=f"{error}")
    opening = transcript.opening
    brief, turns, heard = _turns(transcripts, transcript, talk)
    return ToldTalk(talk, opening.system, tuple(offer.name for offer in opening.offers), brief, turns, heard)


def is_person(text: str) -> bool:
    """Whether a person said what a model was told."""
    return text.startswith(_PERSON)


def said_by_person(text: str) -> str:
    """Return what a person said."""
    return text.removeprefix(_PERSON)


def _turns(
    transcripts: Transcripts, transcript: Transcript, talk: Talk
) -> tuple[str, tuple[ToldTurn, ...], tuple[str, ...]]:
    results = {each.call: each.content for each in transcript.messages if isinstance(each, ToolMessage)}
    waiting = [turn for turn in talk.turns if not turn.thought or turn.thought.get("given_up")]
    answered = iter([turn for turn in talk.turns if turn not in waiting])
    heard: list[str] = []
    turns: list[ToldTurn] = []
    brief = ""
    for message in transcript.messages:
        if isinstance(message, UserMessage) and not brief and not turns:
            brief = message.content
        elif isinstance(message, UserMessage):
            heard.append(message.content)
        elif isinstance(message, AssistantMessage) and (turn := next(answered, None)) is not None:
            calls = tuple(_called(transcripts, turn, *each, results) for each in enumerate(message.calls))
            turns.append(ToldTurn(turn, _wordings(heard, turns), message.content, calls))
            heard = []
    turns += [ToldTurn(turn, _wordings(heard, turns) if turn is waiting[0] else ()) for turn in waiting]
    return brief, tuple(turns), () if waiting else _wordings(heard, turns)


def _wordings(heard: Sequence[str], turns: Sequence[ToldTurn]) -> tuple[str, ...]:
    """Return what was heard without what stands beside the turn already as its problem."""
    problem = turns[-1].turn.thought.get("problem") if turns else None
    return tuple(text for text in heard if text != problem)


def _untold(turn: Turn) -> ToldTurn:
    calls = [ToldCall(step.summary.partition(": ")[2] or step.summary, {}, None, _mark(step), step.seconds)
             for step in turn.calls.values()]  # fmt: skip
    return ToldTurn(turn, calls=tuple(calls))


def _called(transcripts: Transcripts, turn: Turn, place: int, call: ToolCall, results: Mapping[str, str]) -> ToldCall:
    step = turn.calls.get(place)
    result = results.get(call.id)
    if result is None and step is not None and step.result.get("observation"):
        result = _text(transcripts, step.result["observation"])
    if step is not None:
        return ToldCall(call.name, _arguments(call), result, _mark(step), step.seconds)
    refused = any(each["id"] == call.id and each.get("refused") for each in turn.thought.get("calls", ()))
    ends = turn.thought.get("ends") == call.id
    return ToldCall(call.name, _arguments(call), result, "FAIL" if refused else "ok" if ends or result else "wait")


def _text(transcripts: Transcripts, artefact: str) -> str | None:
    try:
        return transcripts.store.get(artefact).decode("utf-8", "replace")
    except ArtefactMissing:
        return None


def _mark(step: StepView) -> Mark:
    return "FAIL" if step.state == "ok" and not step.result.get("ok", True) else step.state


def _arguments(call: ToolCall) -> dict[str, str]:
    try:
        read = json.loads(call.arguments)
    except ValueError:
        return {"": call.arguments}
    if not isinstance(read, dict):
        return {"": call.arguments}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in read.items()
    }


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if not value.isdigit() else value
