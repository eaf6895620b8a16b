"""Follows a run line by line until it ends, and keeps server and worker alive for the commands that started them."""

from __future__ import annotations

import asyncio
import json
import math
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.liveline import LiveLine
from archaeologist.cli.telling.turns import event_line
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import RunView, reduce
from archaeologist.errors import ArchaeologistError, ServerError
from archaeologist.patience import answer_within
from archaeologist.reporting.jsonlines import event_json
from archaeologist.reporting.retries import Retries
from archaeologist.reporting.text import note_line, spelt, waiting_line
from archaeologist.temporal.embedded import is_alive, stop_mark
from archaeologist.temporal.state import held
from archaeologist_tools.safety.fencing import on_one_line
from archaeologist_tui.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from archaeologist.cli.options import Place
    from archaeologist.cli.telling.attention import Attention
    from archaeologist.cli.telling.teller import Teller
    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import PendingStep, RunEvent, RunLine, RunSource

ResultT = TypeVar("ResultT")
Format = Literal["text", "plain", "json"]

QUIET_SECONDS = 30.0
"""After so long without an event the run says what it waits for."""

LOOK_SECONDS = 1.0
NOW_SECONDS = 10.0
"""An event so young is of now; those of the past come all at once."""

RESTARTS = 10


@dataclass
class Follower:
    """Prints a run's events as they come, with what is known by them, and what is so while none come.

    Args:
        place: where server and worker are; None where a run needs none, as it is recorded.
        source: where the run is read from.
        controls: what tells whether server and worker are there.
        output: how it is printed.
        keep_alive: start server and worker again when they die; for the commands that started them.
        aside: lines of text go to standard error, beside the result; for commands that are asked for the result.
    """

    place: Place | None
    source: RunSource
    controls: RunControls
    output: Format
    keep_alive: bool
    aside: bool
    _view: RunView = field(default_factory=RunView)
    _last: float = field(default_factory=time.monotonic)
    _said: float = 0.0
    _restarts: int = 0
    _caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    _live: LiveLine = field(init=False)
    _retries: Retries = field(default_factory=Retries)
    _teller: Teller = field(init=False)
    _attention: Attention = field(init=False)

    def __post_init__(self) -> None:
        from archaeologist.cli.telling.attention import Attention
        from archaeologist.cli.telling.teller import Teller

        self._live = LiveLine(enabled=self.output == "text")
        self._teller = Teller(self.source)
        self._attention = Attention(self.place is not None, ends=self.keep_alive, paced=self.output == "plain")

    async def follow(self, run: RunLine) -> RunView:
        """Print until the run ends or waits for a person, and return its picture."""
        watching = asyncio.create_task(self._watch(run))
        reading = asyncio.create_task(self._read(run))
        try:
            done, _ = await asyncio.wait({watching, reading}, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            self._live.clear()
            watching.cancel()
            reading.cancel()
            await asyncio.gather(watching, reading, return_exceptions=True)
        return self._view

    async def _read(self, run: RunLine) -> None:
        async for event in self.source.events(run, follow=True, caught_up=self._caught_up):
            self._last = math.inf  # until it is told, nothing is quiet
            self._view = reduce(self._view, event)
            if self.output == "json":
                click.echo(event_json(event))
            else:
                await self._tell(event)
            self._last = time.monotonic()

    async def _tell(self, event: RunEvent) -> None:
        for text in self._teller.before(self._view):
            self._live.print(note_line(event.time, Role.ORCHESTRATOR, text), err=self.aside)
        if (line := event_line(event, self._view)) is not None:
            self._live.print(self._coloured(line), err=self.aside)
        for text in await self._teller.after(event, self._view):
            self._live.print(note_line(event.time, self._view.called(event.agent), text), err=self.aside)

    def _coloured(self, line: str) -> str:
        if self.output == "plain":
            return line
        for word, colour in (("FAIL", "red"), ("ask ", "yellow"), ("ok  ", "green")):
            if f"  {word}  " in line:
                return line.replace(f"  {word}  ", f"  {click.style(word, fg=colour)}  ", 1)
        return line

    async def _watch(self, run: RunLine) -> None:
        """Say what no event tells, and bring back what died; return when the run waits for a person."""
        while True:
            self._live.update(self._view, self.source.now())
            await asyncio.sleep(LOOK_SECONDS)
            waits = self._view.state is RunState.PAUSED
            if self.keep_alive and self.place is not None and not waits:
                await self._revive(self.place)
            # A pause of the past is followed by more.
            quiet = self._caught_up.is_set() and time.monotonic() - self._last > LOOK_SECONDS
            if quiet or self._is_up_to_date:
                await self._look(run, quiet=quiet)
            if quiet and waits and self.keep_alive:
                return

    @property
    def _is_up_to_date(self) -> bool:
        last = self._view.last_event
        return last is not None and (self.source.now() - last).total_seconds() < NOW_SECONDS

    async def _revive(self, place: Place) -> None:
        server_gone = place.server.embedded and not is_alive(place.state)
        if held(place.state.worker_lock) and not server_gone:
            return
        if stop_mark(place.state).exists():
            raise ServerError("the server was stopped", hint="`archaeologist resume` goes on where the run was")
        if self._restarts >= RESTARTS:
            raise ArchaeologistError(
                f"server and worker died {RESTARTS} times",
                hint=f"see {place.state.worker_log}, then `archaeologist resume`",
            )
        self._restarts += 1
        self._live.print(f"the {'server' if server_gone else 'worker'} is gone: starting another one", err=True)
        await place.connect(start=True)
        await place.ensure_worker()

    async def _look(self, run: RunLine, *, quiet: bool) -> None:
        """Say what is so at this moment, and what is waited for when nothing has happened for a while."""
        health = self.controls.health()
        flying = await self._in_flight(run)
        picture = Picture(run, self._view, self.source.now(), health, tuple(flying or ()))
        for failure in self._retries.lines(picture.pending, self._view, picture.now):
            if self.output == "json":
                self._say(failure.text)
            else:
                self._live.print(self._coloured(spelt(failure)), err=True)
        for line in self._attention.lines(picture, quiet=quiet):
            self._say(line)
        if health.whole and not self._view.paused and time.monotonic() - max(self._last, self._said) > QUIET_SECONDS:
            self._said = time.monotonic() + QUIET_SECONDS  # the next one after a minute
            self._say(
                "the server does not answer; what is done is kept"
                if flying is None
                else waiting_line(flying, self._view)
            )

    async def _in_flight(self, run: RunLine) -> list[PendingStep] | None:
        """Return the steps in flight; None when the server does not answer."""
        try:
            async with answer_within(LOOK_SECONDS * 5):
                return await self.source.pending(run)
        except Exception:  # noqa: BLE001 - whatever keeps the server from answering, the words are the same
            return None

    def _say(self, text: str) -> None:
        line = on_one_line(text)
        self._live.print(json.dumps({"event": "waiting", "text": line}) if self.output == "json" else line, err=True)


def chosen_format(*, plain: bool, as_json: bool) -> Format:
    """Return how to print: JSON and plain when asked for, plain when nobody looks."""
    if as_json:
        return "json"
    plain = plain or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return "plain" if plain or not sys.stderr.isatty() else "text"


def interruptible(command: Coroutine[Any, Any, ResultT]) -> ResultT | int:
    """Run a command to its end or to Ctrl-C; return its result, or the status of an interruption."""
    try:
        return asyncio.run(command)
    except KeyboardInterrupt:
        return exits.INTERRUPTED


@contextmanager
def leaving(run: RunLine) -> Iterator[None]:
    """Say on Ctrl-C how to come back: from here on there is a run, and leaving stops nothing."""
    try:
        yield
    except asyncio.CancelledError:
        click.echo(
            f"\nrun {run.run_id} goes on; `archaeologist watch {run.run_id}` follows it, "
            f"`archaeologist cancel {run.run_id}` gives it up",
            err=True,
        )
        raise
