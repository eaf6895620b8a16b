"""The asker: a small detached process that asks models and writes their answers to the journal.

    python -m archaeologist.agents.asking.asker STATE --idle-seconds 60

It ends when nothing was asked for a while; told to end, it stays until the answers are there that are being paid, and
whoever wants them finds it until then.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from archaeologist.agents.asking.messages import ASKED, LINE_BYTES, Answered, Failed, Text, Withdrawal, line_of
from archaeologist.agents.asking.place import AskerPlace
from archaeologist.domain.chat import ChatAnswer
from archaeologist.models.journal import journal_of
from archaeologist.models.naming import close_models, model_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archaeologist.agents.asking.messages import Question
    from archaeologist.models.journal import AnswerJournal

_LOOK_SECONDS = 1.0
_UNREAD_BYTES = 1024 * 1024
"""Of text that a worker has not read; what comes after it is not shown, and is in the answer all the same."""


class Reception:
    """Where workers put their questions and get the answers.

    Args:
        journal: where answers are kept.
    """

    def __init__(self, journal: AnswerJournal) -> None:
        self.journal = journal
        self.used_at = time.monotonic()
        self._serving: set[asyncio.Task[None]] = set()
        self._listening: dict[str, set[Callable[[str], None]]] = {}

    @property
    def busy(self) -> bool:
        """Whether somebody waits, or an answer is on its way."""
        return bool(self._serving) or self.journal.asking

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, which brings a question or takes one back."""
        serving = cast("asyncio.Task[None]", asyncio.current_task())
        self._serving.add(serving)
        try:
            with closing(writer), suppress(ConnectionError):
                asked = ASKED.validate_json(await reader.readline())
                if isinstance(asked, Withdrawal):
                    self.journal.forget(asked.run_id, asked.step)
                else:
                    await self._serve(asked, reader, writer)
        finally:
            self._serving.discard(serving)
            self.used_at = time.monotonic()

    async def finish(self) -> None:
        """Return once every answer on its way is in the journal, and with whoever waits for it."""
        await self.journal.settled()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, question: Question, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer a worker as long as it is there; a question on its way goes on without it."""
        answering = asyncio.create_task(self._answer(question, lambda text: _show(writer, text)))
        gone = asyncio.create_task(reader.read())
        await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if answering.done():
            writer.write(line_of(answering.result()))
            await writer.drain()
        answering.cancel()

    async def _answer(self, question: Question, on_text: Callable[[str], None]) -> Answered | Failed:
        asked = question.request.model_dump_json().encode()
        place = f"{question.run_id}/{question.step}"
        listening = self._listening.setdefault(place, set())
        listening.add(on_text)
        try:
            return Answered(
                answer=await self.journal.once(
                    question.run_id, question.step, asked, ChatAnswer, lambda: _ask(question, listening)
                )
            )
        except asyncio.CancelledError:
            # The question was taken back; were it this waiting that is cancelled, nobody would read it.
            return Failed(error="ModelUnavailable", message="the question was taken back")
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker has to hear it
            return Failed.of(error)
        finally:
            listening.discard(on_text)
            if not listening:
                self._listening.pop(place, None)


async def _ask(question: Question, listening: set[Callable[[str], None]]) -> ChatAnswer:
    def tell(text: str) -> None:
        for on_text in tuple(listening):
            on_text(text)

    model = model_of(question.model, question.record, {**os.environ, **question.keys})
    return await model.complete(question.request, tell)


def _show(writer: asyncio.StreamWriter, text: str) -> None:
    if not writer.is_closing() and writer.transport.get_write_buffer_size() < _UNREAD_BYTES:
        writer.write(line_of(Text(text=text)))


async def serve(place: AskerPlace, idle_seconds: float) -> None:
    """Answer until nobody has asked for a while, the state directory is gone, or somebody ends us.

    Args:
        place: whose asker this is.
        idle_seconds: how long a while is.
    """
    reception = Reception(journal_of(place.state))
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    # Relative, because an absolute address may be longer than a system takes.
    os.chdir(place.folder)
    server = await asyncio.start_unix_server(reception.receive, place.socket.name, limit=LINE_BYTES)
    while not told.is_set() and place.socket.exists():
        with suppress(TimeoutError):
            async with asyncio.timeout(min(_LOOK_SECONDS, idle_seconds)):
                await told.wait()
        if not reception.busy and time.monotonic() - reception.used_at >= idle_seconds:
            break
    while reception.busy:
        await reception.finish()
    # From here on nobody finds the socket, and who comes waits for the next asker.
    place.socket.unlink(missing_ok=True)
    server.close()
    await reception.finish()
    await close_models()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the asker's command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="asker", description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("--idle-seconds", type=float, required=True)
    options = parser.parse_args(arguments)
    asyncio.run(serve(AskerPlace(options.state), options.idle_seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
