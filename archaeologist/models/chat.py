"""The seam between the agents and the models that answer them.

A chat model turns messages into one answer. It raises for infrastructure faults (`ModelUnavailable`, with the time to
wait when the server named one) and for terminal ones (`ModelTerminal`); whatever the model itself did badly comes back
as an answer, because it is data for the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.chat import ChatAnswer, ChatRequest


class ChatModel(Protocol):
    """Answers conversations."""

    name: str

    async def complete(self, request: ChatRequest, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the answer to one request.

        Args:
            request: the conversation, the tools, the form of the answer.
            on_text: is told each piece of text as it arrives.

        Raises:
            ModelUnavailable: trying again can help.
            ModelTerminal: a person must do something first.
        """
        ...
