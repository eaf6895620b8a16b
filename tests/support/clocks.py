"""Clocks that tests turn: a playback needs no second of real time."""

from __future__ import annotations

import asyncio


class Impatient:
    """A clock on which whoever sleeps wakes at once, the time having gone by."""

    def __init__(self) -> None:
        self.time = 100.0

    def seconds(self) -> float:
        """Return the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Let the time go by."""
        self.time += seconds
        await asyncio.sleep(0)


class Turned:
    """A clock that stands still until somebody turns it."""

    def __init__(self) -> None:
        self.time = 100.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def seconds(self) -> float:
        """Return the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Return when the clock was turned so far."""
        event = asyncio.Event()
        self._sleepers.append((self.time + seconds, event))
        await event.wait()

    async def turn(self, seconds: float) -> None:
        """Let time go by, and let those work who wake from it."""
        self.time += seconds
        for due, event in self._sleepers:
            if due <= self.time:
                event.set()
        await settle()


async def settle() -> None:
    """Let everything work that does not wait for a clock."""
    for _ in range(20):
        await asyncio.sleep(0)
