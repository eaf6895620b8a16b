"""Makes sure that a worker is at work for a state directory."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.errors import WorkerError
from archaeologist.pipeline.keys import lacks
from archaeologist.temporal.state import held
from archaeologist.temporal.workers import end_worker, start_worker, worker_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.temporal.state import StateDirectory

READY_SECONDS = 30.0
_POLL_SECONDS = 0.02


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
    alive = held(state.worker_lock)  # before what it said: its last word is a refusal
    try:
        note = json.loads(state.worker_note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        note = {}
    return WorkerStatus(
        alive=alive,
        pid=worker_process(state),
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
    _end_one_without_our_keys(state)
    started = start_worker(state, options)
    _await_ready(state, serves)
    return started


def _end_one_without_our_keys(state: StateDirectory) -> None:
    """End a worker that could not ask a model as this environment can; its runs go on with the next one."""
    status = worker_status(state)
    if status.alive and status.status == "ready" and lacks(status.keys, os.environ):
        end_worker(state)


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
        if not status.alive:
            break
        time.sleep(_POLL_SECONDS)
    raise WorkerError("the worker did not become ready", hint=f"see {state.worker_log}")
