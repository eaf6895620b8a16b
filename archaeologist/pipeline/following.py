"""Reads the histories of a run's orchestrator and of every agent that works for it, as one stream."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio.service import RPCError, RPCStatusCode

from archaeologist.patience import leave_if_cancelled
from archaeologist.pipeline.executions import begun_by
from archaeologist.pipeline.histories import HistoryReader
from archaeologist.pipeline.ordering import TimeOrder
from archaeologist.pipeline.undone import UndoneReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client

    from archaeologist.domain.events import RunEvent
    from archaeologist.pipeline.executions import Execution
    from archaeologist.pipeline.undone import Ending

RECONNECT_SECONDS = 0.5
AT_ONCE = 250
"""Events of a history that are read before others have their turn: a page of a server may hold very many."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Followers:
    """Reads histories, each in a task of its own, and gives their events in the order of time; see `ordering.py`.

    Args:
        client: the server.
        follow: go on until every history has ended.
        caught_up: set when all of the past is given out.
    """

    def __init__(self, client: Client, *, follow: bool, caught_up: asyncio.Event) -> None:
        self._client = client
        self._follow = follow
        self._tasks: set[asyncio.Task[None]] = set()
        self._order = TimeOrder()
        self._news = asyncio.Event()
        self._past_is_read = caught_up
        self._failure: BaseException | None = None

    def add(self, execution: Execution, since: datetime = _BEGINNING, ending: Ending | None = None) -> None:
        """Read one more history, of which nothing happened before a time; or only the ending of it that was undone."""
        self._order.begin(execution.workflow_run, since)
        task = asyncio.create_task(self._read(execution, ending))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def merged(self) -> AsyncGenerator[RunEvent]:
        """Yield events of all histories until every one of them has ended."""
        try:
            while self._tasks or self._news.is_set():
                await self._news.wait()
                self._news.clear()
                for event in self._order.due():
                    yield event
                if self._failure:
                    raise self._failure
                if not self._order.is_past:
                    self._past_is_read.set()
        finally:
            for task in list(self._tasks):
                task.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._news.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = error

    async def _read(self, execution: Execution, ending: Ending | None) -> None:
        workflow_run, seen, past = execution.workflow_run, 0, None
        take = self._handler(execution, ending)
        handle = self._client.get_workflow_handle(execution.workflow_id, run_id=workflow_run)
        while True:
            try:
                if past is None:
                    past = (await handle.describe()).history_length if self._follow else math.inf
                async for event in handle.fetch_history_events(wait_new_event=self._follow):
                    if event.event_id > seen:
                        seen = event.event_id
                        take(event)
                    if seen % AT_ONCE == 0:
                        await asyncio.sleep(0)
                    if seen >= past:
                        self._caught_up(workflow_run)
            except RPCError as error:
                leave_if_cancelled()
                away = self._follow and error.status in _SERVER_AWAY
                if not (away or _STALE in str(error)):
                    raise
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                self._caught_up(workflow_run)
                return

    def _caught_up(self, workflow_run: str) -> None:
        self._order.caught_up(workflow_run)
        self._news.set()

    def _handler(self, execution: Execution, ending: Ending | None) -> Callable[[HistoryEvent], None]:
        """Return what takes the events of a history in their order."""
        undone = UndoneReader(ending, execution) if ending else None
        reader = undone or HistoryReader(execution.agent, execution.workflow_run, execution.parent)

        def take(event: HistoryEvent) -> None:
            if undone is None or undone.undid(event):
                for begun in begun_by(event, execution):
                    self.add(begun, event.event_time.ToDatetime(tzinfo=UTC), ending)
            found = reader.read(event)
            if found is not None:
                self._order.read(found)
                self._news.set()

        return take


_STALE = "branch tokens"
"""In what the server says of a page of a history that has moved on meanwhile: read it from its beginning again."""

_SERVER_AWAY = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.UNKNOWN,
    RPCStatusCode.INTERNAL,
}
