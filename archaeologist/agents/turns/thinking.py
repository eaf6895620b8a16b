"""One turn of a model, outside of the workflow: read the transcript, ask once, and keep what came back."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from temporalio import activity

from archaeologist.agents.asking.client import Asker
from archaeologist.agents.asking.messages import Question
from archaeologist.agents.steps.observing import with_quoted
from archaeologist.agents.tooling.context import ToolResult
from archaeologist.agents.turns.attempt import attempt
from archaeologist.agents.turns.transcript import Transcripts, extend
from archaeologist.agents.turns.verdict import Verdict
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.budget import Spent
from archaeologist.domain.chat import (
    ChatRequest,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from archaeologist.domain.conversation import Part, Thought
from archaeologist.errors import ConversationTooLong
from archaeologist.models.naming import KEY_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from archaeologist.agents.turns.runlog import RunLogs
    from archaeologist.agents.turns.transcript import Transcript
    from archaeologist.domain.chat import Message
    from archaeologist.domain.conversation import Incoming, ThinkOrder

_NOTES = {
    Part.PLAN: "First make a plan: at most ten short steps. No tools in this turn.",
    Part.SYNTHESIZE: "Now write the final answer, from what you have found. No tools any more.",
}
_TOO_LONG = "the conversation is longer than the model can read, even without what tools gave back"


@dataclass(frozen=True)
class Mind:
    """Thinks for agents.

    Attributes:
        store: where transcripts are.
        asker: asks models, each question once.
    """

    store: ArtefactStore
    asker: Asker
    transcripts: Transcripts = field(init=False)

    def __post_init__(self) -> None:
        """Read transcripts from the store."""
        object.__setattr__(self, "transcripts", Transcripts(self.store))

    async def think(
        self, order: ThinkOrder, form: type[BaseModel] | None, step: str, on_text: Callable[[str], None]
    ) -> Thought:
        """Ask the model for the next turn and return what it wants.

        Args:
            order: where the conversation stands.
            form: the form of the final answer; None for prose.
            step: the step's stable name.
            on_text: is told the model's text as it arrives.

        Raises:
            ModelUnavailable: trying again can help.
            ModelTerminal: a person must do something first.
            StateError: nobody can be asked from here.
        """
        heard = [self._message(each) for each in order.incoming]
        found = {
            "redacted": sum(clean.redacted for _, clean in heard),
            "suspicions": sum(clean.suspicions for _, clean in heard),
        }
        transcript, head = self._heard(order, [message for message, _ in heard])
        # Agents of one run have steps of the same name, so the conversation belongs to the key.
        request = _request(transcript, order, key=f"{order.run_id}-{step}-{head[:12]}")
        question = Question(
            run_id=order.run_id,
            step=step,
            model=transcript.opening.model,
            record=transcript.opening.record,
            request=request,
            keys={name: os.environ[name] for name in KEY_VARIABLES if name in os.environ},
        )
        try:
            answer = await self.asker.ask(question, on_text)
        except ConversationTooLong as error:
            return Thought(head=head, given_up=f"{_TOO_LONG}: {error}", **found)
        verdict = Verdict(self.store, transcript.opening, form, order.part, answer)
        thought = verdict.thought()
        head = extend(self.store, head, *verdict.messages)
        return thought.model_copy(update={"head": head, "spent": Spent.on(answer.usage), **found})

    def _heard(self, order: ThinkOrder, told: Sequence[Message]) -> tuple[Transcript, str]:
        """Return the transcript with all that came in since the last turn, and its id."""
        before = self.transcripts.read(order.head)
        incoming = list(told)
        note = UserMessage(content=_NOTES[order.part]) if order.part in _NOTES else None
        if note is not None and note not in before.messages:
            incoming.append(note)
        head = extend(self.store, order.head, *incoming) if incoming else order.head
        return self.transcripts.read(head), head

    def _message(self, incoming: Incoming) -> tuple[Message, ToolResult]:
        """Return what the model reads, and what was taken out of it on the way here."""
        if incoming.artefact:
            clean = ToolResult(self.store.get(incoming.artefact).decode())
        elif incoming.person:
            clean = ToolResult(f"The person who runs this says: {incoming.text}")
        else:
            clean = with_quoted(incoming.text, incoming.quoted)
        text = clean.content
        return ToolMessage(call=incoming.call, content=text) if incoming.call else UserMessage(content=text), clean


def _request(transcript: Transcript, order: ThinkOrder, key: str) -> ChatRequest:
    opening = transcript.opening
    executing = order.part is Part.EXECUTE
    return ChatRequest(
        messages=(SystemMessage(content=opening.system), *transcript.messages),
        tools=tuple(offer.form for offer in opening.offers) if executing else (),
        answer=opening.answer if order.part is Part.SYNTHESIZE or not opening.offers else None,
        output_tokens=order.output_tokens,
        key=key,
    )


async def take_turn(mind: Mind, logs: RunLogs, order: ThinkOrder, form: type[BaseModel] | None) -> Thought:
    """Do one turn within an activity. Only a person's cancelling takes a question back that is on the way."""
    step = activity.info().activity_id
    async with attempt(logs, order.run_id) as pulse:
        try:
            return await mind.think(order, form, step, pulse.wrote)
        except asyncio.CancelledError:
            details = activity.cancellation_details()
            if details is not None and details.cancel_requested:
                await mind.asker.withdraw(order.run_id, step)
            raise


def mind_of(state: Path) -> Mind:
    """Return what thinks for the agents of a state directory, with the keys of this process's environment."""
    return Mind(ArtefactStore(state / "artefacts"), Asker(state))
