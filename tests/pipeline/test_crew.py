"""The child processes: they are replaced when they die, and none outlives its worker."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from archaeologist.agents.turns.attempt import HandLost, StepFault
from archaeologist.domain.names import Step
from archaeologist.domain.run import RunRequest, RunScope
from archaeologist.domain.steps import CleanUp, OpenOrder
from archaeologist.pipeline.crew import Crew
from archaeologist.temporal.state import open_state
from support.embedded import wait_until
from support.repositories import git, make_repository

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    state = open_state(tmp_path / "state")
    crew = Crew(state.path, 2, state.worker_log)
    yield crew
    await crew.close()


def scope(repository: Path) -> RunScope:
    return RunScope(
        run_id="r1",
        root=str(repository),
        git_dir=str(repository / ".git"),
        base=git(repository, "rev-parse", "HEAD") if repository.exists() else "0" * 40,
        branch="modern",
        date="0 +0000",
        author_name="A",
        author_email="a@b.invalid",
    )


def open_order(run: RunScope) -> str:
    request = RunRequest(run=run, version="0", target="py38", target_origin="test")
    return OpenOrder(run=run, request=request).model_dump_json()


async def test_does_a_step(crew: Crew, tmp_path: Path) -> None:
    run = scope(make_repository("inventory", tmp_path / "inventory"))
    opened = json.loads(await crew.do(Step.OPEN, open_order(run)))
    assert opened["files"] == 12


async def test_a_terminal_error_is_not_retryable_and_keeps_its_hint(crew: Crew, tmp_path: Path) -> None:
    with pytest.raises(StepFault) as fault:
        await crew.do(Step.OPEN, open_order(scope(tmp_path / "gone")))
    assert fault.value.kind == "RepositoryGone"
    assert not fault.value.retryable
    assert "archaeologist resume" in fault.value.hint


async def test_a_child_that_is_killed_is_replaced(crew: Crew, tmp_path: Path) -> None:
    order = CleanUp(run=scope(tmp_path / "gone")).model_dump_json()
    await crew.do(Step.CLEAN_UP, order)
    (child,) = children()
    child.suspend()
    doing = asyncio.create_task(crew.do(Step.CLEAN_UP, order))
    await asyncio.sleep(0)
    child.send_signal(signal.SIGKILL)
    with pytest.raises(HandLost):
        await doing
    assert json.loads(await crew.do(Step.CLEAN_UP, order)) == {"removed": 0}


async def test_cancelling_a_step_kills_its_child(crew: Crew, tmp_path: Path) -> None:
    order = CleanUp(run=scope(tmp_path / "gone")).model_dump_json()
    await crew.do(Step.CLEAN_UP, order)
    (child,) = children()
    child.suspend()
    doing = asyncio.create_task(crew.do(Step.CLEAN_UP, order))
    await asyncio.sleep(0)
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doing
    await asyncio.to_thread(wait_until, lambda: child not in children(), "the child is gone")


def children() -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [
        child
        for child in found
        if child.status() != psutil.STATUS_ZOMBIE and "archaeologist.agents.steps.bench" in " ".join(child.cmdline())
    ]


def test_a_child_ends_with_its_worker(tmp_path: Path) -> None:
    """The end of standard input is all that a killed worker leaves to be noticed."""
    state = open_state(tmp_path / "state")
    child = subprocess.Popen(
        [sys.executable, "-m", "archaeologist.agents.steps.bench", str(state.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child.communicate(timeout=20)
    assert child.returncode == 0
