"""A run as big as the screens promise to bear: real steps on 2,000 files, and the demo's work items over and over.

Its branch has 5,000 hunks, its histories 20,000 events, and more of them come whenever somebody wants some.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, islice
from typing import TYPE_CHECKING

from archaeologist.agents.archaeologist.steps import gather_survey, survey_batch
from archaeologist.documents import FileEntry, Opening, keep
from archaeologist.domain.events import (
    AgentStarted,
    DataPlane,
    PendingStep,
    RunEvent,
    RunLine,
    StepEnded,
    StepScheduled,
    StepStarted,
)
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunState
from archaeologist.domain.steps import Opened
from archaeologist.domain.sweeps import GatherSurvey, SurveyBatch
from archaeologist.pipeline.recordings.files import opened
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.objects import list_tree
from support.recordings import DEMO
from support.small_run import SmallRun

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from archaeologist.domain.payload import Payload
    from archaeologist.domain.run import RunRequest
    from archaeologist.pipeline.recordings.source import RecordedSource

StepEvent = StepScheduled | StepStarted | StepEnded
FILES = 2_000
EVENTS = 20_000
HUNKS = 5_000
RULES = ("AR001", "AR020")
_ITEM = re.compile(r"item-(\d+)-(?=begin|open|\d)")
"""What names of steps begin with that are about an item; not of those that commit, as the commits are not here."""
LOOK_SECONDS = 0.02
_FLYING = 4
_GAP = "\n\n\n\n\n\n\n\n"
_MODULE = f'''\
"""Part {{number}} of a generated project."""


class Part{{number}}(object):
    """A part."""
{_GAP}
def named(name):
    return "%s of {{number}}" % (name,)
{_GAP}
def left_alone(name):
    return "%s!" % name
'''
_MORE = f'{_GAP}\ndef twice(name):\n    return "%s and %s" % (name, 2)\n'


@dataclass
class BigRun:
    """A run source with one run that goes on.

    Attributes:
        request: what was asked for.
        plane: where its artefacts and git objects are.
        past: what has happened.
        coming: what happens next, as far as it is asked for.
    """

    request: RunRequest
    plane: DataPlane
    past: list[RunEvent]
    coming: Iterator[RunEvent]
    pending_steps: tuple[PendingStep, ...] = ()

    @property
    def line(self) -> RunLine:
        """The run in a list."""
        scope, begun = self.request.run, self.past[0].time
        return RunLine("big", "big", "big", scope.root, scope.branch, RunState.RUNNING, "", begun, None, "0")

    def arrive(self, number: int) -> None:
        """Let so many things happen."""
        self.past += islice(self.coming, number)

    def now(self) -> datetime:
        """Return when the last thing of the past happened: the clock does not matter."""
        return self.past[-1].time

    def data(self, request: RunRequest) -> DataPlane:  # noqa: ARG002 - there is one only
        """Return where artefacts and git objects are."""
        return self.plane

    async def runs(self) -> list[RunLine]:
        """Return the run."""
        return [self.line]

    async def events(
        self,
        run: RunLine,  # noqa: ARG002 - see above
        *,
        follow: bool,
        caught_up: asyncio.Event | None = None,
    ) -> AsyncIterator[RunEvent]:
        """Yield what happened, and with `follow` what happens."""
        place = 0
        while place < len(self.past) or follow:
            fresh = self.past[place:]
            for event in fresh:
                yield event
            place += len(fresh)
            if caught_up:
                caught_up.set()
            await asyncio.sleep(LOOK_SECONDS)

    async def pending(self, run: RunLine) -> list[PendingStep]:  # noqa: ARG002 - see above
        """Return the steps in flight."""
        return list(self.pending_steps)


def big_run(folder: Path) -> BigRun:
    """Make the run in a folder: its repository, its artefacts, its events."""
    small = SmallRun.on(folder, {f"app/part{number // 50}/m{number}.py": _module(number) for number in range(FILES)})
    surveyed = _survey(small)
    small.rewrite(*RULES)
    small.commit()
    with opened(DEMO) as demo:
        shutil.copytree(demo.data(demo.request).artefacts, small.data.artefacts, dirs_exist_ok=True)
        request = small.request.model_copy(update={"judgement": demo.request.judgement})
        items = items_of(demo, small.events[-1].time)
    order = request.model_dump(mode="json")
    first = AgentStarted(small.events[0].time, Role.ORCHESTRATOR, "run", 0, order, continued=False)
    begun = [first, *surveyed, *small.events[1:]]
    talked = [next(items) for _ in range(EVENTS - len(begun))]
    return BigRun(request, small.data, [*begun, *talked], items, _flying(talked))


def _module(number: int) -> str:
    return _MODULE.format(number=number) + (_MORE if number % 2 else "")


def _survey(small: SmallRun) -> list[RunEvent]:
    """Look at all files as the archaeologist does."""
    entries = list_tree(Git(small.data.git_dir), small.scope.base)
    files = tuple(FileEntry(path=entry.path, mode=entry.mode, oid=entry.oid, size=entry.size) for entry in entries)
    size = sum(file.size for file in files)
    opening = Opening(files=files, skipped=(), batches=(tuple(range(len(files))),), rules=RULES)
    kept = keep(small.bench.artefacts, opening)
    found = survey_batch(small.bench, SurveyBatch(run=small.scope, opening=kept, batch=0, target="py38"))
    survey = gather_survey(small.bench, GatherSurvey(run=small.scope, opening=kept, batches=(found.artefact,)))
    told = Opened(opening=kept, files=len(files), skipped=0, bytes=size, batches=1, rules=RULES)
    time = small.events[0].time
    return [
        AgentStarted(time, Role.ARCHAEOLOGIST, "dig", 1, {}, continued=False),
        *_done(time, Role.ORCHESTRATOR, 2, Step.OPEN, told),
        *_done(time, Role.ARCHAEOLOGIST, 5, Step.SURVEY_BATCH, found),
        *_done(time, Role.ARCHAEOLOGIST, 8, Step.GATHER_SURVEY, survey),
    ]


def _done(time: datetime, agent: Role, number: int, kind: Step, result: Payload) -> list[RunEvent]:
    told = result.model_dump(mode="json")
    return [
        StepScheduled(time, agent, "dig", number, step=kind.value, kind=kind.value, summary=kind.value),
        StepEnded(time, agent, "dig", number + 1, step=kind.value, result=told),
    ]


def items_of(demo: RecordedSource, begun: datetime) -> Iterator[RunEvent]:
    """Yield the events of the modernizer's work items, with new numbers and names, without end."""
    steps = (event for event in demo.recorded if isinstance(event, StepEvent))
    recorded = [event for event in steps if _item_of(event)]
    items = max(_item_of(event) for event in recorded)
    for number, (turn, event) in enumerate((turn, event) for turn in count() for event in recorded):
        step = _ITEM.sub(f"item-{_item_of(event) + turn * items}-", event.step)
        yield replace(event, step=step, time=begun + timedelta(seconds=number), workflow_run="items", number=number)


def _item_of(event: StepEvent) -> int:
    found = _ITEM.match(event.step)
    return int(found[1]) if found and event.agent is Role.MODERNIZER else 0


def _flying(events: Sequence[RunEvent]) -> tuple[PendingStep, ...]:
    """Return some steps in flight."""
    last = [event for event in events if isinstance(event, StepScheduled)][-_FLYING:]
    return tuple(
        PendingStep(event.agent, event.step, event.kind, 2, "run", "the model did not answer", event.time, attempts=5)
        for event in last
    )
