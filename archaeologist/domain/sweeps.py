"""The orders and results of the steps that go through many files: the survey, batches of rules, layers, commits."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from archaeologist.domain.judgement import JudgedWork
from archaeologist.domain.payload import Payload
from archaeologist.domain.run import RunLimits
from archaeologist.domain.steps import Order

SweepPhase = Literal["rewrite", "document"]


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
