"""What an agent is handed and what it hands back: self-contained, never the parent's messages."""

from __future__ import annotations

from typing import Self

from pydantic import Field

from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.conversation import LoopState
from archaeologist.domain.judgement import ItemLine, JudgedWork
from archaeologist.domain.payload import Payload
from archaeologist.domain.run import RunLimits, RunScope, TestOptions
from archaeologist.domain.sweeps import Surveyed


class Plan(Payload):
    """What the orchestrator decided: which rules, and what to ask of each agent."""

    rules: tuple[str, ...] = Field(description="rule codes in the order of their commits")
    goals: dict[str, str] = Field(description="one sentence for each agent, by role")


class ChangesMade(Payload):
    """What the modernizer or the documenter left on the branch."""

    tip: str
    commits: int
    files: int
    edits: int
    left_alone: int
    layers: str = Field(description="artefact id of the layers, the ledger's source")
    judged: JudgedWork | None = Field(default=None, description="what the agent's own judgement came to")

    @classmethod
    def nothing(cls, tip: str) -> Self:
        """Return what an agent left that was not asked to work."""
        return cls(tip=tip, commits=0, files=0, edits=0, left_alone=0, layers="")


class Thinking(Payload):
    """What an agent that has a model is told besides; without one it works by its rules alone."""

    model: str = ""
    budget: Budget = Budget()
    spent: Spent = Spent()
    before: Spent = Field(default=Spent(), description="what the run had spent by then; `budget` is what was left")
    approve_items: bool = False
    items: int = 40
    parallel: int = Field(default=1, description="items that are worked on at the same time, at most")
    record: str = ""
    skills: str = ""
    tests: TestOptions = TestOptions()
    baseline: str = Field(default="", description="artefact id of the tests at the base; empty when none can be run")
    first: tuple[str, ...] = Field(default=(), description="paths to work on first")
    findings: str = Field(default="", description="artefact id of the workspace that holds an archaeologist's findings")
    chosen: str = Field(default="", description="artefact id of the work items, once they are chosen")
    lines: tuple[ItemLine, ...] = ()
    next: int = Field(default=0, description="items that are settled; the next one is the one to settle next")
    failures: dict[str, int] = Field(default={}, description="items in a row that came to nothing, by kind")
    talk: LoopState | None = Field(default=None, description="the conversation to go on with, where there is one only")
    talks: dict[int, LoopState | None] = Field(
        default={}, description="items that have begun, by number; None for one that the circuit breaker stopped"
    )
    judged: JudgedWork | None = None
    made: ChangesMade | None = Field(default=None, description="what the sweep left, once it is over")


class AgentBrief(Payload):
    """What every agent is told."""

    run: RunScope
    goal: str = Field(description="the task in one sentence")
    limits: RunLimits
    thinking: Thinking = Thinking()


class DigBrief(AgentBrief):
    """The archaeologist's task."""

    opening: str
    batches: int
    target: str
    surveyed: tuple[str, ...] = Field(default=(), description="batches done before the workflow continued as new")
    swept: Surveyed | None = Field(default=None, description="the survey, once it is over")


class RewriteBrief(AgentBrief):
    """The modernizer's task."""

    survey: str
    rules: tuple[str, ...]
    target: str
    sweep: str = ""
    batches: int = -1
    rewritten: tuple[str, ...] = ()


class DocumentBrief(AgentBrief):
    """The documenter's task."""

    survey: str
    tip: str
    target: str
    tests: str
    sweep: str = ""
    batches: int = -1
    rewritten: tuple[str, ...] = ()
