"""Embedded servers in tests: a state directory whose processes are all gone when the test ends."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psutil

from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.embedded import server_process
from archaeologist.temporal.state import StateDirectory, open_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DEADLINE_SECONDS = 20.0


@contextmanager
def scratch_state(path: Path) -> Iterator[StateDirectory]:
    """Give a state directory; every process that names it on its command line is killed afterwards."""
    state = open_state(path)
    try:
        yield state
    finally:
        kill_all(state)


def processes(state: StateDirectory, name: str = "") -> list[psutil.Process]:
    """Return the live processes that name the state directory and `name` on their command lines."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            line = " ".join(process.cmdline())
            if str(state.path) in line and name in line and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def kill_all(state: StateDirectory) -> None:
    """Kill every process of the state directory."""
    for process in processes(state):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    wait_until(lambda: not processes(state), "the killed processes are gone")


def kill_worker(state: StateDirectory) -> None:
    """Kill the worker and the processes that do its steps; fail when there is none."""
    assert worker_status(state).alive
    for name in ("archaeologist worker", "archaeologist.agents.steps.bench"):
        for process in processes(state, name):
            with suppress(psutil.NoSuchProcess):
                process.kill()


def kill_server(state: StateDirectory) -> None:
    """Kill the server and its keeper; fail when there is none."""
    server = server_process(state)
    assert server is not None
    for process in [psutil.Process(server), *processes(state, "keeper")]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    """Wait for an event that another process brings about; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain until {what}")
        time.sleep(0.01)
