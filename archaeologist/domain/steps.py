"""The orders and results of the durable steps: one model in, one model out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from archaeologist.domain.budget import Spent
from archaeologist.domain.judgement import ItemLine, JudgedWork
from archaeologist.domain.names import Role
from archaeologist.domain.payload import Payload
from archaeologist.domain.run import RunLimits, RunRequest, RunScope, TestOptions, Verdict

ModelTask = Literal["plan", "report"]
TestLabel = Literal["base", "branch", "again", "item", "item-again"]
SweepPhase = Literal["rewrite", "document"]


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


class SurveyBatch(Order):
    """Look at the files of one batch."""

    opening: str
    batch: int
    target: str


class BatchSurveyed(Payload):
    """What was found in one batch."""

    artefact: str
    files: int
    findings: int


class GatherSurvey(Order):
    """Make one survey of all batches."""

    opening: str
    batches: tuple[str, ...]


class Surveyed(Payload):
    """The survey: findings, metrics, history of the code."""

    survey: str = Field(description="artefact id of the merged survey")
    files: int
    lines: int
    findings: int
    unreadable: int
    by_rule: dict[str, int]
    judged: JudgedWork | None = Field(default=None, description="what the archaeologist's own judgement came to")
    workspace: str = Field(default="", description="artefact id of the workspace that holds the findings it recorded")
    told: str = Field(default="", description="JSON of what it says about the code")


class PlanSweep(Order):
    """Choose the files that the rules can do something for and cut them into batches."""

    survey: str
    rules: tuple[str, ...]
    limits: RunLimits


class SweepPlanned(Payload):
    """The batches of a sweep."""

    sweep: str
    files: int
    batches: int


class RewriteBatch(Order):
    """Apply the rules to one batch, file by file, rule by rule."""

    sweep: str
    batch: int
    target: str


class BatchRewritten(Payload):
    """What the rules did to one batch; the new blobs are in the object store."""

    artefact: str
    files: int
    edits: int
    left_alone: int


class GatherLayers(Order):
    """Turn the batches' edits into one layer a rule, each to be one commit."""

    batches: tuple[str, ...]
    phase: SweepPhase


class LayerLine(Payload):
    """One layer: all edits of one rule."""

    step: str = Field(description="the step name in the commit's trailer")
    rule: str
    title: str
    files: int
    edits: int


class LayersGathered(Payload):
    """The layers in the order in which they are committed."""

    layers: str = Field(description="artefact id of the layers' changes")
    lines: tuple[LayerLine, ...]
    files: int
    edits: int
    left_alone: int


class CommitLayer(Order):
    """Commit one layer on top of `parent`."""

    layers: str
    index: int
    parent: str


class Committed(Payload):
    """The commit that a layer became; equal to the parent when the layer changed nothing."""

    commit: str
    subject: str
    repeated: bool = Field(description="the commit was there already, from an attempt that did not live to say so")


class PlanDocuments(Order):
    """Choose the files that the documenter can do something for."""

    survey: str
    tip: str
    limits: RunLimits


class DocumentBatch(Order):
    """Write the docstrings of one batch."""

    sweep: str
    batch: int


class WriteReadme(Order):
    """Write the README section that tells a newcomer what is where."""

    survey: str
    tip: str
    target: str
    tests: str


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


class BriefAgent(Order):
    """Write what an agent with a model is told, from what is known by now."""

    role: Role
    goal: str
    survey: str
    commit: str
    target: str
    findings: str = ""


class Briefed(Payload):
    """A brief, and what the agent's tools work on."""

    brief: str = Field(description="artefact id")
    workspace: str = Field(description="artefact id")
    suspicions: int = Field(default=0, description="places of the brief that speak to a model")


class ChooseItems(Order):
    """Choose what is worth a model's judgement, and cut it into work items."""

    role: Role
    survey: str
    layers: str
    commit: str
    findings: str = ""
    first: tuple[str, ...] = ()
    most: int


class ItemsChosen(Payload):
    """The work items, in the order in which they are worked on."""

    items: str = Field(description="artefact id")
    lines: tuple[ItemLine, ...]
    beyond: int = Field(description="items that were left out because there are too many")


class BeginItem(Order):
    """Write the brief of one work item, from the code as it is by now."""

    role: Role
    items: str
    index: int
    survey: str
    commit: str
    target: str
    goal: str
    tests: TestOptions = TestOptions()
    baseline: str = ""


class DraftItem(Order):
    """Look at what came of a work item with every gate, and make a commit of it that is on no branch yet."""

    role: Role
    items: str
    index: int
    workspace: str
    answer: str
    parent: str
    target: str
    model: str
    version: str


class ItemDrafted(Payload):
    """The commit that a work item would be; or why it cannot be one."""

    commit: str = ""
    subject: str = ""
    layer: str = Field(default="", description="artefact id")
    edits: int = 0
    left_alone: str = Field(default="", description="why the agent left the code alone")
    refused: str = Field(default="", description="what is wrong, as the agent is told")
    quoted: str = Field(default="", description="what the gates say, which may quote the code")
    blameless: bool = Field(default=False, description="it is not the agent who made what is wrong: the branch moved")
    workspace: str = Field(default="", description="what the agent goes on with where the branch moved; else empty")


class CommitItem(Order):
    """Put a drafted commit on the branch."""

    layer: str
    draft: str
    parent: str


class CleanUp(Order):
    """Remove what the run kept outside the repository while it was open."""


class CleanedUp(Payload):
    """How many private checkouts were removed."""

    removed: int
