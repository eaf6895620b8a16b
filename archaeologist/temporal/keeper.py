"""The keeper: a small detached process that ends the embedded server when nothing needs it any more.

    python -m archaeologist.temporal.keeper STATE --idle-seconds 1800

A server with an open workflow or a live worker is never ended. This module imports the standard library only, because
its process stays in memory as long as the server does.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.errors import ServerError
from archaeologist.temporal.detached import end_holder, process_id, start_alone
from archaeologist.temporal.embedded import exclusive, is_alive, remembered_ports, terminate, use_mark
from archaeologist.temporal.frontend import Frontend
from archaeologist.temporal.state import StateDirectory, held

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "keeper"

_LOOK_SECONDS = 1.0
_ASK_SECONDS = 30.0


def keeper_lock(state: StateDirectory) -> Path:
    """Return the lock that a live keeper holds."""
    return state.server / "keeper.lock"


def start_keeper(state: StateDirectory, idle_seconds: float) -> None:
    """Start a keeper unless one is alive."""
    command = [sys.executable, "-P", "-m", __name__, str(state.path), "--idle-seconds", str(idle_seconds)]
    start_alone(command, lock=keeper_lock(state), folder=state.server, name=NAME)


def end_keeper(state: StateDirectory) -> None:
    """End the keeper now, instead of when it sees that the server is gone."""
    end_holder(keeper_lock(state), lambda: process_id(state.server, NAME, str(state.path)))


def keep(state: StateDirectory, idle_seconds: float) -> None:
    """Watch the server until it is gone, and end it after that many seconds without use."""
    ask_seconds = min(_ASK_SECONDS, idle_seconds / 4)
    used, busy_at, asked_at = _used(state), time.monotonic(), time.monotonic()
    while is_alive(state):
        time.sleep(min(_LOOK_SECONDS, ask_seconds))
        now = time.monotonic()
        if _used(state) != used:
            used, busy_at = _used(state), now
        elif now - asked_at >= ask_seconds:
            asked_at = now
            busy_at = now if _is_needed(state) else busy_at
        if now - busy_at >= idle_seconds:
            if _end_if_unused(state, used):
                break
            busy_at = now


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the keeper's command line; return the exit code."""
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("--idle-seconds", type=float, required=True)
    options = parser.parse_args(arguments)
    keep(StateDirectory(options.state), options.idle_seconds)
    return 0


def _end_if_unused(state: StateDirectory, used: int) -> bool:
    """Look once more while nobody can attach, then end the server; return whether it is gone."""
    try:
        with exclusive(state):
            if _used(state) != used or _is_needed(state):
                return False
            terminate(state)
    except ServerError:
        return False
    return True


def _is_needed(state: StateDirectory) -> bool:
    """Return whether a worker lives or a workflow is open; a server that cannot be asked counts as needed."""
    if held(state.worker_lock):
        return True
    ports = remembered_ports(state)
    try:
        return ports is None or Frontend(ports.http).open_workflows() > 0
    except ServerError:
        return True


def _used(state: StateDirectory) -> int:
    try:
        return use_mark(state).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
