"""Follows a run line by line until it ends, and keeps server and worker alive for the commands that started them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.liveline import LiveLine
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET
from archaeologist.domain.run import RunState, Verdict
from archaeologist.domain.view import RunView, reduce
from archaeologist.errors import ArchaeologistError
from archaeologist.reporting.jsonlines import event_json, result_json
from archaeologist.reporting.lines import told_apart
from archaeologist.reporting.text import line_of, result_block, waiting_line
from archaeologist.temporal.embedded import is_alive
from archaeologist.temporal.state import held

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from archaeologist.cli.options import Place
    from archaeologist.domain.events import RunLine, RunSource

ResultT = TypeVar("ResultT")
Format = Literal["text", "plain", "json"]

QUIET_SECONDS = 30.0
"""After so long without an event the run says what it waits for."""

LOOK_SECONDS = 1.0
RESTARTS = 10


@dataclass
class Follower:
    """Prints a run's events as they come.

    Args:
        place: where server and worker are; None where a run needs none, as it is recorded.
        source: where the run is read from.
        output: how it is printed.
        keep_alive: start server and worker again when they die; for the commands that started them.
        aside: lines of text go to standard error, beside the result; for commands that are asked for the result.
    """

    place: Place | None
    source: RunSource
    output: Format
    keep_alive: bool
    aside: bool
    _view: RunView = field(default_factory=RunView)
    _last: float = field(default_factory=time.monotonic)
    _restarts: int = 0
    _live: LiveLine = field(init=False)

    def __post_init__(self) -> None:
        self._live = LiveLine(enabled=self.output == "text")

    async def follow(self, run: RunLine) -> RunView:
        """Print until the run ends or waits for a person, and return its picture."""
        watching = asyncio.create_task(self._watch(run))
        reading = asyncio.create_task(self._read(run))
        try:
            done, _ = await asyncio.wait({watching, reading}, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            self._live.clear()
            for task in (watching, reading):
                task.cancel()
                with suppress(asyncio.CancelledError, ArchaeologistError):
                    await task
        return self._view

    async def _read(self, run: RunLine) -> None:
        async for event in self.source.events(run, follow=True):
            self._last = time.monotonic()
            self._view = reduce(self._view, event)
            if self.output == "json":
                click.echo(event_json(event))
            elif (line := line_of(event, self._view)) is not None:
                self._live.print(self._coloured(line), err=self.aside)

    def _coloured(self, line: str) -> str:
        if self.output == "plain":
            return line
        for word, colour in (("FAIL", "red"), ("ask ", "yellow"), ("ok  ", "green")):
            if f"  {word}  " in line:
                return line.replace(f"  {word}  ", f"  {click.style(word, fg=colour)}  ", 1)
        return line

    async def _watch(self, run: RunLine) -> None:
        """Say what is waited for, and bring back what died; return when the run waits for a person."""
        while True:
            self._live.update(self._view, self.source.now())
            await asyncio.sleep(LOOK_SECONDS)
            # An old pause at the beginning of the history is followed by more at once.
            if self.keep_alive and self._view.state is RunState.PAUSED and time.monotonic() - self._last > LOOK_SECONDS:
                return
            if self.keep_alive and self.place is not None:
                await self._revive(self.place)
            if time.monotonic() - self._last > QUIET_SECONDS:
                self._last = time.monotonic()
                await self._say_what_is_waited_for(run)

    async def _revive(self, place: Place) -> None:
        server_gone = place.server.embedded and not is_alive(place.state)
        if held(place.state.worker_lock) and not server_gone:
            return
        if self._restarts >= RESTARTS:
            raise ArchaeologistError(
                f"server and worker died {RESTARTS} times",
                hint=f"see {place.state.worker_log}, then `archaeologist resume`",
            )
        self._restarts += 1
        self._live.print(f"the {'server' if server_gone else 'worker'} is gone: starting another one", err=True)
        await place.connect(start=True)
        await place.ensure_worker()

    async def _say_what_is_waited_for(self, run: RunLine) -> None:
        from archaeologist.pipeline.source import is_cancelled

        try:
            pending = await asyncio.wait_for(self.source.pending(run), LOOK_SECONDS * 5)
        except Exception as error:  # noqa: BLE001 - whatever keeps the server from answering, the words are the same
            if is_cancelled():
                raise asyncio.CancelledError from None
            line = f"the server does not answer ({type(error).__name__}); what is done is kept"
        else:
            worker_alive = self.place is None or held(self.place.state.worker_lock)
            line = waiting_line(pending, self._view, worker_alive=worker_alive)
        self._live.print(json.dumps({"event": "waiting", "text": line}) if self.output == "json" else line, err=True)


def finish(view: RunView, output: Format) -> int:
    """Print how a run ended and return the exit status."""
    if output == "json":
        click.echo(result_json(view))
    elif view.state is RunState.DONE:
        click.echo(result_block(view))
    else:
        click.echo(_unfinished(view), err=True)
    return status_of(view)


def _unfinished(view: RunView) -> str:
    """Return why a run stopped and the one thing to do about it."""
    if view.state is not RunState.PAUSED:
        verb = "was cancelled" if view.state is RunState.CANCELLED else view.state.value
        message = f": {view.message}" if view.message else ""
        return f"\nerror: the run {verb}{message}\n\nhint: `archaeologist resume` goes on where it was"
    if view.paused == PAUSE_ASKED:
        return f"\nthe run is paused: {PAUSE_ASKED}\n\nhint: `archaeologist resume` goes on"
    reason, hint = told_apart(view.paused)
    if PAUSE_APPROVAL in reason:
        hint = "`archaeologist approve` allows it, `archaeologist approve --deny REASON` does not"
        return f"\nthe run is paused: {reason}\n\nhint: {hint}"
    if reason.startswith(PAUSE_BUDGET):
        hint = "`archaeologist budget --tokens N` or `--usd N` lets it use more; what is done so far is on the branch"
    hint = hint or "see `archaeologist runs log`; `archaeologist resume` tries again"
    return f"\nerror: the run is paused: {reason}\n\nhint: {hint}"


def status_of(view: RunView) -> int:
    """Return the exit status that a run's end means."""
    if view.state is RunState.PAUSED and view.paused.startswith(PAUSE_BUDGET):
        return exits.STOPPED
    if view.state is not RunState.DONE or view.result is None:
        return exits.CANNOT_RUN
    return exits.FOUND if view.result.verdict is Verdict.WORSE else exits.DONE


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
