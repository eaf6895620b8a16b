"""The worker's side: put a question to the asker, which is started when it is not there."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist import errors
from archaeologist.agents.asking.messages import LINE_BYTES, SAID, Answered, Failed, Text, Withdrawal, line_of
from archaeologist.agents.asking.place import AskerPlace
from archaeologist.agents.turns.attempt import StepFault
from archaeologist.errors import ArchaeologistError, ModelUnavailable, StateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archaeologist.agents.asking.messages import Question
    from archaeologist.domain.chat import ChatAnswer

READY_SECONDS = 30.0
_POLL_SECONDS = 0.02
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Asker:
    """Asks models for the agents of one state directory.

    Attributes:
        state: the state directory's path.
    """

    state: Path
    place: AskerPlace = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", AskerPlace(self.state))

    async def ask(self, question: Question, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the answer, which is in the journal then. Whoever stops waiting does not take the question back.

        Args:
            question: what to ask whom.
            on_text: is told the model's text as it arrives.

        Raises:
            ModelUnavailable: trying again can help.
            ModelTerminal: a person must do something first.
            StateError: the asker cannot be started.
        """
        reader, writer = await self._connected()
        with closing(writer):
            try:
                writer.write(line_of(question))
                await writer.drain()
                while line := await reader.readline():
                    match SAID.validate_json(line):
                        case Text(text=text):
                            on_text(text)
                        case Answered(answer=answer):
                            return answer
                        case Failed() as failed:
                            raise _error_of(failed)
            except ConnectionError:
                pass
        raise ModelUnavailable("the process that asks models ended in between; it is started again")

    async def withdraw(self, run_id: str, step: str) -> None:
        """Take a step's question back, when it is still on its way."""
        try:
            _, writer = await self._connection()
        except (FileNotFoundError, ConnectionError):
            return
        with closing(writer):
            writer.write(line_of(Withdrawal(run_id=run_id, step=step)))
            await writer.drain()

    async def _connection(self) -> _Streams:
        with self.place.address() as address:
            return await asyncio.open_unix_connection(address, limit=LINE_BYTES)

    async def _connected(self) -> _Streams:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                return await self._connection()
            except (FileNotFoundError, ConnectionError):
                if time.monotonic() > deadline:
                    raise StateError(
                        "the process that asks models cannot be started", hint=f"see {self.place.log}"
                    ) from None
            await asyncio.to_thread(self.place.start)
            await asyncio.sleep(_POLL_SECONDS)


def _error_of(failed: Failed) -> Exception:
    """Return the error to raise here: the same one of our tree, or a fault of the step for a defect of the asker."""
    kind = getattr(errors, failed.error, None)
    if kind is ModelUnavailable:
        return ModelUnavailable(failed.message, failed.retry_after)
    if isinstance(kind, type) and issubclass(kind, ArchaeologistError):
        return kind(failed.message, failed.hint)
    return StepFault(failed.error, failed.message, "", retryable=True, traceback=failed.trace)
