"""What an agent is handed and what it hands back: self-contained, never the parent's messages."""

from __future__ import annotations

from pydantic import Field

from archaeologist.domain.payload import Payload
from archaeologist.domain.run import RunLimits, RunScope


class Plan(Payload):
    """What the orchestrator decided: which rules, and what to ask of each agent."""

    rules: tuple[str, ...] = Field(description="rule codes in the order of their commits")
    goals: dict[str, str] = Field(description="one sentence for each agent, by role")


class AgentBrief(Payload):
    """What every agent is told."""

    run: RunScope
    goal: str = Field(description="the task in one sentence")
    limits: RunLimits


class DigBrief(AgentBrief):
    """The archaeologist's task."""

    opening: str
    batches: int
    target: str
    surveyed: tuple[str, ...] = Field(default=(), description="batches done before the workflow continued as new")


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


class ChangesMade(Payload):
    """What the modernizer or the documenter left on the branch."""

    tip: str
    commits: int
    files: int
    edits: int
    left_alone: int
    layers: str = Field(description="artefact id of the layers, the ledger's source")
