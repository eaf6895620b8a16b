"""The screens over a run that goes on while its worker is killed: what is said, and what a key brings back."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from archaeologist.boundaries import VARIABLE
from archaeologist.errors import RunError
from archaeologist.pipeline.controls import LiveControls
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from support.changed import changed_copy
from support.commandline import CommandLine
from support.embedded import kill_server, kill_worker, scratch_state, wait_until
from support.repositories import git, make_repository
from support.screens import screens, until_shown

if TYPE_CHECKING:
    from pathlib import Path

SEEN_WITHIN = 10.0
"""Seconds after which a dead worker has to be told of."""


async def test_a_killed_worker_is_told_of_and_a_key_starts_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boundaries = tmp_path / "boundaries"
    boundaries.mkdir()
    (boundaries / "commit-after").touch()
    monkeypatch.setenv(VARIABLE, str(boundaries))
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state, **{VARIABLE: str(boundaries)})
        repository = make_repository("inventory", tmp_path / "inventory")
        started = program.run("modernize", repository, "--no-tests", "--branch", "modern", "--detach")
        assert started.code == 0, started.stderr
        wait_until(lambda: any(boundaries.glob("commit-after.hit-*")), "the first commit")
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source = LiveSource(client, state.artefacts)
        controls = LiveControls(client, state, ServerSettings())
        (run,) = await source.runs()
        async with screens(source, run=run, controls=controls) as pilot:
            assert "commit: " in await until_shown(pilot, "▸ run  modernizer")
            kill_worker(state)
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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boundaries = tmp_path / "boundaries"
    boundaries.mkdir()
    (boundaries / "commit-after").touch()
    monkeypatch.setenv(VARIABLE, str(boundaries))
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state, **{VARIABLE: str(boundaries)})
        repository = make_repository("inventory", tmp_path / "inventory")
        options = ("--no-tests", "--branch", "modern", "--approve", "plan", "--detach")
        assert program.run("modernize", repository, *options).code == 0
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source, controls = LiveSource(client, state.artefacts), LiveControls(client, state, ServerSettings())
        async with screens(source, controls=controls) as pilot:
            await until_shown(pilot, "plan waits for an approval")
            await pilot.press("p")
            await until_shown(pilot, "waits for your answer: plan")
            await pilot.press("enter")
            await until_shown(pilot, "a allows it")
            await pilot.press("a")
            wait_until(lambda: any(boundaries.glob("commit-after.hit-*")), "the first commit")
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
            await until_shown(pilot, "the run is paused, as a person asked for it", 60.0)
            await pilot.press("p")
            await until_shown(pilot, "✓ DONE", 90.0)


async def test_code_that_fails_over_and_over_is_told_of_and_a_worker_with_other_code_goes_on(tmp_path: Path) -> None:
    sweeps = "made = brief.thinking.made or await self._sweep(brief)"
    broken = {"agents/modernizer/workflow.py": (sweeps, "raise RuntimeError('a mistake in this version')")}
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        repository = make_repository("inventory", tmp_path / "inventory")
        path = str(changed_copy(tmp_path / "broken", broken))
        options = ("--no-tests", "--branch", "modern", "--detach")
        started = program.run("modernize", repository, *options, PYTHONPATH=path)
        assert started.code == 0, started.stderr
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source, controls = LiveSource(client, state.artefacts), LiveControls(client, state, ServerSettings())
        (run,) = await source.runs()
        async with screens(source, run=run, controls=controls) as pilot:
            told = await until_shown(pilot, "the code of the modernizer fails: a mistake in this version", 60.0)
            assert "nothing that was done is lost" in told
            assert f"`archaeologist cancel --force {run.run_id}` gives the run up" in told
            kill_worker(state)
            await until_shown(pilot, "press R to start one", SEEN_WITHIN)
            await pilot.press("R")
            assert "a mistake" not in await until_shown(pilot, "✓ DONE", 90.0)


async def test_a_server_that_is_gone_is_told_of_and_a_key_starts_it_and_the_run_goes_on(tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        repository = make_repository("inventory", tmp_path / "inventory")
        options = ("--no-tests", "--branch", "modern", "--approve", "plan", "--detach")
        assert program.run("modernize", repository, *options).code == 0
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source, controls = LiveSource(client, state.artefacts), LiveControls(client, state, ServerSettings())
        (run,) = await source.runs()
        async with screens(source, run=run, controls=controls) as pilot:
            await until_shown(pilot, "plan waits for you")
            kill_server(state)
            told = await until_shown(pilot, "the server is gone; what is done is kept: ", SEEN_WITHIN)
            assert "press R to start it again" in told
            await pilot.press("R")
            await until_shown(pilot, "server and worker are there", 60.0)
            await until_shown(pilot, "plan waits for you")
            await pilot.press("a")
            await until_shown(pilot, "✓ DONE", 90.0)


async def test_what_was_decided_elsewhere_is_seen_and_what_is_decided_here_counts(tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        repository = make_repository("inventory", tmp_path / "inventory")
        options = ("--no-tests", "--branch", "modern", "--approve", "phase", "--detach")
        started = program.run("modernize", repository, *options)
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source, controls = LiveSource(client, state.artefacts), LiveControls(client, state, ServerSettings())
        (run,) = await source.runs()
        async with screens(source, run=run, controls=controls) as pilot:
            await until_shown(pilot, "waits for you")
            await pilot.press("1", "a")
            asked = await until_shown(pilot, "rewrite waits for you", 60.0)
            assert "r refuses it with a reason" in asked
            # Another answer to the first question answers no other: the rewrite still waits.
            with pytest.raises(RunError, match="nothing called plan waits for an approval"):
                await controls.decide(run, None, "plan")
            allowed = await asyncio.to_thread(program.run, "approve", started.stdout.strip())
            assert allowed.code == 0, allowed.stderr
            await until_shown(pilot, "document waits for you", 60.0)
            await pilot.press("r")
            await until_shown(pilot, "Why not? The agent reads it")
            await pilot.press(*"later", "enter")
            done = await until_shown(pilot, "✓ DONE", 90.0)
            assert "documenter" in done
        branch = git(repository, "log", "--format=%s", "modern")
        assert "Drop the base class object" in branch
        assert "Document modules" not in branch


async def test_a_run_that_somebody_makes_go_on_elsewhere_is_followed_on(tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        repository = make_repository("inventory", tmp_path / "inventory")
        options = ("--no-tests", "--branch", "modern", "--approve", "plan", "--detach")
        run_id = program.run("modernize", repository, *options).stdout.strip()
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        source, controls = LiveSource(client, state.artefacts), LiveControls(client, state, ServerSettings())
        (run,) = await source.runs()
        async with screens(source, run=run, controls=controls) as pilot:
            await until_shown(pilot, "plan waits for you")
            await pilot.press("x")
            await until_shown(pilot, "Give up run")
            await pilot.press("y")
            told = await until_shown(pilot, "CANCELLED", 60.0)
            assert "git -C" in await until_shown(pilot, "branch -D modern"), told
            resumed = await asyncio.to_thread(program.run, "resume", run_id, "--detach")
            assert resumed.code == 0, resumed.stderr
            await until_shown(pilot, "plan waits for you", 60.0)
            await pilot.press("a")
            await until_shown(pilot, "✓ DONE", 90.0)
