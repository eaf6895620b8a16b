"""One recorded run, read as `LiveSource` reads those of a server."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from google.protobuf.json_format import ParseError
from pydantic import ValidationError
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from archaeologist.domain.events import AgentStarted, DataPlane, PendingStep, RunLine
from archaeologist.domain.names import Role, agent_name
from archaeologist.domain.run import RunRequest
from archaeologist.domain.view import viewed
from archaeologist.errors import RecordingUnusable
from archaeologist.pipeline.histories import HistoryReader
from archaeologist.pipeline.recordings.flights import flights_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.flights import Flight

ARTEFACTS = "artefacts"
REPOSITORY = "repository.git"
RECORDED = "recorded"
_NO_LETTERS = re.compile(r"[^a-z]+")
_NUMBER = re.compile(r"-\d+$")


@dataclass(frozen=True)
class RecordedSource:
    """One recorded run: a folder of history files, `<name>.json` or `<name>-<n>.json`, as `history_name` says.

    Beside them, the folder may hold `artefacts/` and the git repository `repository.git`. Whatever reads them raises
    RecordingUnusable when they are none.
    """

    folder: Path

    def now(self) -> datetime:
        """Return when the last thing happened."""
        return self.recorded[-1].time

    def data(self, request: RunRequest) -> DataPlane:  # noqa: ARG002 - the recording has its own
        """Return where artefacts and git objects of the run are read."""
        return DataPlane(self.folder / ARTEFACTS, self.folder / REPOSITORY)

    async def runs(self) -> list[RunLine]:
        """Return the one run of the folder."""
        return [await asyncio.to_thread(lambda: line_of(self.request, viewed(self.recorded)))]

    async def events(
        self,
        run: RunLine,  # noqa: ARG002 - there is one only
        *,
        follow: bool,  # noqa: ARG002 - it has ended
        caught_up: asyncio.Event | None = None,
    ) -> AsyncIterator[RunEvent]:
        """Yield the recorded events in the order of their times."""
        for event in await asyncio.to_thread(lambda: self.recorded):
            yield event
        if caught_up:
            caught_up.set()

    async def pending(self, run: RunLine) -> list[PendingStep]:  # noqa: ARG002 - there is one only
        """Return the steps that were in flight when the recording was made."""
        return [flight.at(self.now()) for flight in self.flights if flight.ended is None]

    @cached_property
    def request(self) -> RunRequest:
        """What was asked for."""
        try:
            orders = (event.order for event in self.recorded if isinstance(event, AgentStarted))
            return RunRequest.model_validate(next(orders))
        except (StopIteration, ValidationError):
            raise RecordingUnusable(f"{self.folder} is no recorded run: nobody was asked for anything") from None

    @cached_property
    def recorded(self) -> Sequence[RunEvent]:
        """All events in the order of their times."""
        events: list[RunEvent] = []
        try:
            for name, reader in _readers(self._histories).items():
                read = map(reader.read, self._histories[name].events)
                events += [found for found in read if found is not None]
            viewed(ordered := sorted(events, key=lambda event: event.time))
        except (LookupError, TypeError, ValueError) as error:
            raise RecordingUnusable(f"{self.folder} is no whole recording: {error!r}") from error
        return ordered

    @cached_property
    def flights(self) -> Sequence[Flight]:
        """All steps, and when they were in flight."""
        limits = {
            (name, step.activity_id): step.retry_policy.maximum_attempts
            for name, history in self._histories.items()
            for event in history.events
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
            for step in (event.activity_task_scheduled_event_attributes,)
        }
        return flights_of(self.recorded, limits)

    @cached_property
    def _histories(self) -> dict[str, WorkflowHistory]:
        files = sorted(self.folder.glob("*.json"))
        if not any(path.stem == Role.ORCHESTRATOR for path in files):
            raise RecordingUnusable(f"{self.folder} is no recorded run: it has no {Role.ORCHESTRATOR}.json")
        return {path.stem: _history(path) for path in files}


def line_of(request: RunRequest, view: RunView) -> RunLine:
    """Return a recorded run as lists show it."""
    return RunLine(
        run_id=request.run.run_id,
        workflow_id=RECORDED,
        workflow_run=RECORDED,
        repository=request.run.root,
        branch=request.run.branch,
        state=view.state,
        paused=view.paused,
        started=view.started or datetime.fromtimestamp(0, UTC),
        ended=view.ended,
        version=request.version,
    )


def history_name(kind: str) -> str:
    """Return how the files are called that hold histories of workflows of a type, but for their numbers."""
    return _NO_LETTERS.sub("-", kind.lower()).strip("-") or "agent"


def _readers(histories: Mapping[str, WorkflowHistory]) -> dict[str, HistoryReader]:
    """Return who reads each history that has begun. Raises LookupError or ValueError when it is nobody's of the run."""
    agents: dict[str, str] = {}
    readers: dict[str, HistoryReader] = {}
    # Whoever began an agent was there before it.
    begun = sorted((name for name in histories if histories[name].events), key=lambda name: _begin(histories[name]))
    for name in begun:
        first = histories[name].events[0].workflow_execution_started_event_attributes
        kind, parent_id = first.workflow_type.name, first.parent_workflow_execution.workflow_id
        if _NUMBER.sub("", name) != history_name(kind):
            raise ValueError(f"{name}.json holds the history of {kind or 'nobody'}")
        parent = agents[parent_id] if parent_id else ""
        agents[first.workflow_id] = agent_name(kind, first.workflow_id, parent, parent_id)
        readers[name] = HistoryReader(agents[first.workflow_id], name, parent)
    return readers


def _begin(history: WorkflowHistory) -> datetime:
    return history.events[0].event_time.ToDatetime(tzinfo=UTC)


def _history(path: Path) -> WorkflowHistory:
    try:
        return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))
    except (ParseError, ValueError, OSError) as error:
        raise RecordingUnusable(f"{path} is no history: {error}") from error
