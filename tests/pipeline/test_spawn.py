from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import WorkerError
from archaeologist.pipeline.keys import lacks, marks_of
from archaeologist.pipeline.spawn import ensure_worker
from archaeologist.temporal.state import FileLock, StateDirectory
from support.embedded import scratch_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = "the embedded server, namespace archaeologist"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDirectory]:
    """Give a state directory with a living worker."""
    with scratch_state(tmp_path / "state") as state:
        lock = FileLock(state.worker_lock)
        assert lock.acquire()
        yield state
        lock.release()


def note(state: StateDirectory, status: str, serves: str = HERE) -> None:
    text = {"pid": 1, "status": status, "version": "0", "serves": serves, "message": "no", "hint": "do"}
    state.worker_note.write_text(json.dumps(text))


def test_a_ready_worker_is_not_started_again(state: StateDirectory) -> None:
    note(state, "ready")
    assert ensure_worker(state, HERE) is False


def test_a_worker_of_another_server_is_not_waited_for(state: StateDirectory) -> None:
    note(state, "ready", "the server at other:7233, namespace default")
    with pytest.raises(WorkerError, match="works for the server at other:7233") as refused:
        ensure_worker(state, HERE)
    assert "--state-dir" in refused.value.hint


def test_keys_are_told_apart_without_being_written_down() -> None:
    marks = marks_of({"OPENAI_API_KEY": "secret", "HOME": "/h"})
    assert set(marks) == {"OPENAI_API_KEY"}
    assert "secret" not in str(marks)
    assert marks != marks_of({"OPENAI_API_KEY": "secret"})
    assert not lacks(marks, {"OPENAI_API_KEY": "secret"})
    assert not lacks(marks, {"OPENAI_API_KEY": ""})
    assert lacks(marks, {"OPENAI_API_KEY": "other"})
    assert lacks(marks, {"ARCHAEOLOGIST_API_KEY": "secret"})


def test_a_refusal_is_passed_on(state: StateDirectory) -> None:
    note(state, "refused")
    with pytest.raises(WorkerError, match="no") as refused:
        ensure_worker(state, HERE)
    assert refused.value.hint == "do"
