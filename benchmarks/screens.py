"""How long a person waits for a screen: keys pressed in panes that hold much, while more arrives.

Processor time, from the key to the picture: a test's way to press keys sleeps much longer than that in between.
"""

from __future__ import annotations

import asyncio
import time
from statistics import quantiles
from typing import TYPE_CHECKING

from archaeologist.domain.names import Step
from archaeologist.domain.view import viewed
from archaeologist_tui.widgets.log import LogPane
from benchmarks.measures import Figure
from support.panes import PaneApp, pictured, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.domain.events import RunEvent

LINES = 10_000
KEYS = ("k", "k", "ctrl+u", "ctrl+u", "enter", "j", "enter", "g", "G", "slash", *"file 77", "enter", "n", "N", "k",
        "exclamation_mark", "exclamation_mark", "slash", "escape", "f", "y")  # fmt: skip
ROUNDS = 5
BAR_MILLISECONDS = 50


def screens() -> Iterator[Figure]:
    """Time key presses in a log of 10,000 lines, one of which comes in between, and the way to its first picture."""
    first, keys, resized = asyncio.run(_in_log())
    told = f"{len(keys)} presses of {len(set(KEYS))} keys at {LINES:,} lines, slowest {max(keys):.0f} ms"
    yield Figure("key press in the log, p95", quantiles(keys, n=20)[-1], "ms", BAR_MILLISECONDS, told)
    yield Figure("log of 10,000 lines, first picture", first, "ms", 1000, f"{3 * LINES:,} events at once")
    yield Figure("log of 10,000 lines, resized", resized, "ms", None, "every line wrapped anew")


async def _in_log() -> tuple[float, list[float], float]:
    events, more = _events(0, LINES), _events(LINES, LINES + ROUNDS * len(KEYS))
    picture, later = pictured(events), pictured((), viewed([*events, *more]))
    app = PaneApp(pane := LogPane())
    async with app.run_test(size=(100, 40)) as pilot:
        began = time.process_time()
        pane.add(events, picture)
        while pane.is_behind:
            await pilot.pause()
        first = _milliseconds(began)
        pane.focus()
        times = []
        for key in KEYS * ROUNDS:
            arriving, more = more[:3], more[3:]
            began = time.process_time()
            pane.add(arriving, later)
            await pilot.press(key)
            times.append(_milliseconds(began))
        began = time.process_time()
        await pilot.resize_terminal(90, 40)
        return first, times, _milliseconds(began)


def _events(first: int, last: int) -> Sequence[RunEvent]:
    """Return the events of so many steps, whose lines are as long as those of runs are."""
    words = "apply the rules to app/services/inventory/storage.py, and commit what comes of it"
    return [
        event
        for number in range(first, last)
        for event in step(number, f"step-{number}", Step.GATHER_LAYERS, summary=f"{words}, file {number} of 10,000")
    ]


def _milliseconds(began: float) -> float:
    return (time.process_time() - began) * 1000
