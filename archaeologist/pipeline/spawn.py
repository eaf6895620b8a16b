"""Makes sure that a worker is at work for a state directory."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.errors import WorkerError
from archaeologist.pipeline.keys import lacks
from archaeologist.temporal.detached import process_id, start_detached
from archaeologist.temporal.state import held

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    keys: Mapping[str, str]


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
        keys=note.get("keys", {}),
    )


def ensure_worker(state: StateDirectory, serves: str, options: Sequence[str] = ()) -> bool:
    """Return once a worker is ready, started detached when none was alive, or when it lacks a key that is set here.

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
    _end_one_without_our_keys(state)
    if not held(state.worker_lock):
        state.worker_note.unlink(missing_ok=True)
        command = [sys.executable, "-P", "-m", "archaeologist", "worker", "--state-dir", str(state.path), *options]
        start_detached(command, folder=state.worker, name="worker", environment=os.environ)
        started = True
    _await_ready(state, serves)
    return started


def _end_one_without_our_keys(state: StateDirectory) -> None:
    """End a worker that could not ask a model as this environment can; its runs go on with the next one."""
    status = worker_status(state)
    if not (status.alive and status.pid and status.status == "ready" and lacks(status.keys, os.environ)):
        return
    with suppress(ProcessLookupError):
        os.kill(status.pid, signal.SIGTERM)
    deadline = time.monotonic() + READY_SECONDS
    while held(state.worker_lock) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


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
