"""Options that several commands share, and what they resolve to."""

from __future__ import annotations

import asyncio
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from archaeologist.pipeline.spawn import ensure_worker
from archaeologist.settings import Settings, load_settings
from archaeologist.temporal.settings import ServerSettings, TlsSettings, resolve_settings
from archaeologist.temporal.state import StateDirectory, open_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from temporalio.client import Client

    from archaeologist.domain.events import RunLine

FunctionT = TypeVar("FunctionT", bound="Callable[..., Any]")

STATE_OPTIONS = (click.option("--state-dir", help="Where runs are kept."),)
DISPLAY_OPTIONS = (
    click.option("--no-tui", is_flag=True, help="Line by line instead of the full screen."),
    click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal."),
    click.option("--plain", is_flag=True, help="One line an event, no colour, for screen readers and pipes."),
    click.option("--json", "as_json", is_flag=True, help="JSON lines on standard output."),
)
LIST_OPTION = click.option(
    "--list", "what", type=click.Choice(["plan", "survey", "left-alone"]), help="List all of one thing, a line each."
)
SERVER_OPTIONS = (
    *STATE_OPTIONS,
    click.option("--address", help="A Temporal server other than the embedded one, host:port."),
    click.option("--namespace", help="The namespace on that server."),
    click.option("--profile", help="A profile of the Temporal configuration file."),
    click.option("--tls/--no-tls", default=None, help="Use TLS towards that server."),
    click.option("--tls-ca", type=click.Path(path_type=Path), help="Certificate authority, PEM."),
    click.option("--tls-cert", type=click.Path(path_type=Path), help="Our certificate, PEM."),
    click.option("--tls-key", type=click.Path(path_type=Path), help="Our certificate's key, PEM."),
)


def _load_sdk() -> None:
    importlib.import_module("archaeologist.temporal.plugin")


def with_options(options: tuple[Callable[[FunctionT], FunctionT], ...]) -> Callable[[FunctionT], FunctionT]:
    """Add several options to a command."""

    def decorate(function: FunctionT) -> FunctionT:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@dataclass(frozen=True)
class Place:
    """Where a command works: the state directory and the server."""

    state: StateDirectory
    server: ServerSettings
    settings: Settings
    flags: dict[str, Any]

    @property
    def may_have_runs(self) -> bool:
        """Whether it is worth asking the server for runs: cheap, and nothing is started."""
        from archaeologist.temporal.embedded import database

        return not self.server.embedded or database(self.state).exists()

    async def connect(self, *, start: bool, quiet: bool = True) -> Client:
        """Connect to the server with the project's plugin; with `start` start the embedded one when it is down.

        With `quiet` what the SDK has to say does not get between what is shown, unless `--verbose` asks for it.
        """
        from archaeologist.temporal.connection import connect
        from archaeologist.temporal.server import ensure_server

        if start and self.server.embedded:
            # The server starts while the SDK is loaded, which takes as long.
            starting = asyncio.create_task(asyncio.to_thread(ensure_server, self.state, self.server))
            await asyncio.sleep(0)
            await asyncio.to_thread(_load_sdk)
            await starting
        from archaeologist.temporal.plugin import plugin

        quiet = quiet and "--verbose" not in sys.argv
        return await connect(self.server, self.state, start=start, plugins=[plugin()], quiet=quiet)

    async def ensure_worker(self) -> None:
        """Return once a worker of this state directory is ready; start one when none is alive."""
        await asyncio.to_thread(ensure_worker, self.state, self.server.label, self.worker_options())

    def stands_still(self, line: RunLine) -> str:
        """Return why a run stands still that is said to be running, and what helps; empty when it goes on."""
        from archaeologist.pipeline.controls import health_of

        why = health_of(self.state, self.server).stops(line)
        return why and f"{why}; `archaeologist resume {line.run_id}` starts one"

    def worker_options(self) -> list[str]:
        """Return what a worker must be told to serve the same server."""
        options = ["--idle-seconds", str(self.settings.get("worker-idle"))]
        for name, flag in (
            ("address", "--address"),
            ("namespace", "--namespace"),
            ("profile", "--profile"),
            ("tls_ca", "--tls-ca"),
            ("tls_cert", "--tls-cert"),
            ("tls_key", "--tls-key"),
        ):
            if self.flags.get(name):
                options += [flag, str(self.flags[name])]
        if self.flags.get("tls") is not None:
            options.append("--tls" if self.flags["tls"] else "--no-tls")
        return options


def place_of(flags: dict[str, Any], settings: Settings | None = None) -> Place:
    """Return where a command works.

    Args:
        flags: the command's `SERVER_OPTIONS` or `STATE_OPTIONS` as click gave them.
        settings: resolved already, when the command has more of them.
    """
    settings = settings or load_settings({"state-dir": flags.get("state_dir")})
    directory = settings.get("state-dir")
    state = open_state(Path(directory) if directory else None)
    server = resolve_settings(
        address=flags.get("address"),
        namespace=flags.get("namespace"),
        profile=flags.get("profile"),
        tls=_tls(flags),
        binary=settings.get("server-binary"),
        port=settings.get("server-port"),
        ui_port=settings.get("server-ui-port"),
        idle_seconds=settings.get("server-idle"),
    )
    return Place(state, server, settings, flags)


def _tls(flags: dict[str, Any]) -> TlsSettings | None:
    if not any(flags.get(name) for name in ("tls_ca", "tls_cert", "tls_key")) and flags.get("tls") is None:
        return None
    return TlsSettings(
        disabled=flags.get("tls") is False,
        server_ca=flags.get("tls_ca"),
        client_cert=flags.get("tls_cert"),
        client_key=flags.get("tls_key"),
    )
