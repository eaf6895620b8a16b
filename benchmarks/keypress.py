"""How long a person waits for what a key does: from the key to the picture that shows it.

What browsers call interaction to next paint (https://web.dev/articles/inp): the time until the first picture that is
drawn after the key was handled, here with the codes that a terminal would get, and until the last one that is drawn for
it. Times are processor time of the event loop's thread; by the clock, other programs of the machine would count, which
is told, too. What a test waits for after a key, until the whole process looks idle, is none of a person's time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App

from benchmarks.measures import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.pilot import Pilot
    from textual.screen import Screen

BAR_MILLISECONDS = 50
IDLE_SECONDS = 0.04
"""An event loop that has nothing to do for so long has done all that a key asked for: two pictures' time and more."""


@dataclass(frozen=True)
class Moment:
    """A point in time.

    Attributes:
        busy: seconds that the event loop's thread has worked for.
        clock: seconds by the clock.
    """

    busy: float
    clock: float

    @classmethod
    def now(cls) -> Moment:
        """Return this one."""
        return cls(time.thread_time(), time.perf_counter())

    def idle_since(self, before: Moment) -> float:
        """Return for how many seconds the event loop had nothing to do, or something else had the processor."""
        return (self.clock - before.clock) - (self.busy - before.busy)


@dataclass(frozen=True)
class Press:
    """A key that was pressed; all in milliseconds.

    Attributes:
        key: which one.
        first: work until the first picture was drawn that can show it.
        last: work until the last one was.
        clock: time by the clock until the first one was.
    """

    key: str
    first: float
    last: float
    clock: float


class Timed(App[Any]):
    """Remembers when keys were handled and pictures drawn; to be put before the class of an application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handled: Moment | None = None
        self.drawn: list[tuple[Moment, Moment]] = []

    async def on_event(self, event: events.Event) -> None:
        """Remember when a key was handled: it comes here first, and again when no widget wants it for itself."""
        await super().on_event(event)
        if isinstance(event, events.Key):
            self.handled = Moment.now()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Draw, as for a terminal: there is none in a test, for which Textual would not make the codes."""
        began = Moment.now()
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)
            self.drawn.append((began, Moment.now()))


async def press(pilot: Pilot[Any], key: str) -> Press:
    """Press a key in a timed application, and wait until all that it asked for is drawn.

    Raises:
        TypeError: the application is not `Timed`.
    """
    app = pilot.app
    if not isinstance(app, Timed):
        raise TypeError(f"{type(app).__name__} does not remember when it drew")
    app.drawn.clear()
    app.handled = pressed = Moment.now()
    await pilot.press(key)
    first = last = app.handled
    pictures = 0
    for began, ended in app.drawn:
        if began.busy < app.handled.busy:
            continue
        if began.idle_since(last) > IDLE_SECONDS:
            break
        pictures, last = pictures + 1, ended
        first = first if pictures > 1 else ended
    return Press(
        key,
        *(1000 * each for each in (first.busy - pressed.busy, last.busy - pressed.busy, first.clock - pressed.clock)),
    )


def figures(where: str, presses: Sequence[Press]) -> list[Figure]:
    """Return how long keys take until the first and until the last picture, at the 95th percentile.

    Args:
        where: what is on the screen.
        presses: at least two.
    """
    clock = _p95([press.clock for press in presses])
    told = f"{len(presses)} presses; {clock:.0f} ms by the clock"
    first = _p95([press.first for press in presses])
    return [
        Figure(f"key to picture, {where}, p95", first, "ms", BAR_MILLISECONDS, told),
        replace(all_drawn(where, presses), bar=BAR_MILLISECONDS),
    ]


def all_drawn(where: str, presses: Sequence[Press]) -> Figure:
    """Return how long keys take until all is drawn that they ask for, with the slowest one."""
    slowest = max(presses, key=lambda press: press.last)
    told = f"slowest {slowest.key} {slowest.last:.0f} ms"
    return Figure(f"key to all drawn, {where}, p95", _p95([press.last for press in presses]), "ms", None, told)


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]
