"""The transcript of a conversation: a chain of artefacts, each naming the one before, the first one how it began.

A workflow carries the id of the last one, so its history grows by ids, whatever was said; the same words give the same
ids, so a conversation that was killed and went on can be compared byte by byte.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from archaeologist.documents import keep, load
from archaeologist.domain.chat import AssistantMessage, Message, Schema
from archaeologist.domain.payload import Payload

if TYPE_CHECKING:
    from archaeologist.artefacts import ArtefactStore

_KEPT = 64
"""Transcripts at hand; each shares its messages with the one before, so they cost little."""


class Offer(Payload):
    """A tool or a sub-agent as it was offered when the conversation began."""

    form: Schema
    reads_only: bool = False
    idempotent: bool = False
    approval: bool = False
    seconds: float = 60.0
    alone: bool = False
    queue: str = Field(default="", description="task queue of a sub-agent; empty for a tool")

    @property
    def name(self) -> str:
        """What the model calls it."""
        return self.form.name


class Opening(Payload):
    """How a conversation began: what does not change in it, whatever version of the agent goes on with it."""

    agent: str
    model: str
    system: str
    offers: tuple[Offer, ...] = ()
    answer: Schema | None = None
    finish: str = Field(default="", description="the offer that takes the answer while there are tools; empty for none")
    version: str = ""
    record: str = ""
    skills: str = Field(default="", description="artefact id of skills besides the agent's own; empty for none")


class Link(Payload):
    """One piece of a transcript."""

    before: str = ""
    opening: Opening | None = None
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """A conversation up to some point."""

    opening: Opening
    messages: tuple[Message, ...]

    @property
    def last_answer(self) -> AssistantMessage:
        """The model's last message. Raises LookupError when it has said nothing yet."""
        for message in reversed(self.messages):
            if isinstance(message, AssistantMessage):
                return message
        raise LookupError("the model has said nothing yet")


def begin(store: ArtefactStore, opening: Opening, *messages: Message) -> str:
    """Keep the beginning of a transcript and return its id."""
    return keep(store, Link(opening=opening, messages=messages))


def extend(store: ArtefactStore, head: str, *messages: Message) -> str:
    """Keep what was said after `head` and return the id of the longer transcript."""
    return keep(store, Link(before=head, messages=messages))


class Transcripts:
    """Reads transcripts, and keeps the last ones at hand: the next turn reads the same one and a little more."""

    def __init__(self, store: ArtefactStore) -> None:
        self.store = store
        self._known: OrderedDict[str, Transcript] = OrderedDict()

    def read(self, head: str) -> Transcript:
        """Return the transcript that ends with `head`. Raises ArtefactMissing."""
        links: list[Link] = []
        known = self._known.get(head)
        before = head
        while known is None:
            link = load(self.store, before, Link)
            links.append(link)
            known = Transcript(link.opening, ()) if link.opening else self._known.get(link.before)
            before = link.before
        said = tuple(message for link in reversed(links) for message in link.messages)
        transcript = Transcript(known.opening, known.messages + said)
        self._known[head] = transcript
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return transcript
