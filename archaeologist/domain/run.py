"""A run: what was asked for, what it works on, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.payload import Payload


class RunScope(Payload):
    """What every step of a run must know: where it works and in whose name."""

    run_id: str
    root: str = Field(description="the repository's work tree")
    git_dir: str = Field(description="the repository's common git directory")
    scope: str = Field(default="", description="posix path below the root; empty for the whole repository")
    base: str = Field(description="commit id everything is read at")
    branch: str
    date: str = Field(description="author and committer date of every commit: '<unix seconds> +0000'")
    author_name: str
    author_email: str


class RunLimits(Payload):
    """Sizes that keep a run's histories and processes small."""

    batch_bytes: int = Field(default=800_000, description="source bytes in a batch, at least one file")
    max_batches: int = Field(default=48, description="batches a sweep; larger repositories get larger batches")
    history_events: int = Field(default=5_000, description="a workflow continues as new beyond this many events")
    parallel_batches: int = Field(default=16, description="batches in flight at once")


class TestOptions(Payload):
    """How the project's own tests are run."""

    __test__ = False

    run: bool = Field(default=False, description="whether the user agreed to run them")
    command: str | None = None
    python: str | None = None
    seconds: float = Field(default=1800, description="wall time one test run may take")


Approval = Literal["none", "plan", "phase", "item"]


class Judgement(Payload):
    """Who judges in a run, and what that may cost."""

    models: dict[str, str] = Field(default={}, description="by agent; one without has rules only")
    budget: Budget = Budget()
    approve: Approval = Field(default="none", description="what a person is asked before")
    items: int = Field(default=40, description="work items at most, for each agent")
    parallel: int = Field(default=1, description="work items that an agent works on at the same time, at most")
    record: str = Field(default="", description="folder that all answers are recorded in; empty for none")
    skills: bool = Field(default=False, description="whether the user trusts the skills that the repository brings")

    def model_of(self, role: str) -> str:
        """Return the model of an agent; empty when it has rules only."""
        return self.models.get(role, "")


class RunRequest(Payload):
    """The input of the orchestrator: one modernization of one repository at one base commit."""

    run: RunScope
    version: str = Field(description="the program's version that started the run")
    provider: str = "offline"
    target: str = Field(description="lowest Python version of what is written, e.g. 'py38'")
    target_origin: str = Field(description="where the target version was found")
    rules: tuple[str, ...] = Field(default=(), description="rule codes; empty for all")
    exclude: tuple[str, ...] = ()
    tests: TestOptions = TestOptions()
    limits: RunLimits = RunLimits()
    judgement: Judgement = Judgement()
    notes: tuple[str, ...] = Field(default=(), description="what the user should know about the repository's condition")


class RunState(StrEnum):
    """The state of a run as people see it."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether the run can go on by itself or after a resume."""
        return self in {RunState.RUNNING, RunState.PAUSED}


class Verdict(StrEnum):
    """What verification says of the branch."""

    GOOD = "good"
    WORSE = "worse"
    UNVERIFIED = "unverified"
    UNCHANGED = "unchanged"


class RunResult(Payload):
    """The output of the orchestrator."""

    run_id: str
    branch: str
    base: str
    tip: str
    verdict: Verdict
    summary: str
    commits: int = 0
    files: int = 0
    edits: int = 0
    left_alone: int = 0
    broken: tuple[str, ...] = Field(default=(), description="tests that passed at the base and do not on the branch")
    report: str = Field(default="", description="artefact id of the Markdown report")
    spent: Spent = Spent()
    given_up: int = Field(default=0, description="work items of agents without result")
