"""Makes sure that a worker is at work for a state directory."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.errors import WorkerError
from archaeologist.temporal.detached import process_id, start_detached
from archaeologist.temporal.state import held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.temporal.state import StateDirectory

READY_SECONDS = 30.0
_POLL_SECONDS = 0.02
_START_SECONDS = 5.0


@dataclass(frozen=True)
class WorkerStatus:
    """What the worker of a state directory said last."""

    alive: bool
    pid: int | None
    status: str
    version: str
    serves: str
    message: str
    hint: str


def worker_status(state: StateDirectory) -> WorkerStatus:
    """Look at the worker without starting or changing anything."""
    try:
        note = json.loads(state.worker_note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        note = {}
    return WorkerStatus(
        alive=held(state.worker_lock),
        pid=note.get("pid"),
        status=note.get("status", ""),
        version=note.get("version", ""),
        serves=note.get("serves", ""),
        message=note.get("message", ""),
        hint=note.get("hint", ""),
    )


def ensure_worker(state: StateDirectory, serves: str, options: Sequence[str] = ()) -> bool:
    """Return once a worker is ready, started detached when none was alive.

    Args:
        state: whose worker.
        serves: the server it must work for, in words.
        options: further arguments of `archaeologist worker`, such as the server's address.

    Returns:
        whether it was started here.

    Raises:
        WorkerError: it refused an open run, works for another server, or did not become ready.
    """
    started = False
    if not held(state.worker_lock):
        state.worker_note.unlink(missing_ok=True)
        command = [sys.executable, "-P", "-m", "archaeologist", "worker", "--state-dir", str(state.path), *options]
        start_detached(command, folder=state.worker, name="worker", environment=os.environ)
        started = True
    _await_ready(state, serves)
    return started


def _await_ready(state: StateDirectory, serves: str) -> None:
    start = time.monotonic()
    while time.monotonic() - start < READY_SECONDS:
        status = worker_status(state)
        if status.status == "refused":
            raise WorkerError(status.message, hint=status.hint)
        if status.alive and status.status == "ready":
            if status.serves == serves:
                return
            raise WorkerError(
                f"the worker of {state.path} works for {status.serves}, not for {serves}",
                hint=f"end it with `kill {status.pid}`, or give each server its own `--state-dir`",
            )
        gone = not status.alive and process_id(state.worker, "worker", str(state.path)) is None
        if gone and time.monotonic() - start > _START_SECONDS:
            break
        time.sleep(_POLL_SECONDS)
    raise WorkerError("the worker did not become ready", hint=f"see {state.worker_log}")
