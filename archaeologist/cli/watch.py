"""`archaeologist watch`: follow a run, in the full screen or line by line; leaving it stops nothing."""

from __future__ import annotations

from typing import Any

import rich_click as click

from archaeologist.cli.follow import Follower, chosen_format, finish, interruptible, leaving
from archaeologist.cli.here import workflow_id_here
from archaeologist.cli.options import DISPLAY_OPTIONS, SERVER_OPTIONS, Place, place_of, with_options
from archaeologist.cli.screens import screens_wanted, show_screens
from archaeologist.domain.run import RunState


@click.command()
@click.argument("run", required=False)
@with_options(DISPLAY_OPTIONS)
@with_options(SERVER_OPTIONS)
def watch(run: str | None, **flags: Any) -> int:
    """Follow RUN, or the one of this repository; on a terminal in the full screen."""
    return interruptible(_watch(place_of(flags), run, flags))


async def _watch(place: Place, run: str | None, flags: dict[str, Any]) -> int:
    from archaeologist.pipeline.runs import find_run
    from archaeologist.pipeline.source import LiveSource

    client = await place.connect(start=True)
    line = await find_run(client, run, workflow_id_here())
    if screens_wanted(no_tui=flags["no_tui"], plain=flags["plain"], as_json=flags["as_json"]):
        return await show_screens(place, client, line, mouse=not flags["no_mouse"])
    output = chosen_format(plain=flags["plain"], as_json=flags["as_json"])
    with leaving(line):
        view = await Follower(place, LiveSource(client), output, keep_alive=False, aside=False).follow(line)
    return finish(view, output)


def watch_unfinished() -> int | None:
    """Follow the unfinished run of the repository that the user is in; None when there is none."""
    return interruptible(_watch_unfinished(place_of({})))


async def _watch_unfinished(place: Place) -> int | None:
    from archaeologist.pipeline.source import LiveSource

    client = await place.connect(start=True)
    source = LiveSource(client)
    here = workflow_id_here()
    line = next((line for line in await source.runs() if line.workflow_id == here), None)
    if line is None or line.state in {RunState.DONE, RunState.CANCELLED}:
        return None
    if screens_wanted(no_tui=False, plain=False, as_json=False):
        return await show_screens(place, client, line)
    output = chosen_format(plain=False, as_json=False)
    with leaving(line):
        view = await Follower(place, source, output, keep_alive=False, aside=False).follow(line)
    return finish(view, output)
