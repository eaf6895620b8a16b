"""`archaeologist demo`: play a recorded run; no server, no worker, no model, and nothing is written."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.display import Display, display_of, screen_options
from archaeologist.cli.ending import finish
from archaeologist.cli.follow import Follower, interruptible
from archaeologist.cli.listing import print_list
from archaeologist.cli.options import DISPLAY_OPTIONS, LIST_OPTION, with_options
from archaeologist.domain.view import viewed
from archaeologist.settings import load_settings

if TYPE_CHECKING:
    from archaeologist.cli.telling.lists import List
    from archaeologist.domain.events import RunLine
    from archaeologist.pipeline.recordings.playback import Playback

SHIPPED = "demo.zip"


@click.command()
@click.argument("recording", required=False, type=click.Path(path_type=Path))
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), default=1.0, help="Seconds that go by in one.")
@LIST_OPTION
@with_options(DISPLAY_OPTIONS)
def demo(recording: Path | None, speed: float, what: List | None, **flags: Any) -> int:
    """Play RECORDING, which `archaeologist runs export` made; without it, one that comes with the program.

    Nothing is run and nothing is changed: this looks as it looked when it happened. Long waits are cut short.
    """
    from archaeologist.pipeline.recordings.files import opened
    from archaeologist.pipeline.recordings.playback import Playback

    with as_file(files("archaeologist.cli").joinpath(SHIPPED)) as shipped, opened(recording or shipped) as source:
        if what is not None:
            return print_list(what, viewed(source.recorded), source.data(source.request).artefacts)
        return interruptible(_play(Playback(source, speed), display_of(flags)))


async def _play(playback: Playback, display: Display) -> int:
    (line,) = await playback.runs()
    if display.output == "screens":
        await _play_on_screens(playback, line, display)
    else:
        from archaeologist.pipeline.recordings.controls import RecordedControls

        follower = Follower(None, playback, RecordedControls(), display.output, keep_alive=False, aside=False)
        view = await follower.follow(line)
        if view.state.is_open:
            click.echo(f"\nthe recording was made here; the run was {view.state}", err=True)
        else:
            data = playback.data(view.request) if view.request else None
            finish(view, display.output, data.artefacts if data else None)
    click.echo(
        f"\nrun {line.run_id} was recorded elsewhere: type `archaeologist demo --list` instead of "
        f"`archaeologist runs show {line.run_id} --list`; `archaeologist modernize` starts a run of your own",
        err=True,
    )
    return exits.DONE


async def _play_on_screens(playback: Playback, line: RunLine, display: Display) -> None:
    from archaeologist.pipeline.recordings.controls import RecordedControls
    from archaeologist_tui.app import open_screens

    options = screen_options(load_settings({}), mouse=display.mouse)
    await open_screens(playback, RecordedControls(), options, line)
