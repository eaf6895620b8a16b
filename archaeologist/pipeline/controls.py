"""What displays may do with live runs: `RunControls` over a server, its worker and a state directory."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from temporalio.service import RPCError

from archaeologist.domain.controls import Health
from archaeologist.errors import ServerError
from archaeologist.pipeline import runs
from archaeologist.pipeline.deletion import delete_run
from archaeologist.pipeline.spawn import ensure_worker
from archaeologist.temporal.embedded import is_alive, log_file, remembered_ports
from archaeologist.temporal.frontend import LOOPBACK
from archaeologist.temporal.server import ensure_server
from archaeologist.temporal.state import held

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from temporalio.client import Client

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.events import RunLine
    from archaeologist.temporal.settings import ServerSettings
    from archaeologist.temporal.state import StateDirectory

ANSWER_SECONDS = 20.0
"""What a server and a run at work may take to answer; a worker that has just begun reads the run's history first."""


def health_of(state: StateDirectory, server: ServerSettings) -> Health:
    """Look at the locks that server and worker of a state directory hold as long as they live."""
    if not server.embedded:
        return Health()
    ports = remembered_ports(state)
    return Health(
        server=is_alive(state),
        worker=held(state.worker_lock),
        web_ui=f"http://{LOOPBACK}:{ports.ui}" if ports and ports.ui else "",
        logs=(str(state.worker_log), str(log_file(state))),
    )


@dataclass(frozen=True)
class LiveControls:
    """Controls of the runs of a state directory.

    Args:
        client: the server.
        state: the state directory, whose worker serves the runs.
        server: which server it is.
        worker_options: what a worker must be told to serve that server.
    """

    client: Client
    state: StateDirectory
    server: ServerSettings
    worker_options: Sequence[str] = ()

    def health(self) -> Health:
        """Look at server and worker."""
        return health_of(self.state, self.server)

    def seen(self, run: RunLine) -> datetime | None:
        """Return when a person looked at a run last; None when nobody knows."""
        try:
            return datetime.fromisoformat(self._mark(run).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def see(self, run: RunLine, when: datetime) -> None:
        """Remember that a person looks at a run, in its folder."""
        with suppress(OSError):  # a full disk is told by those who need it
            self._mark(run).parent.mkdir(exist_ok=True)
            self._mark(run).write_text(when.isoformat(), encoding="ascii")

    def _mark(self, run: RunLine) -> Path:
        return self.state.run(run.run_id) / "seen"

    async def revive(self) -> None:
        """Return once server and worker are there. Raises ServerError or WorkerError."""
        if self.server.embedded:
            await asyncio.to_thread(ensure_server, self.state, self.server)
        await asyncio.to_thread(ensure_worker, self.state, self.server.label, self.worker_options)

    async def pause(self, run: RunLine) -> None:
        """Ask a run to stop before its next step. Raises RunError."""
        async with self._answering():
            await runs.pause_run(self.client, run)

    async def resume(self, run: RunLine) -> RunLine:
        """Make a run go on, with a worker to do it. Raises RunError."""
        await self.revive()
        async with self._answering(whole=True):
            return await runs.resume_run(self.client, run)

    async def cancel(self, run: RunLine, *, force: bool = False) -> None:
        """Give a run up and return once it has ended. Raises RunError."""
        if not force:
            await self.revive()  # somebody must be there to tidy up
        async with self._answering(whole=True):
            await runs.cancel_run(self.client, run, force=force)
            await runs.wait_until_closed(self.client, run)

    async def decide(self, run: RunLine, deny: str | None, question: str = "") -> str:
        """Allow what a run waits for, or deny it with a reason. Raises RunError."""
        await self.revive()
        async with self._answering():
            return await runs.decide_run(self.client, run, deny, question)

    async def raise_budget(self, run: RunLine, limits: Budget) -> None:
        """Set limits anew. Raises RunError."""
        await self.revive()
        async with self._answering():
            await runs.raise_budget(self.client, run, limits)

    async def tell(self, run: RunLine, agent: str, text: str) -> None:
        """Say something to an agent at work. Raises RunError."""
        await self.revive()
        async with self._answering():
            await runs.tell_run(self.client, run, agent, text)

    async def delete(self, run: RunLine) -> None:
        """Forget a run that has ended. Raises RunError."""
        async with self._answering(whole=True):
            await delete_run(self.client, self.state, run)

    @asynccontextmanager
    async def _answering(self, *, whole: bool = False) -> AsyncIterator[None]:
        """Say so when nobody answers, and leave off then: what is heard much later, nobody expects any more.

        Args:
            whole: what is done takes as long as it takes, and is not left off in the middle.
        """
        restart = "`archaeologist resume` starts it again; what is done is kept"
        if self.server.embedded and not is_alive(self.state):
            raise ServerError("the server is gone, and the run stands still", hint=restart)
        try:
            async with asyncio.timeout(None if whole else ANSWER_SECONDS):
                yield
        except TimeoutError as error:
            hint = "what was asked may still be done: look before you ask again"
            raise ServerError(f"there was no answer in {ANSWER_SECONDS:.3g} s", hint=hint) from error
        except RPCError as error:
            raise ServerError(f"the server does not answer ({error.status.name})", hint=restart) from error
