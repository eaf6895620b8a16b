"""An application in which each key goes where the one before it led.

Textual 8.2 gives a key to the widget that has the focus when the key comes in, while the key before it is still on its
way: of `/app`, typed in one go or over a slow line, the letters would be keys of the pane that `/` is about to leave.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App, ReturnType
from textual.message import Message

from archaeologist_tui.feed import never

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widget import Widget

ROUNDS = 3
"""How often what a key does is followed up to the application: what is typed in a field is sent on by its pane, and by
the screen of that, before something else has the focus."""
LOST_SECONDS = 0.5
"""After so long a key counts as handled: a widget that is taken away may take with it what says so."""


class TypedApp(App[ReturnType]):
    """Handles one key after the other.

    Attributes:
        pressed: when a key came in last, by `time.monotonic`.
    """

    @dataclass
    class Passed(Message):
        """Goes the way that a key went, right behind it: from the widget that it was for up to the application.

        Args:
            rounds: how often it has still to go that way.
            number: which one it is; only the newest counts, as one that seemed lost may come after all.
        """

        rounds: int
        number: int

    def __init__(self) -> None:
        super().__init__()
        self.pressed = never()
        self._typed = deque[events.Key]()
        self._handles = False
        self._lost: Timer | None = None
        self._number = 0

    async def on_event(self, event: events.Event) -> None:
        """Have a key wait for its turn."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self.pressed = time.monotonic()
        self._typed.append(event)
        if not self._handles:
            await self._handle_next()
        elif self._lost is None:
            self._lost = self.set_timer(LOST_SECONDS, self._handle_next)

    @on(Passed)
    def _passed(self, event: Passed) -> None:
        # Not at once: a widget that gets the focus has the application give it, as the next thing it does.
        self.call_later(self._go_round, event)

    async def _go_round(self, event: Passed) -> None:
        if event.number != self._number:
            return
        if event.rounds:
            self._pass(self._target, event.rounds - 1)
        else:
            await self._handle_next()

    def _pass(self, carrier: Widget, rounds: int) -> None:
        self._number += 1
        carrier.post_message(self.Passed(rounds, self._number))

    async def _handle_next(self) -> None:
        if self._lost is not None:
            self._lost.stop()
            self._lost = None
        self._handles = bool(self._typed)
        if self._handles:
            target = self._target
            await super().on_event(self._typed.popleft())
            self._pass(target, ROUNDS)
        if self._typed:
            self._lost = self.set_timer(LOST_SECONDS, self._handle_next)

    @property
    def _target(self) -> Widget:
        """The widget that a key is for."""
        return self.focused or self.screen
