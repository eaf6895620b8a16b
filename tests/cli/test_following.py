"""Runs that are left, found again, paused, resumed and given up."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import psutil
import pytest

from archaeologist.cli import exits
from archaeologist.domain.names import PAUSE_DUE
from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.state import StateDirectory
from support.embedded import kill_worker, processes, wait_until
from support.projects import Gated, gated, project
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


@pytest.fixture
def waiting(tmp_path: Path) -> Gated:
    return gated(tmp_path)


def begin(cli: CommandLine, waiting: Gated) -> str:
    """Start a run and return its id once its tests wait for the gate."""
    done = cli.run("modernize", waiting.path, "--trust-tests", "--detach")
    assert done.code == exits.DONE, done.stderr
    wait_until(waiting.arrived.exists, "the tests wait at the gate")
    return done.stdout.strip()


def state_of(cli: CommandLine, run_id: str) -> str:
    done = cli.run("runs", "list", "--json")
    (state,) = (record["state"] for record in done.records if record["run_id"] == run_id)
    return str(state)


def test_detach_prints_the_run_and_returns_while_it_goes_on(cli: CommandLine, waiting: Gated) -> None:
    run_id = begin(cli, waiting)
    assert len(run_id) == 8
    assert state_of(cli, run_id) == "running"
    waiting.open()
    done = cli.run("watch", run_id[:6])
    assert done.code == exits.DONE
    assert "good; before: 2 passed" in done.stdout


def test_ctrl_c_leaves_the_run_and_says_how_to_come_back(cli: CommandLine, waiting: Gated, tmp_path: Path) -> None:
    started = cli.start(tmp_path / "log", "modernize", waiting.path, "--trust-tests")
    started.wait_for("report what is outdated")
    wait_until(waiting.arrived.exists, "the tests wait at the gate")
    done = started.interrupt()
    assert done.code == exits.INTERRUPTED
    assert "goes on; `archaeologist watch" in done.stderr
    assert "Traceback" not in done.stderr
    waiting.open()
    followed = cli.run("watch", cwd=waiting.path)
    assert followed.code == exits.DONE
    assert "2 passed" in followed.stdout


@pytest.mark.parametrize("command", ["watch", "resume"])
def test_ctrl_c_leaves_a_followed_run(command: str, cli: CommandLine, waiting: Gated, tmp_path: Path) -> None:
    run_id = begin(cli, waiting)
    started = cli.start(tmp_path / "log", command, run_id)
    started.wait_for("report what is outdated")
    done = started.interrupt()
    assert done.code == exits.INTERRUPTED
    assert f"run {run_id} goes on" in done.stderr
    assert state_of(cli, run_id) == "running"
    waiting.open()


def test_no_command_inside_a_repository_opens_its_unfinished_run(
    cli: CommandLine, waiting: Gated, tmp_path: Path
) -> None:
    run_id = begin(cli, waiting)
    started = cli.start(tmp_path / "log", cwd=waiting.path)
    started.wait_for("report what is outdated")
    waiting.open()
    done = started.end()
    assert done.code == exits.DONE
    assert f"archaeologist runs show {run_id}" in done.stderr
    after = cli.run(cwd=waiting.path)
    assert after.code == exits.DONE
    assert "Usage: archaeologist" in after.stdout


def test_no_command_outside_of_a_repository_prints_the_help(cli: CommandLine, tmp_path: Path) -> None:
    done = cli.run(cwd=tmp_path)
    assert done.code == exits.DONE
    assert "modernize" in done.stdout
    assert done.stderr == ""


def test_no_command_starts_no_server_where_nothing_was_ever_run(alone: CommandLine, tmp_path: Path) -> None:
    done = alone.run(cwd=project(tmp_path))
    assert done.code == exits.DONE
    assert "Usage: archaeologist" in done.stdout
    assert not processes(StateDirectory(alone.state))


def test_a_paused_run_says_so_everywhere_and_goes_on_when_told(
    cli: CommandLine, waiting: Gated, tmp_path: Path
) -> None:
    run_id = begin(cli, waiting)
    paused = cli.run("pause", run_id)
    assert paused.code == exits.DONE
    assert f"archaeologist resume {run_id}" in paused.stderr
    waiting.open()
    wait_until(lambda: state_of(cli, run_id) == "paused", "the run is paused")
    asked = f"waits for you: a person asked for it; `archaeologist runs show {run_id}` says what to type"
    assert asked in cli.run("runs", "list").stdout
    assert "waits for you: a person asked for it" in cli.run("runs", "show", run_id).stdout
    told = f"to answer: `archaeologist resume {run_id}` goes on"
    assert told in cli.run("runs", "show", run_id).stdout
    cli.wait_for_line(tmp_path / "log", told, "watch", run_id, "--plain")
    attached = cli.run("modernize", waiting.path, "--trust-tests")
    assert attached.code == exits.CANNOT_RUN
    assert attached.stderr.endswith(f"hint: `archaeologist resume {run_id}` goes on\n")
    worker = worker_status(StateDirectory(cli.state))
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: not worker_status(StateDirectory(cli.state)).alive, "the worker is gone")
    assert cli.run("pause", run_id).stderr == f"run {run_id} pauses as soon as a worker is there\n"
    resumed = cli.run("resume", cwd=waiting.path)
    assert resumed.code == exits.DONE, resumed.stderr
    assert "2 passed" in resumed.stdout
    assert resumed.stderr.count("resumed") == 1


def test_a_pause_that_was_due_once_there_is_a_worker_is_over_when_the_run_is_told_to_go_on(
    cli: CommandLine, waiting: Gated
) -> None:
    run_id = begin(cli, waiting)
    kill_worker(StateDirectory(cli.state))
    assert cli.run("pause", run_id).stderr == f"run {run_id} pauses as soon as a worker is there\n"
    due = f"`archaeologist resume {run_id}` starts one, and the run goes on; {PAUSE_DUE}"
    wait_until(lambda: due in cli.run("runs", "show", run_id).stdout, "the pause is shown to be due")
    waiting.open()
    resumed = cli.run("resume", run_id)
    assert resumed.code == exits.DONE, resumed.stderr
    assert "2 passed" in resumed.stdout
    assert due not in cli.run("runs", "show", run_id).stdout
    assert "paused" not in cli.run("runs", "log", run_id).stdout.rpartition("resumed")[2]


def test_a_repository_that_went_away_pauses_the_run_until_it_is_back(
    cli: CommandLine, waiting: Gated, tmp_path: Path
) -> None:
    run_id = begin(cli, waiting)
    assert cli.run("pause", run_id).code == exits.DONE
    waiting.open()
    gone = waiting.path.rename(tmp_path / "gone")
    for _ in range(2):
        refused = cli.run("resume", run_id)
        assert refused.code == exits.CANNOT_RUN
        assert f"the repository {waiting.path} is gone" in refused.error
        assert refused.hint.startswith("put it back and type `archaeologist resume`")
    assert state_of(cli, run_id) == "paused"
    gone.rename(waiting.path)
    done = cli.run("resume", run_id)
    assert done.code == exits.DONE, done.stderr
    assert "good; before: 2 passed" in done.stdout
    assert git(waiting.path, "status", "--porcelain") == ""


def test_whoever_keeps_a_run_going_does_not_start_again_what_a_person_has_stopped(
    alone: CommandLine, waiting: Gated, tmp_path: Path
) -> None:
    following = alone.start(tmp_path / "log", "modernize", waiting.path, "--trust-tests", "--plain")
    wait_until(waiting.arrived.exists, "the tests wait at the gate")
    assert alone.run("server", "stop").code == exits.DONE
    left = following.end()
    assert left.code == exits.CANNOT_RUN
    assert left.error == "the server was stopped"
    assert not processes(StateDirectory(alone.state), "archaeologist worker")
    waiting.open()
    assert alone.run("resume").code == exits.DONE


def test_whoever_watches_hears_that_the_worker_is_gone_and_what_to_type(
    cli: CommandLine, waiting: Gated, tmp_path: Path
) -> None:
    run_id = begin(cli, waiting)
    watching = cli.start(tmp_path / "log", "watch", run_id, "--plain")
    watching.wait_for("report what is outdated")
    worker = worker_status(StateDirectory(cli.state)).pid
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    watching.wait_for("trouble: no worker is alive; in flight: orchestrator tests-base, attempt 1 of ")
    watching.wait_for(f"to help: `archaeologist resume {run_id}` starts one")
    waiting.open()
    assert cli.run("resume", run_id, "--plain").code == exits.DONE
    assert "good; before: 2 passed" in watching.end().stderr


def test_a_cancelled_run_leaves_no_process_and_no_checkout(cli: CommandLine, waiting: Gated) -> None:
    run_id = begin(cli, waiting)
    unsure = cli.run("cancel", run_id)
    assert unsure.code == exits.USAGE
    assert unsure.hint == "pass `--yes`"
    assert state_of(cli, run_id) == "running"
    done = cli.run("cancel", run_id, "--yes")
    assert done.code == exits.DONE
    assert f"run {run_id} is cancelled" in done.stderr
    assert state_of(cli, run_id) == "cancelled"
    wait_until(lambda: not _testing(run_id), "the project's tests are gone")
    assert not (cli.state / "worktrees" / run_id).exists()
    again = cli.run("cancel", run_id, "--yes")
    assert again.code == exits.CANNOT_RUN
    assert again.error == f"run {run_id} is cancelled"


def _testing(run_id: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"]):
        seen = " ".join([process.info["cwd"] or "", *(process.info["cmdline"] or ())])
        if run_id in seen:
            found.append(process)
    return found


def test_a_finished_run_can_be_looked_at_and_told_nothing(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    run_id = cli.run("modernize", repository, "--trust-tests", "--detach").stdout.strip()
    watched = cli.run("watch", run_id)
    assert watched.code == exits.DONE
    assert "commit: Drop the base class object" in watched.stdout
    assert watched.stderr == ""
    events = cli.run("watch", run_id, "--json").records
    assert [events[0]["event"], events[-1]["event"]] == ["AgentStarted", "Result"]
    shown = cli.run("runs", "show", run_id)
    assert shown.code == exits.DONE
    assert "# Modernized for Python" in shown.stdout
    (result,) = cli.run("runs", "show", run_id, "--json").records
    assert result["result"]["verdict"] == "good"
    log = cli.run("runs", "log", run_id)
    assert "commit: Drop the base class object" in log.stdout
    assert str(cli.state / "runs" / run_id) in log.stderr
    assert {"StepScheduled", "StepEnded"} <= {
        line["event"] for line in cli.run("runs", "log", run_id, "--json").records
    }
    lists = {what: cli.run("runs", "show", run_id, "--list", what) for what in ("plan", "survey", "left-alone")}
    assert [done.code for done in lists.values()] == [exits.DONE] * 3
    assert "rewrite, commit of AR020: Drop the base class object" in lists["plan"].stdout
    assert "survey, look here first: " in lists["survey"].stdout
    assert ": a test: tests are looked at and never edited" in lists["left-alone"].stdout
    back = cli.run("resume", run_id)
    assert back.code == exits.DONE, back.stderr
    assert f"run {run_id} is done already" in back.stderr
    assert back.stdout == watched.stdout[watched.stdout.index("\n\n") + 1 :]
    for command in (["pause"], ["cancel", "--yes"]):
        refused = cli.run(*command, run_id)
        assert refused.code == exits.CANNOT_RUN
        assert refused.error == f"run {run_id} is done"


@pytest.mark.parametrize("command", [["watch"], ["resume"], ["runs", "show"]])
def test_a_run_that_is_not_there_is_told(command: list[str], cli: CommandLine) -> None:
    done = cli.run(*command, "zzzzzz")
    assert done.code == exits.CANNOT_RUN
    assert done.error == "there is no run zzzzzz"
    assert done.hint == "see `archaeologist runs list`"
