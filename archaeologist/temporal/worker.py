"""A Temporal worker as this program wants it: a dead one is noticed at once, and a living one never taken for dead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from temporalio.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from temporalio.client import Client

STICKY_TIMEOUT = timedelta(seconds=1)
"""How long a task waits for a worker that may be dead; the default of 10 s is what makes a recovery look slow."""


def worker_of(
    client: Client, queue: str, workflow: type, activities: Sequence[Callable[..., Any]], *, at_once: int
) -> Worker:
    """Return a worker that serves a task queue within an `async with` block.

    Args:
        client: connected with the project's plugin.
        queue: the task queue.
        workflow: the one workflow that the queue has.
        activities: what the queue's steps are done by.
        at_once: steps at once.
    """
    return Worker(
        client,
        task_queue=queue,
        workflows=[workflow],
        activities=activities,
        max_concurrent_activities=at_once,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        # Beats are sent at 80 % of the timeout otherwise, which a busy machine turns into a false alarm.
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        graceful_shutdown_timeout=timedelta(seconds=0),
    )
