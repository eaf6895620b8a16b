"""The process of the embedded server: its files, its two locks, how it is started and ended.

Two locks keep it one of its kind. `server.lock` is inherited by the server process, so it is held exactly as long as
the server lives; a second server on the same database would start silently and lose work. `change.lock` is held by
whoever starts, ends or attaches to it, for that long. Nothing here imports the SDK.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

from archaeologist.errors import ServerError, StateError
from archaeologist.temporal.binary import find_binary
from archaeologist.temporal.detached import (
    KILL_SECONDS,
    TERM_SECONDS,
    end_holder,
    plain_environment,
    process_id,
    start_detached,
)
from archaeologist.temporal.frontend import LOOPBACK, Frontend
from archaeologist.temporal.ports import Ports, choose_ports, read_ports, write_ports
from archaeologist.temporal.state import FileLock, held
from archaeologist.temporal.versions import check_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.temporal.settings import ServerSettings
    from archaeologist.temporal.state import StateDirectory

NAME = "server"
HEALTHY_SECONDS = 20.0

_ATTEMPTS = 3
_POLL_SECONDS = 0.01
_REQUEST_SECONDS = 2.0
_TAIL_BYTES = 16 * 1024


def database(state: StateDirectory) -> Path:
    """Return the server's SQLite file."""
    return state.server / "temporal.db"


def log_file(state: StateDirectory) -> Path:
    """Return the server's log."""
    return state.server / f"{NAME}.log"


def use_mark(state: StateDirectory) -> Path:
    """Return the file that is touched whenever somebody asks for the server."""
    return state.server / "used"


def stop_mark(state: StateDirectory) -> Path:
    """Return the file that is there while the server is stopped because a person said so."""
    return state.server / "stopped"


def is_alive(state: StateDirectory) -> bool:
    """Return whether a server process owns the database, healthy or not."""
    return held(_lock(state))


def remembered_ports(state: StateDirectory) -> Ports | None:
    """Return the ports of the last start."""
    return read_ports(state.server / "server.json")


def server_process(state: StateDirectory) -> int | None:
    """Return the process id of the live server; None when there is none or it cannot be told for sure."""
    return process_id(state.server, NAME, str(database(state))) if is_alive(state) else None


@contextlib.contextmanager
def exclusive(state: StateDirectory) -> Iterator[None]:
    """Keep everybody else from starting, ending or attaching to the server.

    Raises:
        ServerError: somebody else takes too long over it.
    """
    lock = FileLock(state.server / "change.lock")
    if not lock.acquire_within(HEALTHY_SECONDS + TERM_SECONDS + KILL_SECONDS):
        raise ServerError("another process is starting or stopping the embedded server and does not finish")
    try:
        yield
    finally:
        lock.release()


def launch(state: StateDirectory, settings: ServerSettings) -> Ports:
    """Start the server and wait until it takes requests. The caller is in `exclusive`, and none is alive.

    Raises:
        ServerError: there is no binary, a configured port is taken, or the server ended or hangs.
        StateError: the database was written by a newer server or is damaged.
    """
    binary = find_binary(settings.binary, state.server / "download")
    check_version(state.server, database(state), binary.path)
    remembered = remembered_ports(state)
    for attempt in range(_ATTEMPTS):
        ports = choose_ports(
            settings.port, settings.ui_port, headless=settings.headless, remembered=None if attempt else remembered
        )
        write_ports(state.server / "server.json", ports)
        if _start(state, binary.path, ports, settings.namespace):
            return ports
    raise ServerError("the ports chosen for the embedded server were taken again and again")


def await_healthy(state: StateDirectory, ports: Ports) -> bool:
    """Wait until the server takes requests; return False when it ended instead.

    Raises:
        ServerError: it lives and does not answer.
    """
    deadline = time.monotonic() + HEALTHY_SECONDS
    while not is_healthy(ports):
        if not is_alive(state):
            return False
        if time.monotonic() >= deadline:
            raise ServerError(
                f"the embedded server does not answer on port {ports.grpc} after {HEALTHY_SECONDS:.0f} s",
                f"see {log_file(state)}; `archaeologist server stop` ends it, runs go on after the next start",
            )
        time.sleep(_POLL_SECONDS)
    return True


def is_healthy(ports: Ports) -> bool:
    """Return whether the server on these ports takes requests."""
    try:
        Frontend(ports.http, timeout=_REQUEST_SECONDS).version()
        socket.create_connection((LOOPBACK, ports.grpc), timeout=_REQUEST_SECONDS).close()
    except (ServerError, OSError):
        return False
    return True


def terminate(state: StateDirectory) -> None:
    """End the live server: politely, then not. The caller is in `exclusive`.

    Raises:
        ServerError: its process cannot be told for sure, or does not end.
    """
    if end_holder(_lock(state), lambda: server_process(state)):
        return
    number = server_process(state)
    if number is not None:
        raise ServerError(f"the embedded server, process {number}, does not end")
    raise ServerError(
        f"some process holds {_lock(state)}, but it is not known which",
        "find it with `lsof` and end it by hand",
    )


def _lock(state: StateDirectory) -> Path:
    return state.server / "server.lock"


def _start(state: StateDirectory, binary: Path, ports: Ports, namespace: str) -> bool:
    """Start the process once; return False when a port was lost to somebody else in that instant."""
    lock = FileLock(_lock(state))
    if not lock.acquire():
        raise ServerError("a server that nobody knows of owns the database")
    before = log_file(state).stat().st_size if log_file(state).exists() else 0
    try:
        start_detached(
            _command(state, binary, ports, namespace),
            folder=state.server,
            name=NAME,
            inherit=[lock.fileno()],
            # The command line tool takes part of its configuration from TEMPORAL_* variables: none are passed on.
            environment=plain_environment() | {"TEMPORAL_VERSION_CHECK_DISABLED": "1"},
        )
    finally:
        lock.release()
    if await_healthy(state, ports):
        return True
    return _explain_end(state, before)


def _command(state: StateDirectory, binary: Path, ports: Ports, namespace: str) -> list[str]:
    ui = ["--headless"] if ports.ui is None else ["--ui-port", str(ports.ui), "--ui-disable-news-fetch"]
    return [
        *(str(binary), "server", "start-dev", "--disable-config-file", "--disable-config-env"),
        *("--db-filename", str(database(state)), "--ip", LOOPBACK),
        *("--port", str(ports.grpc), "--http-port", str(ports.http), *ui),
        *("--namespace", namespace, "--log-level", "warn"),
        # By default the server looks for tasks to hand out 20 times a second, so every step would wait for its turn.
        *("--dynamic-config-value", "history.transferProcessorMaxPollRPS=1000"),
        # A run is deleted once its end is known to be through all queues, which by default is noted each 30 seconds.
        *("--dynamic-config-value", 'history.transferProcessorUpdateAckInterval="1s"'),
        *("--dynamic-config-value", 'history.visibilityProcessorUpdateAckInterval="1s"'),
        # As durable as SQLite's default, with one flush a transaction instead of three.
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
    ]


def _explain_end(state: StateDirectory, log_offset: int) -> bool:
    log = log_file(state)
    size = log.stat().st_size
    with log.open("rb") as stream:
        stream.seek(max(log_offset if log_offset <= size else 0, size - _TAIL_BYTES))
        lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    text = "\n".join(lines)
    if "address already in use" in text:
        return False
    last = lines[-1] if lines else "it said nothing"
    if "not a database" in text or "malformed" in text:
        raise StateError(f"the database {database(state)} is damaged: {last}")
    raise ServerError(f"the embedded server ended at once: {last}", f"see {log}")
