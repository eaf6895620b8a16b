from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import WorkerError
from archaeologist.temporal.server import Stopped, ensure_server, stop_server
from archaeologist.temporal.settings import EMBEDDED, ServerSettings
from archaeologist.temporal.state import FileLock, StateDirectory, held
from archaeologist.temporal.workers import start_worker
from support.embedded import processes, scratch_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path / "state") as state:
        yield state


def test_a_worker_that_has_only_just_begun_is_stopped_and_starts_no_server_again(state: StateDirectory) -> None:
    """It starts a server when there is none, so it must not be overlooked before it has said anything."""
    ensure_server(state, ServerSettings(headless=True, idle_seconds=0))
    assert start_worker(state, [])
    assert stop_server(state) == Stopped(server=True, worker=True)
    assert not processes(state)


def test_of_starters_that_race_one_starts_a_worker(state: StateDirectory) -> None:
    state.worker_note.write_text("{}")
    assert start_worker(state, [])
    assert not state.worker_note.exists()
    assert not start_worker(state, [])
    assert stop_server(state).worker
    assert not held(state.worker_lock)


def test_a_worker_of_another_server_lives_on(state: StateDirectory) -> None:
    lock = FileLock(state.worker_lock)
    assert lock.acquire()
    state.worker_note.write_text(json.dumps({"serves": "the server at other:7233, namespace default"}))
    assert stop_server(state) == Stopped(server=False, worker=False)
    lock.release()


def test_a_worker_that_cannot_be_told_is_said(state: StateDirectory) -> None:
    lock = FileLock(state.worker_lock)
    assert lock.acquire()
    state.worker_note.write_text(json.dumps({"serves": f"{EMBEDDED}, namespace archaeologist"}))
    with pytest.raises(WorkerError, match="does not end") as refused:
        stop_server(state)
    assert "lsof" in refused.value.hint
    lock.release()
