"""What people say to an agent at work: each conversation that is going on hears each word once. Replayed."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.domain.conversation import Incoming


class Words:
    """What was said to an agent."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.heard = 0

    def say(self, text: str) -> None:
        """Take what a person says; the conversations that are going on hear it, or else the next one."""
        self.said.append(text)

    def ear(self) -> Ear:
        """Return what a conversation hears with that begins now: what nobody has heard yet, and what is said later."""
        return Ear(self)


class Ear:
    """What one conversation hears of it.

    Args:
        words: what is said.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._heard = words.heard

    @property
    def is_spoken_to(self) -> bool:
        """Whether a person said something that the model has not read yet."""
        return self._heard < len(self._words.said)

    def take(self) -> tuple[Incoming, ...]:
        """Return what people said since the last time."""
        new = self._words.said[self._heard :]
        self._heard = self._words.heard = len(self._words.said)
        return tuple(Incoming(person=True, text=text) for text in new)
