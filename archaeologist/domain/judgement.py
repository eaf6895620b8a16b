"""What agents with a model answer, and the work items that they are given.

The forms' texts are part of what a model is told: they say what is wanted.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from archaeologist.domain.budget import Spent
from archaeologist.domain.payload import Payload


class DigReport(Payload):
    """What you found, beside the findings that you recorded."""

    summary: str = Field(description="what this code is and what is wrong with it, in at most five sentences")
    first: tuple[str, ...] = Field(description="paths of the modules to modernize first, the most urgent one first")


class WorkPlan(Payload):
    """What each agent is to do, made from the survey."""

    modernizer: str = Field(description="one sentence for the modernizer: what to care for most")
    documenter: str = Field(description="one sentence for the documenter: what a newcomer needs most")
    first: tuple[str, ...] = Field(description="paths of the modules to work on first; may be empty")


class ItemReport(Payload):
    """What came of the work item."""

    outcome: Literal["done", "left-alone"]
    title: str = Field(description="what the edit does, imperative, under 60 characters, for the commit")
    reason: str = Field(description="why the edit keeps behaviour, or why the code was left alone, in one sentence")


class ItemLine(Payload):
    """One work item, as a workflow knows it; what it is about is in the artefact store."""

    kind: str = Field(description="what a series of failures stops: the code of the rule, or the kind of finding")
    title: str
    after: int = Field(default=0, description="number of the item that has to be settled before this one begins")


class JudgedWork(Payload):
    """What an agent's judgement came to."""

    tip: str
    commits: int = 0
    edits: int = 0
    layers: tuple[str, ...] = Field(default=(), description="artefact ids of what became commits")
    given_up: tuple[str, ...] = Field(default=(), description="items without result, each with its reason")
    left_alone: int = 0
    stopped: tuple[str, ...] = Field(default=(), description="kinds of items that the circuit breaker stopped")
    redacted: int = 0
    suspicions: int = 0
    spent: Spent = Spent()
