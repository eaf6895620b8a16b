"""The worker's process as others see it: which one it is, how it is started, and how it is ended."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from archaeologist.errors import WorkerError
from archaeologist.temporal.detached import end_holder, process_id, start_alone
from archaeologist.temporal.settings import EMBEDDED
from archaeologist.temporal.state import held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.temporal.state import StateDirectory

NAME = "worker"
HOLDS_LOCK = "--holds-lock"
"""What tells a worker that the lock was taken for it."""

_PROGRAM = "archaeologist"
"""What stands on every worker's command line."""


def worker_process(state: StateDirectory) -> int | None:
    """Return the process id of the live worker; None when there is none or it cannot be told for sure."""
    return process_id(state.worker, NAME, _PROGRAM) if held(state.worker_lock) else None


def start_worker(state: StateDirectory, options: Sequence[str]) -> bool:
    """Start a worker unless one is alive; return whether it was started.

    Args:
        state: whose worker.
        options: further arguments of `archaeologist worker`.
    """
    words = ["worker", "--state-dir", str(state.path), HOLDS_LOCK, *options]
    return start_alone(
        [sys.executable, "-P", "-m", _PROGRAM, *words],
        lock=state.worker_lock,
        folder=state.worker,
        name=NAME,
        environment=os.environ,
        spent=[state.worker_note],
    )


def serves_elsewhere(state: StateDirectory) -> bool:
    """Return whether the worker works for another server than the embedded one, as far as it has said so."""
    try:
        note = json.loads(state.worker_note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return not str(note.get("serves", EMBEDDED)).startswith(EMBEDDED)


def end_worker(state: StateDirectory) -> bool:
    """End the live worker; what it was at is done by the next one.

    Returns:
        Whether there was one. Its lock is free afterwards.

    Raises:
        WorkerError: it does not end, or its process cannot be told.
    """
    if not held(state.worker_lock):
        return False
    if not end_holder(state.worker_lock, lambda: worker_process(state)):
        raise WorkerError(
            f"the worker of {state.path} does not end",
            hint=f"find it with `lsof {state.worker_lock}` and end it by hand",
        )
    return True
