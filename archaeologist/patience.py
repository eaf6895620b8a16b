"""Waits for answers only so long, and not at all once nobody wants them any more."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@asynccontextmanager
async def answer_within(seconds: float) -> AsyncGenerator[None]:
    """Wait in the body for a server, but no longer than so many seconds.

    `asyncio.wait_for` is no help: in Python 3.11 a cancellation that comes with the answer is lost with it.

    Raises:
        TimeoutError: it takes longer.
        CancelledError: this task is told to end, whatever the server's client makes of it.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except Exception:
        leave_if_cancelled()
        raise


def leave_if_cancelled() -> None:
    """Raise CancelledError when this task is told to end: clients tell of it as of an error of the server's."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
