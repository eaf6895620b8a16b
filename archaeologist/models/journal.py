"""The journal of paid answers: an answer is on disk before the step that asked for it returns.

A worker that dies between paying and reporting does not pay again: the next attempt finds the answer here. An answer is
filed under the run, the step and a digest of the question. The workflow's own id would collide after a reset, and its
run id would be another one then, so that what was paid before the reset would be paid again.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from archaeologist.artefacts import write_durably
from archaeologist.boundaries import boundary
from archaeologist.domain.payload import Payload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

AnswerT = TypeVar("AnswerT", bound=Payload)

_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class AnswerJournal:
    """Answers below one folder."""

    folder: Path
    _asking: dict[Path, asyncio.Task[Payload]] = field(default_factory=dict, repr=False)

    async def once(
        self, run_id: str, step: str, question: bytes, kind: type[AnswerT], ask: Callable[[], Awaitable[AnswerT]]
    ) -> AnswerT:
        """Return the recorded answer, or ask and record what is said.

        An attempt that is given up by the server while its question is on the way does not take the question back:
        the next attempt waits for the same answer. Call `forget` to take it back.

        Args:
            run_id: the run that pays.
            step: the step's stable name.
            question: what is asked, as bytes that are the same for every attempt.
            kind: the model of the answer.
            ask: asks and returns the answer.
        """
        path = self._path(run_id, step, question)
        recorded = _recorded(path, kind)
        if recorded is not None:
            return recorded
        if path not in self._asking:
            task = asyncio.create_task(self._ask(path, kind, ask))
            self._asking[path] = task
            task.add_done_callback(lambda done: self._answered(path, done))
        return kind.model_validate(await asyncio.shield(self._asking[path]))

    @property
    def asking(self) -> bool:
        """Whether an answer is on its way to this process."""
        return bool(self._asking)

    async def settled(self) -> None:
        """Return once no answer is on its way to this process any more."""
        while self._asking:
            await asyncio.wait(self._asking.values())

    def forget(self, run_id: str, step: str) -> None:
        """Take questions of a step back that are still on the way: nobody wants their answers any more."""
        for path, task in list(self._asking.items()):
            if path.parent.name == run_id and path.name.startswith(f"{step}-"):
                task.cancel()

    def _answered(self, path: Path, done: asyncio.Task[Payload]) -> None:
        self._asking.pop(path, None)
        if not done.cancelled():
            done.exception()  # seen: the attempt that would have raised it may be gone

    def _path(self, run_id: str, step: str, question: bytes) -> Path:
        return self.folder / run_id / f"{step}-{hashlib.sha256(question).hexdigest()[:16]}.json"

    async def _ask(self, path: Path, kind: type[AnswerT], ask: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        async with _alone(path):
            recorded = _recorded(path, kind)
            if recorded is not None:
                return recorded
            boundary("model-call-before")
            answer = await ask()
            write_durably(path, answer.model_dump_json().encode())
            boundary("model-call-after")
            return answer


def journal_of(state: Path) -> AnswerJournal:
    """Return the journal of a state directory."""
    return AnswerJournal(state / "answers")


def _recorded(path: Path, kind: type[AnswerT]) -> AnswerT | None:
    return kind.model_validate_json(path.read_bytes()) if path.exists() else None


@asynccontextmanager
async def _alone(path: Path) -> AsyncIterator[None]:
    """Let one process at a time ask a question; a process that dies lets go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)
