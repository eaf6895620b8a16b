"""The orders and results of the steps around a model's work items: briefs, the choice of items, drafts, commits."""

from __future__ import annotations

from pydantic import Field

from archaeologist.domain.judgement import ItemLine
from archaeologist.domain.names import Role
from archaeologist.domain.payload import Payload
from archaeologist.domain.run import TestOptions
from archaeologist.domain.steps import Order


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
