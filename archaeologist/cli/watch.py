"""`archaeologist watch`: follow a run line by line; leaving it stops nothing."""

from __future__ import annotations

from typing import Any

import rich_click as click

from archaeologist.cli.follow import Follower, Format, chosen_format, finish, interruptible, leaving
from archaeologist.cli.here import workflow_id_here
from archaeologist.cli.options import SERVER_OPTIONS, Place, place_of, with_options
from archaeologist.domain.run import RunState


@click.command()
@click.argument("run", required=False)
@click.option("--plain", is_flag=True, help="No colour, for screen readers and pipes.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@with_options(SERVER_OPTIONS)
def watch(run: str | None, plain: bool, as_json: bool, **flags: Any) -> int:
    """Follow RUN, or the one of this repository, until it ends."""
    try:
        return asyncio.run(_watch(place_of(flags), run, plain=plain, as_json=as_json))
    except KeyboardInterrupt:
        click.echo("\nthe run goes on", err=True)
        return exits.INTERRUPTED


async def _watch(place: Place, run: str | None, *, plain: bool, as_json: bool) -> int:
    from archaeologist.pipeline.runs import find_run
    from archaeologist.pipeline.source import LiveSource

    client = await place.connect(start=True)
    line = await find_run(client, run, workflow_id_here())
    output = chosen_format(plain=plain, as_json=as_json)
    view = await Follower(place, LiveSource(client), output, keep_alive=False).follow(line)
    return finish(view, output)
