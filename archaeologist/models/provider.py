"""The seam between the agents and whoever answers them.

A provider turns an order (task and facts) into an answer in the task's schema. It raises for the three classes of
fault: anything retryable as it is, terminal ones as a `terminal` error of the tree; a bad answer is not an exception
but comes back as content that the caller validates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from archaeologist.domain.steps import ModelAnswer, ModelOrder


class Provider(Protocol):
    """Answers the agents."""

    name: str

    async def answer(self, order: ModelOrder) -> ModelAnswer:
        """Return the answer to one order."""
        ...


def provider_of(name: str) -> Provider:
    """Return the provider of that name. Raises UsageError when there is none."""
    if name == "offline":
        from archaeologist.models.offline import OfflineProvider

        return OfflineProvider()
    raise UsageError(f"there is no model provider {name!r}", hint="the one provider so far is `offline`")
