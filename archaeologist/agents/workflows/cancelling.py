"""What a workflow does that is told to end while it waits for something that ends otherwise. Replayed."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

if TYPE_CHECKING:
    from collections.abc import Iterator

HEEDS_CANCEL = "heeds-cancel"
"""Runs of before went on when a step or an agent ended well though it was told to end; their histories say so."""

HEEDS_CANCEL_IN_FAILURE = "heeds-cancel-in-failure"
"""Later ones still paused for a person when it failed meanwhile."""


@contextmanager
def heeding_cancel() -> Iterator[None]:
    """Raise CancelledError behind a wait that has ended, well or not, though the workflow was cancelled meanwhile.

    Temporal hands the cancellation on to what is waited for; when that is done before it hears of it, or fails and is
    not tried again because of it, nothing is left of it, and the workflow would go on, or wait for a person.
    """
    before = workflow.cancellation_reason()
    try:
        yield
    except FailureError as error:
        if not is_cancelled_exception(error) and _cancelled_since(before, HEEDS_CANCEL_IN_FAILURE):
            raise asyncio.CancelledError from error
        raise
    if _cancelled_since(before, HEEDS_CANCEL):
        raise asyncio.CancelledError


def _cancelled_since(before: str | None, patch: str) -> bool:
    return before is None and workflow.cancellation_reason() is not None and workflow.patched(patch)
