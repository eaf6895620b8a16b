"""Shows runs for the commands that follow them: in the full screen on a terminal, else line by line."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.ending import finish
from archaeologist.cli.follow import Follower, Format, chosen_format, leaving
from archaeologist.errors import UsageError
from archaeologist_tools.likeness import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from temporalio.client import Client

    from archaeologist.cli.options import Place
    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunLine, RunSource
    from archaeologist.settings import Settings
    from archaeologist_tui.app import Left
    from archaeologist_tui.options import ScreenOptions


@dataclass(frozen=True)
class Display:
    """How runs are shown.

    Attributes:
        output: `screens` for the full screen, else how lines are printed.
        mouse: whether the full screen may use the mouse, besides what the configuration says.
    """

    output: Format | Literal["screens"]
    mouse: bool = True


def display_of(flags: Mapping[str, Any]) -> Display:
    """Return how to show runs: in the full screen when there is a terminal and nobody asked for lines.

    Args:
        flags: a command's `DISPLAY_OPTIONS` as click gave them; none for a command without options.
    """
    plain, as_json = flags.get("plain", False), flags.get("as_json", False)
    asked_for_lines = flags.get("no_tui") or plain or as_json or os.environ.get("TERM", "dumb") == "dumb"
    if not asked_for_lines and sys.stdin.isatty() and sys.stdout.isatty():
        return Display("screens", mouse=not flags.get("no_mouse"))
    return Display(chosen_format(plain=plain, as_json=as_json))


async def show_run(
    place: Place,
    client: Client,
    run: RunLine,
    display: Display,
    *,
    keep_alive: bool = False,
    aside: bool = False,
    notice: Sequence[str] = (),
) -> int:
    """Show a run until it ends, waits for a person, or the person leaves; return the exit status.

    Args:
        place: where server and worker are.
        client: the server.
        run: which run.
        display: how.
        keep_alive: where lines are printed, start server and worker again when they die. On the full screen a key does.
        aside: lines go to standard error, beside the result.
        notice: what the full screen says first; where lines are printed it was printed before them.
    """
    if display.output == "screens":
        return await show_screens(place, client, run, display, notice)
    source, controls = _reached(place, client)
    with leaving(run):
        follower = Follower(place, source, controls, display.output, keep_alive=keep_alive, aside=aside)
        view = await follower.follow(run)
    return finish(view, display.output, place.state.artefacts)


async def show_screens(
    place: Place, client: Client, run: RunLine | None, display: Display, notice: Sequence[str] = ()
) -> int:
    """Show the full screen until the person leaves, say how to come back, and return the exit status.

    Args:
        place: where server and worker are.
        client: the server.
        run: the run that is opened at once; None for the list of runs.
        display: whether the mouse is used.
        notice: what is said first, in lines.
    """
    from archaeologist_tui.app import open_screens

    source, controls = _reached(place, client)
    options = screen_options(place.settings, mouse=display.mouse)
    return told(await open_screens(source, controls, options, run, notice))


def _reached(place: Place, client: Client) -> tuple[RunSource, RunControls]:
    """Return what runs are read from, and what they are told through."""
    from archaeologist.pipeline.controls import LiveControls
    from archaeologist.pipeline.source import LiveSource

    source = LiveSource(client, place.state.artefacts)
    return source, LiveControls(client, place.state, place.server, tuple(place.worker_options()))


def told(left: Left) -> int:
    """Say how to come back to the run that a person looked at last, or how it ended; return the exit status."""
    if left.picture is None:
        return exits.DONE
    if not left.picture.view.state.is_open:
        return finish(left.picture.view, "text", left.picture.data.artefacts if left.picture.data else None)
    from archaeologist.cli.telling.farewell import farewell

    click.echo("\n".join(farewell(left.picture)), err=True)
    return exits.DONE


def screen_options(settings: Settings, *, mouse: bool = True) -> ScreenOptions:
    """Return what the configuration says of the screens. Raises UsageError for a theme or a way that is not there."""
    from archaeologist.keeping import keep
    from archaeologist_tui.options import ScreenOptions
    from archaeologist_tui.terminal import NOTIFICATIONS, THEMES

    theme, ways = settings.get("theme") or "", tuple(settings.get("notify"))
    if theme and theme not in THEMES:
        raise UsageError(f"there is no theme {theme!r}", hint=f"themes: {', '.join(THEMES)}")
    unknown = [way for way in ways if way not in NOTIFICATIONS]
    if unknown:
        raise UsageError(f"nobody can be told by {unknown[0]!r}", hint=f"notify may hold {', '.join(NOTIFICATIONS)}")
    _check_keys(settings.get("keys"))
    return ScreenOptions(
        theme, settings.get("keys"), mouse and settings.get("mouse"), ways, settings.get("editor") or "", keep
    )


def _check_keys(keys: Mapping[str, str]) -> None:
    from archaeologist_tui import app  # noqa: F401 - what is loaded has its keys listed
    from archaeologist_tui.key_names import is_key, meant
    from archaeologist_tui.keys import all_keys

    known = [key.id for key in all_keys()]
    for name, pressed in keys.items():
        if name not in known:
            near = did_you_mean(f"`{near}`" for near in nearest(name, known))
            raise UsageError(f"no key is called {name!r}", hint=near or "the full screen lists them under Settings")
        for key in (each.strip() for each in pressed.split(",")):
            if not is_key(key):
                likely = "comma" if "," in pressed and not key else meant(key)
                hint = f"did you mean `{likely}`?" if likely else "keys are `Q`, `ctrl+q`, `f2`, `slash`; two: `Q,f2`"
                raise UsageError(f"{name} cannot have {key!r}, which is no key", hint=hint)
