"""Somebody who presses everything: whatever is typed, clicked and resized, the screens stay up and show something.

MONKEYS says how many random sequences are tried, of MONKEY_STEPS steps each, the first one with the seed MONKEY_SEED;
the defaults keep the suite short. What a sequence did is told when it fails.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from textual import events

from archaeologist.pipeline.recordings.playback import Playback
from archaeologist_tui.keys import all_keys
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.terminal import THEMES
from support.clocks import Turned
from support.screens import screens, shown_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.domain.events import RunSource
    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.app import Left

MONKEYS = int(os.environ.get("MONKEYS", "1"))
FIRST_SEED = int(os.environ.get("MONKEY_SEED", "2026"))
STEPS = int(os.environ.get("MONKEY_STEPS", "40"))
SMALLEST, LARGEST = (60, 18), (250, 70)
EVERYWHERE = ("enter", "escape", "tab", "shift+tab", "ctrl+p", "up", "down", "space", "backspace")
LETTERS = tuple("abcdefghijklmnoprstuvwxyz:/\"-'0123456789é")
LEAVES = {"q", "ctrl+q"}
TURNS = (events.MouseScrollDown, events.MouseScrollUp)


@dataclass
class Monkey:
    """Does something at random, and remembers what.

    Args:
        pilot: the application.
        random: where its ideas come from.
        keys: what it presses.
        clock: what a recording is played by.
    """

    pilot: Pilot[Left]
    random: random.Random
    keys: Sequence[str]
    clock: Turned
    done: list[str] = field(default_factory=list)

    async def do_something(self) -> None:
        """Press a key, click, turn the wheel, resize, or let time go by."""
        match self.random.choices(("key", "click", "wheel", "resize", "wait"), (16, 3, 1, 1, 1))[0]:
            case "key":
                await self._press(self.random.choice(self.keys))
            case "click":
                await self._click(self.random.choice((1, 1, 2)))
            case "wheel":
                await self._wheel()
            case "resize":
                await self._resize()
            case _:
                await self._wait()

    async def _press(self, key: str) -> None:
        self.done.append(key)
        await self.pilot.press(key)

    async def _click(self, times: int) -> None:
        place = self._place()
        self.done.append(f"click {place} {times} times")
        await self.pilot.click(offset=place, times=times)

    async def _wheel(self) -> None:
        place = self._place()
        self.done.append(f"wheel {place}")
        await self.pilot._post_mouse_events([self.random.choice(TURNS)], offset=place)

    async def _resize(self) -> None:
        size = self._size()
        self.done.append(f"resize {size}")
        await self.pilot.resize_terminal(*size)

    async def _wait(self) -> None:
        seconds = self.random.choice((0.1, 1.0, 10.0))
        self.done.append(f"wait {seconds}")
        await self.clock.turn(seconds)

    def _place(self) -> tuple[int, int]:
        width, height = self.pilot.app.screen.size
        return self.random.randrange(width), self.random.randrange(height)

    def _size(self) -> tuple[int, int]:
        return self.random.randint(SMALLEST[0], LARGEST[0]), self.random.randint(SMALLEST[1], LARGEST[1])


def all_that_is_pressed() -> list[str]:
    """Return every key that does something anywhere; those that leave the application are seldom."""
    bound = {key for each in all_keys() for key in each.keys.split(",")}
    return [*sorted(bound), *sorted(bound - LEAVES), *LETTERS, *EVERYWHERE * 2]


async def let_loose(source: RunSource, clock: Turned, seed: int, options: ScreenOptions) -> None:
    """Let a monkey at the application until it has done enough, or left."""
    chance = random.Random(seed)
    (run,) = await source.runs()
    size = chance.choice((SMALLEST, (80, 24), (120, 36), (160, 45), LARGEST))
    keys, done = all_that_is_pressed(), list[str]()
    try:
        async with screens(source, run=chance.choice((run, run, None)), size=size, options=options) as pilot:
            monkey = Monkey(pilot, chance, keys, clock, done)
            while pilot.app.is_running and pilot.app.return_value is None and len(done) < STEPS:
                await monkey.do_something()
                assert pilot.app.return_value is not None or shown_by(pilot).strip(), "nothing is on the screen"
    except BaseException as error:
        error.add_note(f"MONKEY_SEED={seed} of {size}: {', '.join(done)}")
        raise


@pytest.fixture
def clock() -> Turned:
    return Turned()


@pytest.fixture(params=["end", "middle", "played"])
def source(
    request: pytest.FixtureRequest, demo_run: RecordedSource, demo_in_the_middle: RecordedSource, clock: Turned
) -> RunSource:
    if request.param == "played":
        return Playback(demo_run, speed=64.0, clock=clock)
    return demo_run if request.param == "end" else demo_in_the_middle


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + MONKEYS))
async def test_nothing_that_is_pressed_clicked_or_resized_takes_the_screens_down(
    source: RunSource, clock: Turned, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path))  # where the palette saves pictures of the screen
    monkeypatch.chdir(tmp_path)
    if seed % 5 == 0:
        monkeypatch.setenv("NO_COLOR", "1")
    await let_loose(source, clock, seed, ScreenOptions(theme=THEMES[seed % len(THEMES)]))
