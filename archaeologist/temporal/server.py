"""The embedded Temporal server of a state directory: started on demand, attached to while it runs, left by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.names import Role
from archaeologist.errors import ServerError
from archaeologist.temporal.embedded import (
    await_healthy,
    database,
    exclusive,
    is_alive,
    is_healthy,
    launch,
    log_file,
    remembered_ports,
    server_process,
    stop_mark,
    terminate,
    use_mark,
)
from archaeologist.temporal.frontend import LOOPBACK, Frontend
from archaeologist.temporal.keeper import end_keeper, keeper_lock, start_keeper
from archaeologist.temporal.state import held
from archaeologist.temporal.workers import end_worker, serves_elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.temporal.ports import Ports
    from archaeologist.temporal.settings import ServerSettings
    from archaeologist.temporal.state import StateDirectory


@dataclass(frozen=True)
class Endpoint:
    """Where a healthy embedded server is.

    Attributes:
        address: host and port of its gRPC service.
        namespace: the namespace that was made sure of.
        ui_url: the Web UI at that namespace; None when it is off.
        pid: its process; None when that cannot be told for sure.
    """

    address: str
    namespace: str
    ui_url: str | None
    pid: int | None


@dataclass(frozen=True)
class ServerStatus:
    """What is known of the embedded server, without starting or changing anything.

    Attributes:
        alive: a process owns the database.
        healthy: it takes requests.
        pid: its process.
        address: host and port of its gRPC service, also those of the last start when it is not alive.
        ui_url: its Web UI.
        version: the running server's version.
        open_runs: how many runs are open; None when it cannot be asked.
        keeper: its keeper lives.
        worker: a worker of this state directory lives.
        database: its SQLite file.
        log: its log.
    """

    alive: bool
    healthy: bool
    pid: int | None
    address: str | None
    ui_url: str | None
    version: str | None
    open_runs: int | None
    keeper: bool
    worker: bool
    database: Path
    log: Path


def ensure_server(state: StateDirectory, settings: ServerSettings) -> Endpoint:
    """Return the embedded server, started when none is alive; any number of processes may call this at once.

    Args:
        state: whose server it is.
        settings: its binary, ports, namespace and idle time; a server that runs keeps the ports and the idle time it
            was started with.

    Raises:
        ServerError: no healthy server can be had.
        StateError: the database was written by a newer server or is damaged.
    """
    with exclusive(state):
        use_mark(state).touch()
        stop_mark(state).unlink(missing_ok=True)
        ports = _attach(state) or launch(state, settings)
        Frontend(ports.http).ensure_namespace(settings.namespace)
        if settings.idle_seconds > 0:
            start_keeper(state, settings.idle_seconds)
        return _endpoint(state, ports, settings.namespace)


def running_server(state: StateDirectory, namespace: str) -> Endpoint | None:
    """Return the embedded server if it runs and is healthy; nothing is started or changed."""
    ports = remembered_ports(state)
    if ports is None or not is_alive(state) or not is_healthy(ports):
        return None
    return _endpoint(state, ports, namespace)


def server_status(state: StateDirectory) -> ServerStatus:
    """Look at the embedded server without starting or changing anything."""
    alive = is_alive(state)
    ports = remembered_ports(state)
    version, open_runs = _ask(ports) if alive and ports else (None, None)
    return ServerStatus(
        alive=alive,
        healthy=version is not None,
        pid=server_process(state),
        address=f"{LOOPBACK}:{ports.grpc}" if ports else None,
        ui_url=_ui_url(ports) if ports else None,
        version=version,
        open_runs=open_runs,
        keeper=held(keeper_lock(state)),
        worker=held(state.worker_lock),
        database=database(state),
        log=log_file(state),
    )


@dataclass(frozen=True)
class Stopped:
    """What was alive and has ended."""

    server: bool
    worker: bool


def stop_server(state: StateDirectory) -> Stopped:
    """End the embedded server, its worker and its keeper; open runs stay in the database for the next start.

    Nobody can start the server meanwhile, which a worker does that has just begun, and until somebody is told to, who
    keeps a run going starts it no more. A worker of another server lives on.

    Returns:
        What there was. The locks are free afterwards.

    Raises:
        ServerError: the server does not end.
        WorkerError: the worker does not.
    """
    with exclusive(state):
        stop_mark(state).touch()
        server = is_alive(state)
        worker = not serves_elsewhere(state) and end_worker(state)
        terminate(state)
        end_keeper(state)
        return Stopped(server, worker)


def _attach(state: StateDirectory) -> Ports | None:
    """Return the live server's ports once it is healthy; it may still be starting if its starter was killed."""
    if not is_alive(state):
        return None
    ports = remembered_ports(state)
    if ports is None:
        raise ServerError(
            f"a server owns {database(state)}, but its ports are not known",
            "end it with `archaeologist server stop`, runs go on after the next start",
        )
    return ports if await_healthy(state, ports) else None


def _ask(ports: Ports) -> tuple[str | None, int | None]:
    try:
        frontend = Frontend(ports.http)
        return frontend.version(), frontend.open_workflows(Role.ORCHESTRATOR.value)
    except ServerError:
        return None, None


def _endpoint(state: StateDirectory, ports: Ports, namespace: str) -> Endpoint:
    base = _ui_url(ports)
    ui_url = None if base is None else f"{base}/namespaces/{namespace}/workflows"
    return Endpoint(f"{LOOPBACK}:{ports.grpc}", namespace, ui_url, server_process(state))


def _ui_url(ports: Ports) -> str | None:
    return None if ports.ui is None else f"http://{LOOPBACK}:{ports.ui}"
