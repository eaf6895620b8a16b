"""The application in a terminal of a given size, and waiting for what it shows."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist_tui.app import ArchaeologistApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from textual.app import App
    from textual.pilot import Pilot

    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunLine, RunSource
    from archaeologist_tui.app import Left
    from archaeologist_tui.options import ScreenOptions

SECONDS = 20.0


def shown(app: App[Any]) -> str:
    """Return the text on the screen, line by line."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(line.text.ljust(width).rstrip() for line in lines[:height])


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
    """Wait until something is so; fail with what is on the screen when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain until {what}; on the screen:\n{shown_by(pilot)}")
        await asyncio.sleep(0.02)
    await pilot.pause()


async def until_shown(pilot: Pilot[Any], text: str, seconds: float = SECONDS) -> str:
    """Wait until a text is on the screen, and return the screen."""
    await until(pilot, lambda: text in shown_by(pilot), f"{text!r} is shown", seconds)
    return shown_by(pilot)


def shown_by(pilot: Pilot[Any]) -> str:
    """Return the text on the screen."""
    return shown(pilot.app)


@asynccontextmanager
async def screens(
    source: RunSource,
    *,
    run: RunLine | None = None,
    controls: RunControls | None = None,
    size: tuple[int, int] = (120, 36),
    options: ScreenOptions | None = None,
    notice: Sequence[str] = (),
) -> AsyncIterator[Pilot[Left]]:
    """Open the application."""
    app = ArchaeologistApp(source, controls or RecordedControls(), options, run, notice)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield pilot
