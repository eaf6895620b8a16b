"""The screens over a run that goes on while its worker is killed: what is said, and what a key brings back."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.turns.attempt import HEARTBEAT_SECONDS
from archaeologist.boundaries import VARIABLE
from archaeologist.errors import RunError, ServerError
from archaeologist.pipeline import controls
from archaeologist.pipeline.controls import LiveControls
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.embedded import server_process
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from support.changed import changed_copy
from support.commandline import CommandLine
from support.embedded import kill_server, kill_worker, scratch_state, wait_until
from support.model_replies import Reply
from support.model_server import ModelServer
from support.repositories import git, make_repository
from support.screens import screens, until_shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.domain.events import RunLine
    from archaeologist.temporal.state import StateDirectory
    from archaeologist_tui.app import Left

SEEN_WITHIN = 10.0
"""Seconds after which a dead worker has to be told of."""


@dataclass(frozen=True)
class Live:
    """A run at work on a server of its own, and what the screens need of it."""

    state: StateDirectory
    program: CommandLine
    repository: Path
    source: LiveSource
    controls: LiveControls
    run: RunLine

    def shown(self) -> AbstractAsyncContextManager[Pilot[Left]]:
        """Give the screen of the run."""
        return screens(self.source, run=self.run, controls=self.controls)


@asynccontextmanager
async def begun(tmp_path: Path, *options: str, **variables: str) -> AsyncIterator[Live]:
    """Begin a run of the small inventory, and give it."""
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state, **variables)
        repository = make_repository("inventory", tmp_path / "inventory")
        started = program.run("modernize", repository, "--no-tests", "--branch", "modern", "--detach", *options)
        assert started.code == 0, started.stderr
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source = LiveSource(client, state.artefacts)
        (run,) = await source.runs()
        yield Live(state, program, repository, source, LiveControls(client, state, ServerSettings()), run)


@pytest.fixture
def boundaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds a run right after its first commit, until it is removed."""
    folder = tmp_path / "boundaries"
    folder.mkdir()
    (folder / "commit-after").touch()
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def wait_for_commit(boundaries: Path) -> None:
    """Wait until the first commit is made."""
    wait_until(lambda: any(boundaries.glob("commit-after.hit-*")), "the first commit")


async def test_a_killed_worker_is_told_of_and_a_key_starts_another_one(tmp_path: Path, boundaries: Path) -> None:
    async with begun(tmp_path, **{VARIABLE: str(boundaries)}) as live:
        wait_for_commit(boundaries)
        async with live.shown() as pilot:
            assert "commit: " in await until_shown(pilot, "▸ run  modernizer")
            kill_worker(live.state)
            told = await until_shown(pilot, "no worker is alive", SEEN_WITHIN)
            assert "in flight: modernizer commit-rewrite-" in told
            assert "press R to start one" in told
            shutil.rmtree(boundaries)
            await pilot.press("R")
            done = await until_shown(pilot, "✓ DONE", 60.0)
            assert "no worker is alive" not in done
            await pilot.press("t")
            assert "modernize 12 files" in await until_shown(pilot, "Modernized for Python")


async def test_a_run_that_is_paused_and_one_that_is_given_up_on_the_screen_go_on_there(
    tmp_path: Path, boundaries: Path
) -> None:
    async with (
        begun(tmp_path, "--approve", "plan", **{VARIABLE: str(boundaries)}) as live,
        screens(live.source, controls=live.controls) as pilot,
    ):
        await until_shown(pilot, "plan waits for an approval")
        await pilot.press("p")
        await until_shown(pilot, "waits for your answer: plan")
        await pilot.press("enter")
        await until_shown(pilot, "a allows it")
        await pilot.press("a")
        wait_for_commit(boundaries)
        await until_shown(pilot, "p Pause")
        await pilot.press("p")
        await until_shown(pilot, "pauses before its next step")
        shutil.rmtree(boundaries)
        await until_shown(pilot, "the run is paused, as a person asked for it", 60.0)
        await pilot.press("x")
        await until_shown(pilot, "Give up run")
        await pilot.press("y")
        await until_shown(pilot, "CANCELLED", 60.0)
        await pilot.press("p")
        await until_shown(pilot, "Make it go on where it was?")
        await pilot.press("y")
        await until_shown(pilot, "✓ DONE", 90.0)


async def test_code_that_fails_over_and_over_is_told_of_and_a_worker_with_other_code_goes_on(tmp_path: Path) -> None:
    sweeps = "made = brief.thinking.made or await self._sweep(brief)"
    broken = {"agents/modernizer/workflow.py": (sweeps, "raise RuntimeError('a mistake in this version')")}
    path = str(changed_copy(tmp_path / "broken", broken))
    async with begun(tmp_path, PYTHONPATH=path) as live, live.shown() as pilot:
        told = await until_shown(pilot, "the code of the modernizer fails: a mistake in this version", 60.0)
        assert "nothing that was done is lost" in told
        assert f"`archaeologist cancel --force {live.run.run_id}` gives the run up" in told
        kill_worker(live.state)
        await until_shown(pilot, "press R to start one", SEEN_WITHIN)
        await pilot.press("R")
        assert "a mistake" not in await until_shown(pilot, "✓ DONE", 90.0)


