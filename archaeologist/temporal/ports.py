"""Which ports the embedded server gets, and what was remembered of them."""

from __future__ import annotations

import json
import secrets
import socket
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from archaeologist.artefacts import write_durably
from archaeologist.errors import ServerError
from archaeologist.temporal.frontend import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

OWN_PORTS = range(20_000, 32_768)
"""Below those that systems hand out for outgoing connections: from 32768 on Linux, from 49152 on macOS."""

_CONNECT_SECONDS = 1.0


@dataclass(frozen=True)
class Ports:
    """The ports of one start of the server, all on loopback.

    Attributes:
        grpc: what the SDK connects to.
        ui: the Web UI; None when it is off.
        http: what `Frontend` talks to. It is new at every start and never configured, so an answer on it comes from
            the server that was just started and no other.
    """

    grpc: int
    ui: int | None
    http: int


def choose_ports(grpc: int | None, ui: int | None, *, headless: bool, remembered: Ports | None) -> Ports:
    """Choose the ports for a start: the configured ones, else those of the last time if free, else new ones.

    Raises:
        ServerError: a configured port is taken.
    """
    chosen: list[int] = []
    last = (remembered.grpc, remembered.ui) if remembered else (None, None)
    grpc_port = _choose(grpc, last[0], chosen, "gRPC")
    ui_port = None if headless else _choose(ui, last[1], chosen, "Web UI")
    return Ports(grpc_port, ui_port, _new(chosen))


def read_ports(path: Path) -> Ports | None:
    """Read what `write_ports` wrote; None when there is nothing that can be read."""
    try:
        return Ports(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_ports(path: Path, ports: Ports) -> None:
    """Remember the ports of a start."""
    write_durably(path, json.dumps(asdict(ports), indent=2).encode())


def _choose(configured: int | None, last: int | None, chosen: list[int], purpose: str) -> int:
    if configured is not None:
        if configured in chosen or not _free(configured):
            raise ServerError(
                f"port {configured} for the server's {purpose} is taken",
                "stop the program that listens there, choose another port, or configure none",
            )
        chosen.append(configured)
        return configured
    if last is not None and last not in chosen and _free(last):
        chosen.append(last)
        return last
    return _new(chosen)


def _new(chosen: list[int]) -> int:
    """Return a free port that stays free while a killed server is down: any program may be given one of the others.

    Whoever was connected to the server looks for it at the old port.
    """
    while True:
        port = secrets.choice(OWN_PORTS)
        if port not in chosen and _free(port):
            chosen.append(port)
            return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: without it, a port is not free for a minute after a killed server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    # A listener on all addresses does not stop that bind on every system.
    with socket.socket() as probe:
        probe.settimeout(_CONNECT_SECONDS)
        return probe.connect_ex((LOOPBACK, port)) != 0
