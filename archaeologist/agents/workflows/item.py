"""A work item that an agent works on: a conversation that goes on beside those of other items. Replayed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import workflow

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from archaeologist.agents.workflows.conversation import Conversation
    from archaeologist.domain.conversation import Conclusion
    from archaeologist.domain.judgement import ItemLine
    from archaeologist.domain.names import Role


class Item:
    """One work item.

    Args:
        role: whose item it is.
        number: of the item, 1-based.
        line: what it is about.
        talk: what is said about it.
    """

    def __init__(self, role: Role, number: int, line: ItemLine, talk: Conversation) -> None:
        self.role = role
        self.number = number
        self.line = line
        self.talk = talk
        self.name = talk.state.name
        self._talking: asyncio.Task[Conclusion | None] | None = None

    def go_on(self, talking: Coroutine[object, object, Conclusion | None] | None = None) -> None:
        """Talk on, while the workflow does other things; with `talking` in that way."""
        self._talking = asyncio.create_task(talking or self.talk.go_on())

    async def ending(self) -> Conclusion | None:
        """Return how the conversation ended; None when the workflow has to continue as new first."""
        assert self._talking is not None  # noqa: S101 - an item is made to talk
        # Cancelled here, the conversation goes on until it is cancelled together with the others.
        await workflow.wait([self._talking])
        return self._talking.result()

    def cancel(self) -> asyncio.Task[Conclusion | None] | None:
        """Have the conversation end, and return it when it has not ended yet."""
        if self._talking is None or self._talking.done():
            return None
        self._talking.cancel()
        return self._talking


async def end_all(items: Iterable[Item]) -> None:
    """Cancel conversations that are going on, in the order of the items, and wait for their ends."""
    talking = [task for item in items if (task := item.cancel()) is not None]
    if talking:
        await workflow.wait(talking)
