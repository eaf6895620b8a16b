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
    return interruptible(_watch(place_of(flags), run, chosen_format(plain=plain, as_json=as_json)))


async def _watch(place: Place, run: str | None, output: Format) -> int:
    from archaeologist.pipeline.runs import find_run
    from archaeologist.pipeline.source import LiveSource

    client = await place.connect(start=True)
    line = await find_run(client, run, workflow_id_here())
    with leaving(line):
        view = await Follower(place, LiveSource(client), output, keep_alive=False, aside=False).follow(line)
    return finish(view, output)


def watch_unfinished() -> int | None:
    """Follow the unfinished run of the repository that the user is in; None when there is none."""
    return interruptible(_watch_unfinished(place_of({})))


async def _watch_unfinished(place: Place) -> int | None:
    from archaeologist.pipeline.source import LiveSource

    source = LiveSource(await place.connect(start=True))
    here = workflow_id_here()
    line = next((line for line in await source.runs() if line.workflow_id == here), None)
    if line is None or line.state in {RunState.DONE, RunState.CANCELLED}:
        return None
    output = chosen_format(plain=False, as_json=False)
    with leaving(line):
        view = await Follower(place, source, output, keep_alive=False, aside=False).follow(line)
    return finish(view, output)
