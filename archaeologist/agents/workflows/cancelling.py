"""What a workflow does that is told to end while it waits for something that ends well all the same. Replayed."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from temporalio import workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

HEEDS_CANCEL = "heeds-cancel"
"""Runs of before went on when a step or an agent ended well though it was told to end; their histories say so."""


@contextmanager
def heeding_cancel() -> Iterator[None]:
    """Raise CancelledError behind a wait that ended well though the workflow was cancelled meanwhile.

    Temporal hands the cancellation on to what is waited for; when that is done before it hears of it, nothing is left
    of it, and the workflow would go on.
    """
    before = workflow.cancellation_reason()
    yield
    if before is None and workflow.cancellation_reason() is not None and workflow.patched(HEEDS_CANCEL):
        raise asyncio.CancelledError
