"""`archaeologist watch`: follow a run, in the full screen or line by line; leaving it stops nothing."""

from __future__ import annotations

from typing import Any

import rich_click as click

from archaeologist.cli.display import display_of, show_run
from archaeologist.cli.follow import interruptible
from archaeologist.cli.here import workflow_id_here
from archaeologist.cli.options import DISPLAY_OPTIONS, SERVER_OPTIONS, Place, place_of, with_options
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

    client = await place.connect(start=True)
    line = await find_run(client, run, workflow_id_here())
    return await show_run(place, client, line, display_of(flags))


def watch_unfinished() -> int | None:
    """Follow the unfinished run of the repository that the user is in; None when there is none."""
    return interruptible(_watch_unfinished(place_of({})))


async def _watch_unfinished(place: Place) -> int | None:
    from archaeologist.pipeline.source import LiveSource

    client = await place.connect(start=True)
    here = workflow_id_here()
    line = next((line for line in await LiveSource(client).runs() if line.workflow_id == here), None)
    if line is None or line.state in {RunState.DONE, RunState.CANCELLED}:
        return None
    return await show_run(place, client, line, display_of({}))
