"""What is killed, ended or changed in the middle goes on where it was, or is refused before anything is lost."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import archaeologist
from archaeologist.boundaries import VARIABLE
from archaeologist.cli import exits
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunLimits, RunState
from archaeologist.errors import RunError
from archaeologist.pipeline.executions import at_work
from archaeologist.pipeline.intake import Intake, find_repository, take_in
from archaeologist.pipeline.runs import cancel_run, find_run, pause_run, resume_run, start_run, wait_until_closed
from archaeologist.pipeline.source import LiveSource
from archaeologist.settings import load_settings
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import open_state
from support.changed import changed_copy
from support.commandline import CommandLine
from support.embedded import processes, scratch_state, wait_until
from support.projects import gated, project
from support.repositories import git, make_repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from temporalio.client import Client

    from archaeologist.domain.events import RunLine


def stopped_at(folder: Path, boundary: str) -> Path:
    """Order the next process that reaches a boundary to stop there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / boundary).touch()
    return folder


def begun(state: Path, run_id: str) -> Counter[str]:
    """Return how often each step of a run was begun."""
    lines = (state / "runs" / run_id / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return Counter(line["step"] for line in map(json.loads, lines) if line["event"] == "step began")


@pytest.fixture
def stopping(tmp_path: Path) -> Iterator[CommandLine]:
    """Give a program of its own whose processes stop at boundaries when told to."""
    with scratch_state(tmp_path / "state") as state:
        yield CommandLine.beside(state, **{VARIABLE: str(tmp_path / "boundaries")})


def test_a_run_given_up_by_force_goes_on_where_it_was(stopping: CommandLine, tmp_path: Path) -> None:
    """Resume resets a closed run: what was completed stays, the step in the middle is done again."""
    boundaries = stopped_at(tmp_path / "boundaries", "commit-before")
    repository = project(tmp_path / "project")
    run = stopping.run("modernize", repository, "--no-tests", "--branch", "modern", "--detach").stdout.strip()
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
    forced = stopping.run("cancel", run, "--yes", "--force")
    assert forced.code == exits.DONE, forced.stderr
    shutil.rmtree(boundaries)
    resumed = stopping.run("resume", run)
    assert resumed.code == exits.DONE, resumed.stderr
    counts = begun(stopping.state, run)
    assert counts["open"] == counts["survey-1"] == counts["ask-plan"] == 1
    assert git(repository, "log", "--format=%s", "modern").count("Use f-strings for % formatting") == 1


def test_a_run_that_goes_on_after_its_end_began_when_it_began_first(stopping: CommandLine, tmp_path: Path) -> None:
    """Wherever it is told; and among the runs of its repository it is meant again, whatever was begun since."""
    boundaries = stopped_at(tmp_path / "boundaries", "commit-before")
    repository = project(tmp_path / "project")
    words = ("modernize", repository, "--no-tests", "--detach")
    run = stopping.run(*words).stdout.strip()
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
    (began,) = stopping.run("runs", "list", "--json").records
    assert stopping.run("cancel", run, "--yes", "--force").code == exits.DONE
    stopped_at(boundaries, "commit-before")
    younger = stopping.run(*words).stdout.strip()
    assert stopping.run("cancel", younger, "--yes", "--force").code == exits.DONE
    stopped_at(boundaries, "commit-before")
    assert stopping.run("resume", run, "--detach").code == exits.DONE

    listed = stopping.run("runs", "list", "--json").records
    assert [line["run_id"] for line in listed] == [younger, run]
    assert listed[1]["workflow_run"] != began["workflow_run"]
    found = asyncio.run(found_in(stopping.state, began["workflow_id"]))
    assert {line.run_id for line in found} == {run}
    told = {listed[1]["started"], *(line.started.isoformat() for line in found)}
    assert told == {began["started"]} == {stopping.run("runs", "show", run, "--json").records[0]["started"]}


async def found_in(state: Path, workflow_id: str) -> tuple[RunLine, RunLine, RunLine]:
    """Return the run that is meant in a repository, as it is listed and as the server describes it."""
    client = await connect(ServerSettings(), open_state(state), start=False, plugins=[plugin()])
    source = LiveSource(client)
    found = await find_run(client, None, workflow_id)
    return found, await source.as_it_is(found), await source.latest(workflow_id)


def test_a_changed_workflow_is_refused_and_the_version_that_wrote_the_run_named(
    stopping: CommandLine, tmp_path: Path
) -> None:
    """A worker replays open runs before it takes them over."""
    changes = {
        "__init__.py": (archaeologist.__version__, "0.0.9"),
        "agents/orchestrator/workflow.py": ('name="open"', 'name="open-up"'),
    }
    other = changed_copy(tmp_path / "other", changes)
    older = replace(stopping, variables={**stopping.variables, "PYTHONPATH": str(other)})
    boundaries = stopped_at(tmp_path / "boundaries", "commit-before")
    repository = project(tmp_path / "project")
    run = older.run("modernize", repository, "--no-tests", "--branch", "modern", "--detach").stdout.strip()
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
    state = open_state(stopping.state)
    for process in processes(state, "archaeologist worker"):
        process.kill()
    wait_until(lambda: not processes(state, "archaeologist worker"), "the older worker is gone")
    shutil.rmtree(boundaries)
    refused = stopping.run("resume", run)
    assert refused.code == exits.CANNOT_RUN
    assert "0.0.9" in refused.stderr
    assert "hint: finish the run with version 0.0.9" in refused.stderr
    finished = older.run("resume", run)
    assert finished.code == exits.DONE, finished.stderr


def test_workflows_continue_as_new_and_histories_stay_small(program: CommandLine, tmp_path: Path) -> None:
    """With a low limit every agent that has batches starts new histories, and the result is the same."""
    repository = make_repository("inventory", tmp_path / "inventory")
    small = RunLimits(batch_bytes=4_000, history_events=20, parallel_batches=2)
    plain = program.run("modernize", repository, "--no-tests", "--branch", "plain")
    assert plain.code == exits.DONE, plain.stderr
    counts = asyncio.run(modernized(program.state, repository, small))
    assert git(repository, "rev-parse", "small^{tree}") == git(repository, "rev-parse", "plain^{tree}")
    assert counts[Role.ARCHAEOLOGIST] > 1
    assert counts[Role.MODERNIZER] > 1
    assert counts[Role.ORCHESTRATOR] == 1


async def modernized(state_path: Path, repository: Path, limits: RunLimits) -> dict[str, int]:
    """Modernize with other limits; return how many executions each agent needed."""
    state = open_state(state_path)
    client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
    location = find_repository(repository, init=False)
    intake = take_in(location, load_settings({"branch": "small"}, environment={}), ())
    request = intake.request.model_copy(update={"limits": limits})
    line, _ = await start_run(client, Intake(intake.location, request, intake.workflow_id))
    await wait_until_closed(client, line)
    return await executions(client, line.run_id)


async def executions(client: Client, run_id: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    async for execution in client.list_workflows():
        if (await execution.memo()).get("run") == run_id:
            counts[execution.workflow_type] = counts.get(execution.workflow_type, 0) + 1
    return counts


def test_a_paused_run_can_be_cancelled_while_its_tests_run(stopping: CommandLine, tmp_path: Path) -> None:
    """Cancelling ends everything, the project's tests included, and removes the private checkouts."""
    boundaries = stopped_at(tmp_path / "boundaries", "tests-running")
    repository = project(tmp_path / "project")
    run = stopping.run("modernize", repository, "--trust-tests", "--branch", "modern", "--detach").stdout.strip()
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the tests run")
    paused = stopping.run("pause", run)
    assert paused.code == exits.DONE, paused.stderr
    cancelled = stopping.run("cancel", run, "--yes")
    assert cancelled.code == exits.DONE, cancelled.stderr
    assert list((stopping.state / "worktrees").iterdir()) == []
    assert "cancelled" in stopping.run("runs", "list").stdout


def test_a_run_that_ends_before_it_is_told_says_so(program: CommandLine, tmp_path: Path) -> None:
    repository = make_repository("encodings", tmp_path / "encodings")
    done = program.run("modernize", repository, "--no-tests")
    assert done.code == exits.DONE, done.stderr

    async def told() -> None:
        state = open_state(program.state)
        client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
        seen_open = replace(await find_run(client, None), state=RunState.RUNNING)
        for word in (pause_run(client, seen_open), cancel_run(client, seen_open, force=True)):
            with pytest.raises(RunError, match="has just ended"):
                await word
        with pytest.raises(RunError, match="is done"):
            await resume_run(client, replace(seen_open, state=RunState.DONE))

    asyncio.run(told())


def test_a_run_given_up_in_a_pause_goes_on_as_it_was_told_last(stopping: CommandLine, tmp_path: Path) -> None:
    """What paused the execution that was given up does not pause the one that goes on; a raised budget stays."""
    boundaries = stopped_at(tmp_path / "boundaries", "commit-before")
    repository = project(tmp_path / "project")
    run = stopping.run("modernize", repository, "--no-tests", "--branch", "modern", "--detach").stdout.strip()
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
    for words in (("pause", run), ("budget", run, "--tokens", "1000"), ("resume", run, "--detach"), ("pause", run)):
        told = stopping.run(*words)
        assert told.code == exits.DONE, told.stderr
    shutil.rmtree(boundaries)
    assert stopping.run("cancel", run, "--yes").code == exits.DONE
    resumed = stopping.run("resume", run)
    assert resumed.code == exits.DONE, resumed.stderr
    log = stopping.run("runs", "log", run).stdout
    assert "paused" not in log.rpartition("resumed")[2]
    assert "budget raised to 1,000 tokens" in log


@pytest.mark.parametrize("work_is_done", [False, True])
def test_a_pause_between_two_agents_ends_when_the_run_that_was_given_up_in_it_goes_on(
    program: CommandLine, tmp_path: Path, work_is_done: bool
) -> None:
    """Also when that pause has to be kept, for the sake of the tests that ended during it."""
    waiting = gated(tmp_path)
    run = program.run("modernize", waiting.path, "--trust-tests", "--detach").stdout.strip()
    wait_until(lambda: git(waiting.path, "branch", "--list", f"*{run}") != "", "the rules are committed")
    wait_until(lambda: worked_for(program, run) == [Role.ORCHESTRATOR], "the modernizer is done")
    assert program.run("pause", run).code == exits.DONE
    if work_is_done:
        waiting.open()
        wait_until(lambda: "2 passed" in program.run("runs", "log", run).stdout, "the tests have passed")
    assert program.run("cancel", run, "--yes").code == exits.DONE
    waiting.open()
    resumed = program.run("resume", run)
    assert resumed.code == exits.DONE, resumed.stderr
    log = program.run("runs", "log", run).stdout
    assert log.count("resumed") == 1
    assert "paused" not in log.rpartition("resumed")[2]
    assert begun(program.state, run)["tests-base"] == (1 if work_is_done else 2)


def test_a_question_that_was_open_when_a_run_was_given_up_is_open_again_when_it_goes_on(
    program: CommandLine, tmp_path: Path
) -> None:
    waiting = gated(tmp_path)
    words = ("--trust-tests", "--approve", "plan", "--detach")
    run = program.run("modernize", waiting.path, *words).stdout.strip()
    wait_until(lambda: "waits for an approval" in program.run("runs", "log", run).stdout, "the plan is asked for")
    waiting.open()
    wait_until(lambda: "2 passed" in program.run("runs", "log", run).stdout, "the tests have passed")
    assert program.run("cancel", run, "--yes").code == exits.DONE
    assert program.run("resume", run, "--detach").code == exits.DONE
    asked = program.run("runs", "show", run, "--json").records[0]
    assert asked["state"] == "paused"
    assert asked["paused"].startswith("plan waits for an approval")
    assert program.run("approve", run).code == exits.DONE
    assert program.run("resume", run).code == exits.DONE


def test_a_run_that_goes_on_after_its_end_does_not_claim_a_question_that_was_answered(
    stopping: CommandLine, tmp_path: Path
) -> None:
    """What its first execution asked is still in the copy when it goes on from the moment of the answer."""
    boundaries = stopped_at(tmp_path / "boundaries", "commit-before")
    repository = project(tmp_path / "project")
    words = ("--no-tests", "--approve", "plan", "--detach")
    run = stopping.run("modernize", repository, *words).stdout.strip()
    wait_until(lambda: "waits for an approval" in stopping.run("runs", "log", run).stdout, "the plan is asked for")
    assert stopping.run("approve", run).code == exits.DONE
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
    assert stopping.run("cancel", run, "--yes").code == exits.DONE
    shutil.rmtree(boundaries)
    resumed = stopping.run("resume", run, "--detach")
    assert resumed.stderr.startswith(f"run {run} goes on ")
    assert stopping.run("resume", run).code == exits.DONE


def worked_for(program: CommandLine, run_id: str) -> list[str]:
    """Return the agents that are at work for a run."""

    async def found() -> list[str]:
        client = await connect(ServerSettings(), open_state(program.state), start=False, plugins=[plugin()])
        line = await find_run(client, run_id)
        return [this.agent async for this, _ in at_work(client, line.workflow_id, line.workflow_run)]

    return asyncio.run(found())
