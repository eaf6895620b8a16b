"""What steps leave in the artefact store for later steps: file lists, surveys, layers, test outcomes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import Field

from archaeologist.domain.payload import Payload
from archaeologist.domain.run import RunScope, TestOptions
from archaeologist_tools.checks.plan import TestPlan, TestRun
from archaeologist_tools.engine.base import Edit, Finding, Refusal
from archaeologist_tools.project.models import FileFacts, ProjectFacts

if TYPE_CHECKING:
    from archaeologist.artefacts import ArtefactStore

DocumentT = TypeVar("DocumentT", bound=Payload)

WANTED_BATCHES = 8
"""With so many batches the processes of a worker end at nearly the same time."""
WORTH_A_BATCH = 100_000
"""Source bytes below which starting a step, git and ruff takes longer than the work."""


class FileEntry(Payload):
    """A file at a commit."""

    path: str
    mode: str
    oid: str
    size: int


class SkippedFile(Payload):
    """A file that is not looked at, and why."""

    path: str
    code: str
    detail: str


class Opening(Payload):
    """The files in scope at the base commit, cut into batches."""

    files: tuple[FileEntry, ...]
    skipped: tuple[SkippedFile, ...]
    batches: tuple[tuple[int, ...], ...] = Field(description="positions in `files`")
    rules: tuple[str, ...]


class PublicName(Payload):
    """A name that a module offers."""

    kind: str
    name: str
    documented: bool


class SurveyedFile(Payload):
    """What is known of one file."""

    file: FileEntry
    status: str
    message: str
    lines: int
    summary: str = Field(description="first sentence of the module's docstring")
    by_rule: dict[str, int]
    public: tuple[PublicName, ...]


COMMIT = "commit "
"""What stands before the id of a commit where files have their paths."""


class SuspectPlace(Payload):
    """A place that speaks to a model instead of to people."""

    path: str = Field(description="the file; or `commit` and the first digits of its id")
    line: int = Field(description="1-based; 0 for the name of the file, or the subject of the commit")
    kind: str
    excerpt: str = Field(description="what stands there, without secrets")


class BatchFindings(Payload):
    """All findings of one batch: by far the biggest part of a survey, and no later step needs it."""

    findings: tuple[Finding, ...]


class BatchSurvey(Payload):
    """The survey of one batch."""

    files: tuple[SurveyedFile, ...]
    facts: tuple[FileFacts, ...]
    findings: str = Field(description="artefact id of the findings")
    suspects: tuple[SuspectPlace, ...] = ()


class HotSpot(Payload):
    """A file that changes often and holds much legacy code: the place where modernizing pays first."""

    path: str
    commits: int
    authors: int
    findings: int


class Survey(Payload):
    """The survey of the whole scope; findings stay in the batches' artefacts."""

    files: tuple[SurveyedFile, ...]
    skipped: tuple[SkippedFile, ...]
    batches: tuple[str, ...]
    facts: ProjectFacts
    rules: tuple[str, ...]
    by_rule: dict[str, int]
    hot_spots: tuple[HotSpot, ...]
    suspects: tuple[SuspectPlace, ...] = ()


class Sweep(Payload):
    """The files that a sweep works on, cut into batches."""

    files: tuple[FileEntry, ...]
    batches: tuple[tuple[int, ...], ...]
    rules: tuple[str, ...]
    facts: ProjectFacts


class FileLayer(Payload):
    """One file after one rule."""

    rule: str
    oid: str
    edits: tuple[Edit, ...]


class RewrittenFile(Payload):
    """One file with its layers, in the order in which they lie on each other."""

    path: str
    mode: str
    layers: tuple[FileLayer, ...]


class BatchEdits(Payload):
    """What was done to one batch."""

    files: tuple[RewrittenFile, ...]
    refusals: tuple[Refusal, ...]


class LayerChange(Payload):
    """One file of one layer."""

    path: str
    mode: str
    oid: str
    edits: tuple[Edit, ...]


class LayerOfRule(Payload):
    """All edits of one rule, or of one work item of a model: one commit."""

    step: str
    rule: str
    title: str
    changes: tuple[LayerChange, ...]
    body: str = Field(default="", description="what the commit says of a work item; a rule's is its documentation")
    trailers: dict[str, str] = Field(default={}, description="further trailers of a work item's commit")


class LeftAlone(Payload):
    """What one agent left alone, and why."""

    refusals: tuple[Refusal, ...]


class Layers(Payload):
    """What one agent made of the code: a list, so that a commit loads its own layer only."""

    layers: tuple[str, ...] = Field(description="artefact ids of the layers, in the order of their commits")
    left_alone: str = Field(description="artefact id of what was left alone")


class CodePlace(Payload):
    """A function or class, or with an empty name a module's own level."""

    path: str
    qualname: str


class WorkItem(Payload):
    """Code that needs judgement, and why."""

    kind: str = Field(description="code of the rule, or kind of finding, that most of the notes are of")
    places: tuple[CodePlace, ...]
    title: str
    notes: tuple[str, ...] = Field(description="what rules and the archaeologist say, with lines")


class WorkItems(Payload):
    """All work items of an agent, in the order in which they are worked on."""

    items: tuple[WorkItem, ...]


class Workspace(Payload):
    """What an agent's tools work on: a commit, and what they made of it so far. Every change is a new workspace."""

    run: RunScope
    commit: str = Field(description="what the work goes on from")
    target: str = Field(description="lowest Python version of what is written, e.g. 'py38'")
    changed: dict[str, str] = Field(default={}, description="blob ids by path, on top of the commit")
    edits: tuple[Edit, ...] = ()
    findings: tuple[Finding, ...] = Field(default=(), description="what the agent recorded, each seen to be there")
    tests: TestOptions = TestOptions()
    baseline: str = Field(default="", description="artefact id of the tests at the base; empty when none can be run")


class TestOutcomes(Payload):
    """One run of the project's tests: how they were run and what came of it."""

    __test__ = False

    plan: TestPlan
    ran: TestRun


def keep(store: ArtefactStore, document: Payload) -> str:
    """Store a document and return its artefact id."""
    return store.put(document.model_dump_json().encode())


def load(store: ArtefactStore, artefact: str, kind: type[DocumentT]) -> DocumentT:
    """Return a stored document. Raises ArtefactMissing."""
    return kind.model_validate_json(store.get(artefact))


@lru_cache(maxsize=4)
def load_shared(store: ArtefactStore, artefact: str, kind: type[DocumentT]) -> DocumentT:
    """Return a stored document that many steps of a run read, and keep it at hand. Raises ArtefactMissing.

    Not for documents that are read once: of those there are as many as batches, and each would push these out.
    """
    return load(store, artefact, kind)


def cut(sizes: list[int], batch_bytes: int, max_batches: int) -> tuple[tuple[int, ...], ...]:
    """Cut files into batches by size, keeping their order.

    Args:
        sizes: bytes of each file.
        batch_bytes: bytes after which a batch is full at the latest.
        max_batches: batches at most; larger repositories get larger batches, so histories stay small.

    Returns:
        positions of the files, batch by batch; every batch has at least one.
    """
    total = sum(sizes)
    share = max(WORTH_A_BATCH, total // WANTED_BATCHES)
    full = max(min(batch_bytes, share), -(-total // max_batches))
    batches: list[list[int]] = []
    filled = 0
    for position, size in enumerate(sizes):
        if not batches or filled >= full:
            batches.append([])
            filled = 0
        batches[-1].append(position)
        filled += size
    return tuple(tuple(batch) for batch in batches)
