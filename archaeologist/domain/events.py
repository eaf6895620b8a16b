"""What happened in a run, as its histories tell it; the only thing that displays are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.run import RunRequest, RunState


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One event of one agent's history.

    Attributes:
        time: when it happened.
        agent: to whom, as `names.agent_name` says: a `Role`, or a sub-agent's place.
        workflow_run: the execution of the agent's workflow.
        number: which one of that execution's events.
    """

    time: datetime
    agent: str
    workflow_run: str = field(repr=False)
    number: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class AgentStarted(RunEvent):
    """An agent was handed its brief.

    Attributes:
        order: the brief.
        continued: the agent goes on in another execution of its workflow.
        name: what people call it; empty where that is what it is known by.
        parent: the agent that handed it over; empty for the orchestrator.
        summary: the brief in one line.
    """

    order: dict[str, Any] = field(repr=False)
    continued: bool
    name: str = ""
    parent: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class AgentEnded(RunEvent):
    """An agent handed back its result, or failed, or was cancelled."""

    state: RunState
    result: dict[str, Any] = field(repr=False)
    message: str = ""

    @property
    def given_up(self) -> str:
        """Why a sub-agent has no answer; empty when it has one."""
        why = self.result.get("given_up")
        return f"gave up: {why}" if why and isinstance(why, str) else ""


@dataclass(frozen=True, slots=True)
class StepScheduled(RunEvent):
    """A step was put on its task queue."""

    step: str
    kind: str
    summary: str


@dataclass(frozen=True, slots=True)
class StepStarted(RunEvent):
    """The attempt that led to a step's end began; earlier attempts leave no event of their own."""

    step: str
    attempt: int
    last_failure: str


@dataclass(frozen=True, slots=True)
class StepEnded(RunEvent):
    """A step was completed; it will not be run again."""

    step: str
    result: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StepFailed(RunEvent):
    """A step gave up: a terminal fault, attempts used up, or a cancellation."""

    step: str
    message: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class RunPaused(RunEvent):
    """An agent waits for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class RunResumed(RunEvent):
    """An agent goes on."""


@dataclass(frozen=True, slots=True)
class PauseAsked(RunEvent):
    """A person told the run to pause; it does once a worker hears of it."""


@dataclass(frozen=True, slots=True)
class ResumeAsked(RunEvent):
    """A person told the run to go on; its agents have not answered yet."""


@dataclass(frozen=True, slots=True)
class RunReopened(RunEvent):
    """A person made a run go on that had ended; a question that was open where it goes on is open again."""


@dataclass(frozen=True, slots=True)
class Decided(RunEvent):
    """A person answered what the run asked to be allowed.

    Attributes:
        question: what the answer is to, such as `plan` or `item-3`; empty for the oldest question.
        granted: whether it is allowed.
        reason: why not; may be empty.
        again: as for `BudgetRaised`.
    """

    question: str
    granted: bool
    reason: str = ""
    again: bool = False

    @property
    def why(self) -> str:
        """Why it is refused, in words."""
        return self.reason or "no reason given"


@dataclass(frozen=True, slots=True)
class BudgetRaised(RunEvent):
    """A person set limits anew; those that are None stay as they were.

    Attributes:
        again: it was said before the run ended, and holds on in the execution that goes on.
    """

    limits: Budget
    again: bool = False


@dataclass(frozen=True, slots=True)
class CodeFailed(RunEvent):
    """The workflow's own code failed on a task: a defect of ours, or a changed version."""

    message: str


@dataclass(frozen=True, slots=True)
class CodeWorks(RunEvent):
    """The workflow's own code came through a task again."""


@dataclass(frozen=True)
class RunLine:
    """One run in a list."""

    run_id: str
    workflow_id: str
    workflow_run: str
    repository: str
    branch: str
    state: RunState
    paused: str
    started: datetime
    ended: datetime | None
    version: str

    @property
    def name(self) -> str:
        """What people call the repository: its folder."""
        return self.repository.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True)
class PendingStep:
    """A step that is in flight right now; `writes` is the end of what a model is saying."""

    agent: str
    step: str
    kind: str
    attempt: int
    state: str
    last_failure: str
    started: datetime | None
    writes: str = ""
    attempts: int = 0
    """Attempts that it may have in all; 0 when nothing limits them."""
    again: datetime | None = None
    """When the next attempt begins, after one that failed."""


@dataclass(frozen=True)
class DataPlane:
    """Where that is which histories only name: folders that may be read and are never written."""

    artefacts: Path
    git_dir: Path


class RunSource(Protocol):
    """Where runs are read from: live histories or recorded ones. Reading costs a run nothing."""

    def now(self) -> datetime:
        """Return the time by the run's clock, which is the past one while a recorded run is played."""
        ...

    async def runs(self) -> list[RunLine]:
        """Return all runs, the newest first."""
        ...

    def events(self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None) -> AsyncIterator[RunEvent]:
        """Yield the run's events.

        Args:
            run: which run.
            follow: go on until it ends.
            caught_up: set once all is told that had happened when reading began; until then a picture of the events
                is one of the past.
        """
        ...

    async def pending(self, run: RunLine) -> list[PendingStep]:
        """Return the steps in flight."""
        ...

    def data(self, request: RunRequest) -> DataPlane:
        """Return where artefacts and git objects of a run are read."""
        ...
