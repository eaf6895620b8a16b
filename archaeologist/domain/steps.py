"""The orders and results of the durable steps: one model in, one model out. Here those of a run as a whole.

`sweeps.py` has those of surveying and of applying rules to many files, `items.py` those of what a model judges.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from archaeologist.domain.budget import Spent
from archaeologist.domain.judgement import JudgedWork
from archaeologist.domain.names import Role
from archaeologist.domain.payload import Payload
from archaeologist.domain.run import RunRequest, RunScope, TestOptions, Verdict

ModelTask = Literal["plan", "report"]
TestLabel = Literal["base", "branch", "again", "item", "item-again"]


class Order(Payload):
    """The input of a step."""

    run: RunScope


class OpenOrder(Order):
    """Find out what is there to be modernized."""

    request: RunRequest


class Opened(Payload):
    """What is there: files in scope, cut into batches."""

    opening: str = Field(description="artefact id of the file list")
    files: int
    skipped: int
    bytes: int
    batches: int
    rules: tuple[str, ...] = Field(description="codes of the rules that may be used, in the order of their commits")
    notes: tuple[str, ...] = ()
    skills: str = Field(default="", description="artefact id of the repository's skills; empty for none")


class ModelOrder(Order):
    """Ask the model of the run for a structured answer."""

    provider: str
    role: Role
    task: ModelTask
    facts: str = Field(description="JSON of what the answer is to be made from")


class ModelAnswer(Payload):
    """A model's structured answer with what it cost."""

    content: str = Field(description="JSON in the task's schema")
    provider: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


class RunTests(Order):
    """Run the project's tests at a commit; compare with an earlier test run when one is named."""

    commit: str
    label: TestLabel
    options: TestOptions
    against: str | None = Field(default=None, description="artefact id of the test run to compare with")


class TestsRan(Payload):
    """The outcome of one test run."""

    __test__ = False

    artefact: str
    command: str = Field(description="the command line as a person would type it; empty when no tests were found")
    passed: int
    failed: int
    skipped: int
    seconds: float
    problem: str = Field(default="", description="why nothing can be concluded from this run")
    worse: bool = False
    broken: tuple[str, ...] = Field(default=(), description="tests that passed before and do not now")


class CloseRun(Order):
    """Write the report and the branch's own evidence."""

    request: RunRequest
    opening: str
    survey: str
    rewritten: str
    documented: str
    tip: str
    verdict: Verdict
    summary: str
    broken: tuple[str, ...]
    baseline: TestsRan | None
    verified: TestsRan | None
    judged: dict[str, JudgedWork] = Field(default={}, description="what came of each agent's judgement, by role")
    models: dict[str, str] = Field(default={}, description="who judged, by role")
    spent: Spent = Spent()
    findings: str = Field(default="", description="artefact id of the workspace that holds an archaeologist's findings")
    told: str = Field(default="", description="what the archaeologist says of the code")


class Closed(Payload):
    """The report of the run."""

    report: str
    commits: int
    files: int


class CleanUp(Order):
    """Remove what the run kept outside the repository while it was open."""


class CleanedUp(Payload):
    """How many private checkouts were removed."""

    removed: int
