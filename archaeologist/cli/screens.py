"""Opens the full screen for the commands that follow runs, and says afterwards how to come back."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.follow import finish
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from temporalio.client import Client

    from archaeologist.cli.options import Place
    from archaeologist.domain.events import RunLine
    from archaeologist.settings import Settings
    from archaeologist_tui.app import Left
    from archaeologist_tui.options import ScreenOptions


def screens_wanted(*, no_tui: bool, plain: bool, as_json: bool) -> bool:
    """Return whether to open the full screen: there is a terminal, and nobody asked for lines."""
    asked_for_lines = no_tui or plain or as_json or os.environ.get("TERM", "dumb") == "dumb"
    return not asked_for_lines and sys.stdin.isatty() and sys.stdout.isatty()


async def show_screens(place: Place, client: Client, run: RunLine | None, *, mouse: bool = True) -> int:
    """Show runs until the person leaves, say how to come back, and return the exit status.

    Args:
        place: where server and worker are.
        client: the server.
        run: the run that is opened at once; None for the list of runs.
        mouse: whether the mouse may be used, besides what the configuration says.
    """
    from archaeologist.pipeline.controls import LiveControls
    from archaeologist.pipeline.source import LiveSource
    from archaeologist_tui.app import open_screens

    source = LiveSource(client, place.state.artefacts)
    controls = LiveControls(client, place.state, place.server, tuple(place.worker_options()))
    return told(await open_screens(source, controls, screen_options(place.settings, mouse=mouse), run))


def told(left: Left) -> int:
    """Say how to come back to the run that a person looked at last, or how it ended; return the exit status."""
    if left.run is None or left.view is None:
        return exits.DONE
    if not left.view.state.is_open:
        return finish(left.view, "text")
    name = left.run.run_id
    click.echo(
        f"run {name} goes on\n  come back   archaeologist watch {name}\n  give it up  archaeologist cancel {name}",
        err=True,
    )
    return exits.DONE


def screen_options(settings: Settings, *, mouse: bool = True) -> ScreenOptions:
    """Return what the configuration says of the screens. Raises UsageError for a theme or a way that is not there."""
    from archaeologist_tui.options import ScreenOptions
    from archaeologist_tui.terminal import NOTIFICATIONS, THEMES

    theme, ways = settings.get("theme") or "", tuple(settings.get("notify"))
    if theme and theme not in THEMES:
        raise UsageError(f"there is no theme {theme!r}", hint=f"themes: {', '.join(THEMES)}")
    unknown = [way for way in ways if way not in NOTIFICATIONS]
    if unknown:
        raise UsageError(f"nobody can be told by {unknown[0]!r}", hint=f"notify may hold {', '.join(NOTIFICATIONS)}")
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    return ScreenOptions(theme, settings.get("keys"), mouse and settings.get("mouse"), ways, editor)
