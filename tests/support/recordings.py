"""Recorded runs for tests of whatever shows a run: complete, with histories, artefacts and repository.

    async def test_it(demo_run: RecordedSource) -> None:
        (line,) = await demo_run.runs()
        plane = demo_run.data(demo_run.request)

A folder's conftest imports the fixtures: `from support.recordings import demo_in_the_middle, demo_run`, in `__all__`.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import archaeologist.cli
from archaeologist.domain.names import MEMO_PAUSED, Role, Step
from archaeologist.pipeline.recordings.files import opened
from archaeologist.pipeline.recordings.source import RecordedSource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from archaeologist.domain.events import RunEvent, RunLine

__all__ = ["demo_in_the_middle", "demo_run"]

DEMO = Path(archaeologist.cli.__file__).with_name("demo.zip")
"""The finished run that the package brings along: one with a model, an approval, a pause, and trouble."""


@dataclass(frozen=True)
class HeldBack(RecordedSource):
    """A recorded run that tells nothing until it is let.

    Attributes:
        let: whether it tells.
    """

    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncIterator[RunEvent]:
        """Yield everything once it is let."""
        await self.let.wait()
        async for event in super().events(run, follow=follow, caught_up=caught_up):
            yield event


@pytest.fixture(scope="session")
def demo_run() -> Iterator[RecordedSource]:
    """The run that `archaeologist demo` plays."""
    with opened(DEMO) as source:
        yield source


@pytest.fixture(scope="session")
def demo_in_the_middle(demo_run: RecordedSource, tmp_path_factory: pytest.TempPathFactory) -> RecordedSource:
    """The same run as it was while the modernizer was thinking: open, with a step in flight."""
    return cut(demo_run, tmp_path_factory.mktemp("middle") / "recording", thinking(demo_run, Role.MODERNIZER))


def thinking(source: RecordedSource, agent: Role) -> datetime:
    """Return a moment in the middle of the longest turn of an agent's model."""
    turns = [each for each in source.flights if (each.scheduled.agent, each.scheduled.kind) == (agent, Step.THINK)]
    spans = [(each.started.time, each.ended.time) for each in turns if each.started and each.ended]
    begin, end = max(spans, key=lambda span: span[1] - span[0])
    return begin + (end - begin) / 2


def cut(source: RecordedSource, folder: Path, end: datetime) -> RecordedSource:
    """Return a recording as it would be had it been made at an earlier moment; artefacts and repository are shared."""
    folder.mkdir()
    for path in source.folder.iterdir():
        if path.suffix != ".json":
            (folder / path.name).symlink_to(path)
            continue
        history = json.loads(path.read_text(encoding="utf-8"))
        kept = []
        for event in history["events"]:
            if datetime.fromisoformat(event["eventTime"]) > end:
                break
            kept.append(event)
        if kept:
            (folder / path.name).write_text(json.dumps({**history, "events": kept}), encoding="utf-8")
    return RecordedSource(folder)


def then(source: RecordedSource, folder: Path, kind: str, attributes: Mapping[str, object]) -> RecordedSource:
    """Return a recording in which one more thing happened to its orchestrator.

    Args:
        source: the recording before.
        folder: where the longer one is made.
        kind: Temporal's name of the event, without `EVENT_TYPE_`.
        attributes: the event's attributes, in the form of recorded histories.
    """
    longer = cut(source, folder, source.recorded[-1].time)
    path = folder / f"{Role.ORCHESTRATOR}.json"
    history = json.loads(path.read_text(encoding="utf-8"))
    first, *others = kind.lower().split("_")
    event = {
        "eventId": str(int(history["events"][-1]["eventId"]) + 1),
        "eventTime": source.recorded[-1].time.isoformat().replace("+00:00", "Z"),
        "eventType": f"EVENT_TYPE_{kind}",
        f"{first}{''.join(map(str.capitalize, others))}EventAttributes": attributes,
    }
    path.write_text(json.dumps({**history, "events": [*history["events"], event]}), encoding="utf-8")
    return longer


def paused(source: RecordedSource, folder: Path, reason: str) -> RecordedSource:
    """Return a recording in which the run waits for a person in the end."""
    told = {
        "metadata": {"encoding": b64encode(b"json/plain").decode()},
        "data": b64encode(json.dumps(reason).encode()).decode(),
    }
    return then(source, folder, "WORKFLOW_PROPERTIES_MODIFIED", {"upsertedMemo": {"fields": {MEMO_PAUSED: told}}})
