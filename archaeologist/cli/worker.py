"""`archaeologist worker`: host agents."""

from __future__ import annotations

import asyncio
from typing import Any

import rich_click as click

from archaeologist.cli.options import SERVER_OPTIONS, Place, place_of, with_options
from archaeologist.domain.names import Role
from archaeologist.temporal.workers import HOLDS_LOCK


@click.command()
@click.option("--roles", help="Agents to host, separated by commas; all when left out.")
@click.option("--idle-seconds", type=float, default=0, help="Leave after so long without an open run; 0 stays.")
@click.option(HOLDS_LOCK, is_flag=True, hidden=True)
@with_options(SERVER_OPTIONS)
def worker(roles: str | None, idle_seconds: float, holds_lock: bool, **flags: Any) -> None:
    """Host agents until told to stop.

    `modernize` and `resume` start one by themselves; type this to host agents against a cluster.
    """
    hosted = _roles(roles)
    asyncio.run(_host(place_of(flags), hosted, idle_seconds or None, holds_lock=holds_lock))


def _roles(text: str | None) -> tuple[Role, ...]:
    if text is None:
        return tuple(Role)
    try:
        return tuple(Role(part.strip()) for part in text.split(","))
    except ValueError as error:
        raise click.BadParameter(f"{error}; the agents are {', '.join(Role)}", param_hint="--roles") from None


async def _host(place: Place, roles: tuple[Role, ...], idle_seconds: float | None, *, holds_lock: bool) -> None:
    from archaeologist.pipeline.worker import Employment, run_worker

    client = await place.connect(start=True, quiet=False)
    await run_worker(client, Employment(place.state, place.server.label, roles, idle_seconds, holds_lock))
