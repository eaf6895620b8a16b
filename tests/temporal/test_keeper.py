from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
from temporalio.client import Client

from archaeologist.temporal import embedded
from archaeologist.temporal.keeper import keeper_lock
from archaeologist.temporal.server import ensure_server
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import FileLock, held
from support.embedded import processes, scratch_state, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.temporal.state import StateDirectory

SHORT = ServerSettings(idle_seconds=0.4, headless=True)
LONG_ENOUGH = 1.6
"""Seconds, several idle times: a keeper that ignored what keeps the server would have ended it."""


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path / "state") as opened:
        yield opened


def stays_alive(state: StateDirectory) -> bool:
    deadline = time.monotonic() + LONG_ENOUGH
    while time.monotonic() < deadline:
        if not embedded.is_alive(state):
            return False
        time.sleep(0.02)
    return True


def test_an_unused_server_and_its_keeper_leave(state: StateDirectory) -> None:
    ensure_server(state, SHORT)
    wait_until(lambda: not held(keeper_lock(state)), "the keeper is gone, which goes last")
    assert not embedded.is_alive(state)
    assert ensure_server(state, SHORT).pid


async def test_a_server_with_an_open_workflow_stays_in_any_namespace_until_it_is_closed(state: StateDirectory) -> None:
    address = ensure_server(state, SHORT).address
    client = await Client.connect(address, namespace="default")
    handle = await client.start_workflow("orchestrator", id="run", task_queue="nobody")
    assert stays_alive(state)
    await handle.terminate()
    wait_until(lambda: not processes(state), "server and keeper are gone")


def test_a_server_with_a_live_worker_stays(state: StateDirectory) -> None:
    worker = FileLock(state.worker_lock)
    assert worker.acquire()
    ensure_server(state, SHORT)
    assert stays_alive(state)
    worker.release()
    wait_until(lambda: not processes(state), "server and keeper are gone")


def test_asking_for_the_server_counts_as_use(state: StateDirectory) -> None:
    first = ensure_server(state, SHORT)
    deadline = time.monotonic() + LONG_ENOUGH
    while time.monotonic() < deadline:
        assert ensure_server(state, SHORT) == first
        time.sleep(0.05)
    wait_until(lambda: not embedded.is_alive(state), "the server that nobody asks for any more is gone")


def test_a_server_that_cannot_be_asked_counts_as_needed(state: StateDirectory) -> None:
    pid = ensure_server(state, SHORT).pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    assert stays_alive(state)


def test_the_keeper_of_a_killed_server_leaves(state: StateDirectory) -> None:
    pid = ensure_server(state, ServerSettings(headless=True)).pid
    assert pid
    assert len(processes(state, "temporal.keeper")) == 1
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes(state), "the keeper is gone, too")


def test_a_killed_keeper_is_replaced(state: StateDirectory) -> None:
    ensure_server(state, SHORT)
    for process in processes(state, "temporal.keeper"):
        process.kill()
    wait_until(lambda: not held(keeper_lock(state)), "the keeper is gone")
    ensure_server(state, SHORT)
    assert held(keeper_lock(state))


def test_no_idle_time_means_no_keeper(state: StateDirectory) -> None:
    ensure_server(state, ServerSettings(idle_seconds=0, headless=True))
    assert not held(keeper_lock(state))
