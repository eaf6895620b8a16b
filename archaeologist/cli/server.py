"""`archaeologist server`: look at the embedded server, or stop it."""

from __future__ import annotations

from typing import Any

import rich_click as click

from archaeologist.agents.asking.place import end_askers
from archaeologist.cli.options import STATE_OPTIONS, place_of, with_options
from archaeologist.temporal.server import server_status, stop_server
from archaeologist.temporal.state import held


@click.group()
def server() -> None:
    """Look at the embedded server, or stop it."""


@server.command()
@with_options(STATE_OPTIONS)
def status(**flags: Any) -> None:
    """Say whether the embedded server runs, where, and for whom."""
    found = server_status(place_of(flags).state)
    state = "running" if found.healthy else "not answering" if found.alive else "not running"
    rows = [
        ("server", f"{state}" + (f", pid {found.pid}" if found.alive and found.pid else "")),
        ("version", found.version or "unknown while it does not run"),
        ("address", found.address or "chosen at the first start"),
        ("web ui", found.ui_url or "none"),
        ("open runs", "unknown" if found.open_runs is None else str(found.open_runs)),
        ("worker", "alive" if found.worker else "none"),
        ("keeper", "alive" if found.keeper else "none"),
        ("database", str(found.database)),
        ("log", str(found.log)),
    ]
    for name, text in rows:
        click.echo(f"{name:<10} {text}")


@server.command()
@with_options(STATE_OPTIONS)
def stop(**flags: Any) -> None:
    """Stop the embedded server and its worker; open runs stay in its database and go on with `archaeologist resume`."""
    state = place_of(flags).state
    stopped = stop_server(state)
    if stopped.server:
        click.echo("the server is stopped, and its worker; runs are kept", err=True)
    else:
        click.echo(f"no server was running{'; its worker is stopped' if stopped.worker else ''}", err=True)
    # The worker of another server lives on, and so does who asks models for it.
    if not held(state.worker_lock) and not end_askers(state.path):
        click.echo("the process that asks models ends when the answers are there that are being paid for", err=True)
