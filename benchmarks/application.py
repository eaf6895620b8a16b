"""How long a person waits for the whole application on a big run: keys of every screen while the run goes on.

The event loop is blocked as long as it does one thing after the other without a pause; that is measured apart from
keys, as what measures it has the event loop work.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist_tui.app import ArchaeologistApp, collect_seldom
from archaeologist_tui.screens.branch import BranchScreen
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.widgets.diff import DiffView
from archaeologist_tui.widgets.log import LogPane
from benchmarks.bigrun import FILES, HUNKS, BigRun, big_run
from benchmarks.keypress import Press, Timed, all_drawn, figures, press
from benchmarks.measures import MIB, Figure
from support.screens import until, until_shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from textual.pilot import Pilot
    from textual.screen import Screen

    from archaeologist.domain.events import RunLine
    from archaeologist_tui.app import Left

SIZE = (140, 45)
ROUNDS = 2
VISITS = 10
MANY_EVENTS = 200_000
ARRIVING = 5
"""Events that come with each key."""
RUNS = 500
BEAT_SECONDS = 0.005
LOG_KEYS = ("2", "k", "ctrl+u", "g", "G", "k", "enter", "j", "slash", *"item-77", "enter", "n", "N",
            "exclamation_mark", "exclamation_mark", "slash", "escape", "f")  # fmt: skip
RUN_KEYS = {
    "agents": ("1", "j", "k", "G", "g", "j", "enter", "j", "ctrl+d", "ctrl+d", "G", "k", "k", "g", "j", "enter"),
    "log": LOG_KEYS,
    "diff": ("3", "j", "ctrl+d", "right_square_bracket", "right_square_bracket", "right_curly_bracket", "G", "g", "s",
             "z", "z", "s"),
    "plan": ("4", "j", "ctrl+d", "G", "k", "enter", "j", "enter", "g", "slash", *"m77.py", "enter", "n", "slash",
             "escape"),
    "chat": ("5", "k", "ctrl+u", "enter", "g", "G", "less_than_sign", "less_than_sign", "greater_than_sign", "slash",
             *"gates", "enter", "n", "slash", "escape", "f"),
    "survey": ("6", "j", "ctrl+d", "G", "enter", "ctrl+d", "G", "k", "g", "slash", *"path:app/part1", "enter", "n",
               "slash", "escape"),
    "tabs": ("2", "3", "4", "5", "6", "2", "4", "6", "5", "3"),
}  # fmt: skip
BRANCH_KEYS = ("j", "j", "k", "space", "j", "ctrl+d", "b", "j", "ctrl+d", "G", "g", "b", "b", "2",
               *["right_square_bracket"] * 4, "right_curly_bracket", "left_square_bracket", "j", "ctrl+d", "G", "k",
               "g", "s", "z", "z", "s", "slash", *"rule:AR001 path:app/part7", "enter", "j", "slash", "escape", "3",
               "j", "G", "enter", "2", "1")  # fmt: skip
RUNS_KEYS = ("j", "ctrl+d", "G", "k", "g", "slash", *"run-77", "enter", "j", "escape", "j")


@dataclass
class Heart:
    """Beats as long as the event loop lets it, and remembers what the loop did meanwhile.

    Attributes:
        busy: processor seconds that the event loop's thread took between two beats.
    """

    busy: list[float] = field(default_factory=list)

    async def beat(self) -> None:
        """Beat until cancelled."""
        while True:
            began = time.thread_time()
            await asyncio.sleep(BEAT_SECONDS)
            self.busy.append(time.thread_time() - began)

    def taken(self) -> float:
        """Return the longest time, in milliseconds, and begin anew."""
        longest = max(self.busy, default=0.0) * 1000
        self.busy.clear()
        return longest


@asynccontextmanager
async def beating() -> AsyncIterator[Heart]:
    """Let a heart beat."""
    heart = Heart()
    task = asyncio.create_task(heart.beat())
    try:
        yield heart
    finally:
        task.cancel()


async def pressed(pilot: Pilot[Left], keys: Iterable[str], run: BigRun | None = None) -> list[Press]:
    """Press keys; with a run something happens meanwhile."""
    presses = []
    for key in keys:
        if run is not None:
            run.arrive(ARRIVING)
        presses.append(await press(pilot, key))
    return presses


class TimedApp(Timed, ArchaeologistApp):
    """The application, which remembers when keys were handled and pictures drawn."""


class ManyRuns(BigRun):
    """The same run, as often as a state directory holds runs after some years."""

    async def runs(self) -> list[RunLine]:
        """Return the runs."""
        return [
            replace(self.line, run_id=f"run-{number}", workflow_run=f"{number}", repository=f"/srv/{number}")
            for number in range(RUNS)
        ]


def application() -> Iterator[Figure]:
    """Time keys of all screens, and measure the memory, over a run of 20,000 events with 5,000 hunks in 2,000 files."""
    collect_seldom()
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        run = big_run(Path(scratch))
        yield from asyncio.run(_on_run(run))
        yield from asyncio.run(_on_branch(run))
        yield from asyncio.run(_in_list(run))
        yield from asyncio.run(_memory(run))


async def _on_run(run: BigRun) -> list[Figure]:
    rows: list[Figure] = []
    presses: list[Press] = []
    async with opened(run, run.line) as pilot:
        for name, keys in RUN_KEYS.items():
            pressed_here = await pressed(pilot, keys * ROUNDS, run)
            presses += pressed_here
            rows.append(all_drawn(f"run screen, {name}", pressed_here))
        async with beating() as heart:
            await pressed(pilot, RUN_KEYS["log"] + RUN_KEYS["tabs"], run)
    blocked = Figure(
        "event loop blocked on the run screen", heart.taken(), "ms", None, "at most, while keys are pressed"
    )
    return [*figures("run screen", presses), *rows, blocked]


async def _on_branch(run: BigRun) -> list[Figure]:
    async with opened(run, run.line) as pilot:
        async with beating() as heart:
            began = time.perf_counter()
            await pilot.press("v")
            await until(pilot, lambda: _has_hunks(pilot), "the hunks", 60.0)
            first = (time.perf_counter() - began) * 1000
        told = f"{HUNKS:,} hunks in {FILES:,} files, event loop blocked {heart.taken():.0f} ms at most"
        presses = await pressed(pilot, BRANCH_KEYS * ROUNDS, run)
        return [Figure("branch screen, all hunks read", first, "ms", None, told), *figures("branch", presses)]


def _has_hunks(pilot: Pilot[Left]) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, BranchScreen) and len(screen.query_one(DiffView).hunks) == HUNKS


async def _in_list(run: BigRun) -> list[Figure]:
    many = ManyRuns(run.request, run.plane, run.past[:500], run.coming)
    async with opened(many) as pilot:
        await until_shown(pilot, "run-17")
        return figures(f"list of {RUNS} runs", await pressed(pilot, RUNS_KEYS * ROUNDS))


async def _memory(run: BigRun) -> list[Figure]:
    """Open and leave screens, and let a run be ten times as long."""
    process = psutil.Process()
    async with opened(run, run.line) as pilot:
        screen = pilot.app.screen
        for _ in range(2):
            await pilot.press("v", "escape", "t", "escape", "question_mark", "escape")
        before = process.memory_info().rss
        for _ in range(VISITS):
            await pilot.press("v", "escape", "t", "escape", "question_mark", "escape")
        visited = process.memory_info().rss
        events = MANY_EVENTS - len(run.past)
        run.arrive(events)
        there = process.memory_info().rss  # the events themselves are of this program, and not of the application
        await until(pilot, lambda: _has_all(screen, MANY_EVENTS), "all events", 300.0)
        longer = process.memory_info().rss
    return [
        Figure("memory after visits of screens", (visited - before) / MIB, "MiB", 20, f"{3 * VISITS} screens left"),
        Figure("memory of a long run", (longer - there) / MIB, "MiB", 60, f"{events:,} events more"),
    ]


def _has_all(screen: Screen[object], events: int) -> bool:
    """Whether so many events are shown: steps have three each."""
    if not isinstance(screen, RunScreen):
        return False
    return len(screen.picture.view.steps) >= events // 3 - 50 and not screen.query_one(LogPane).is_behind


@asynccontextmanager
async def opened(run: BigRun, line: RunLine | None = None) -> AsyncIterator[Pilot[Left]]:
    """Open the application on a run, and wait until all of it is shown."""
    app = TimedApp(run, RecordedControls(), None, line)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        if line is not None:
            await until(pilot, lambda: isinstance(app.screen, RunScreen), "the run screen")
            await until(pilot, lambda: _has_all(app.screen, len(run.past)), "the whole run", 60.0)
        gc.collect()  # what an application before this one left is not this one's
        await pilot.pause(0.1)
        yield pilot