async def test_a_server_that_is_gone_is_told_of_and_a_key_starts_it_and_the_run_goes_on(tmp_path: Path) -> None:
    async with begun(tmp_path, "--approve", "plan") as live, live.shown() as pilot:
        await until_shown(pilot, "plan waits for you")
        kill_server(live.state)
        told = await until_shown(pilot, "the server is gone; what is done is kept: ", SEEN_WITHIN)
        assert "press R to start it again" in told
        with pytest.raises(ServerError, match="the server is gone, and the run stands still"):
            await live.controls.pause(live.run)
        await pilot.press("R")
        await until_shown(pilot, "server and worker are there", 60.0)
        await until_shown(pilot, "plan waits for you")
        await pilot.press("a")
        await until_shown(pilot, "✓ DONE", 90.0)


async def test_a_model_that_fails_is_told_of_with_what_a_person_can_do(tmp_path: Path) -> None:
    # As long as an attempt that lives says so, which tells nothing of what a model writes.
    failing = Reply.slow(Reply.status(HTTPStatus.BAD_GATEWAY, "no upstream"), HEARTBEAT_SECONDS + 0.5)
    with ModelServer(lambda _: failing) as server:
        async with begun(tmp_path, "--model", server.model) as live, live.shown() as pilot:
            told = await until_shown(pilot, "the model does not answer: archaeologist reading the code, turn 1", 60.0)
            assert "refused with status 502: no upstream" in told
            assert "it is tried again by itself, and what is done is kept" in told
            assert "see that the model answers there; p pauses the run meanwhile, x gives it up" in told
            await pilot.press("x")
            await until_shown(pilot, "Give up run")
            await pilot.press("y")
            assert "does not answer" not in await until_shown(pilot, "CANCELLED", 60.0)


async def test_an_answer_to_a_run_whose_server_is_gone_starts_it_and_says_so(tmp_path: Path) -> None:
    async with begun(tmp_path, "--approve", "plan") as live, live.shown() as pilot:
        await until_shown(pilot, "plan waits for you")
        kill_server(live.state)
        await until_shown(pilot, "the server is gone", SEEN_WITHIN)
        await pilot.press("a")
        await until_shown(pilot, "starting what is gone")
        await until_shown(pilot, "✓ DONE", 90.0)


async def test_a_server_that_hangs_is_not_waited_for_for_ever(
    tmp_path: Path, boundaries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "ANSWER_SECONDS", 0.5)
    async with begun(tmp_path, **{VARIABLE: str(boundaries)}) as live, live.shown() as pilot:
        await until_shown(pilot, "p Pause")
        hanging = server_process(live.state)
        assert hanging is not None
        os.kill(hanging, signal.SIGSTOP)
        try:
            await pilot.press("p")
            told = await until_shown(pilot, "there was no answer in 0.5 s")
            assert "what was asked may" in told
        finally:
            os.kill(hanging, signal.SIGCONT)
        shutil.rmtree(boundaries)
        await until_shown(pilot, "✓ DONE", 90.0)


async def test_what_was_decided_elsewhere_is_seen_and_what_is_decided_here_counts(tmp_path: Path) -> None:
    async with begun(tmp_path, "--approve", "phase") as live, live.shown() as pilot:
        await until_shown(pilot, "waits for you")
        await pilot.press("1", "a")
        asked = await until_shown(pilot, "rewrite waits for you", 60.0)
        assert "r refuses it with a reason" in asked
        # Another answer to the first question answers no other: the rewrite still waits.
        with pytest.raises(RunError, match="nothing called plan waits for an approval"):
            await live.controls.decide(live.run, None, "plan")
        allowed = await asyncio.to_thread(live.program.run, "approve", live.run.run_id)
        assert allowed.code == 0, allowed.stderr
        await until_shown(pilot, "document waits for you", 60.0)
        await pilot.press("r")
        await until_shown(pilot, "Why not?")
        await pilot.press(*"later", "enter")
        done = await until_shown(pilot, "✓ DONE", 90.0)
        assert "documenter" in done
        branch = git(live.repository, "log", "--format=%s", "modern")
        assert "Drop the base class object" in branch
        assert "Document modules" not in branch


async def test_a_run_that_somebody_makes_go_on_elsewhere_is_followed_on(tmp_path: Path) -> None:
    async with begun(tmp_path, "--approve", "plan") as live, live.shown() as pilot:
        await until_shown(pilot, "plan waits for you")
        await pilot.press("x")
        await until_shown(pilot, "Give up run")
        await pilot.press("y")
        await until_shown(pilot, "CANCELLED", 60.0)
        resumed = await asyncio.to_thread(live.program.run, "resume", live.run.run_id, "--detach")
        assert resumed.code == 0, resumed.stderr
        await until_shown(pilot, "plan waits for you", 60.0)
        await pilot.press("a")
        await until_shown(pilot, "✓ DONE", 90.0)
