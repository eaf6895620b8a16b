"""What travels between an agent's workflow and the activities that think and use tools: ids and counts, no texts.

Texts live in the transcript, a chain of artefacts of which a workflow carries the last id only.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.payload import Payload


class Word(Payload):
    """What a person tells an agent while it works."""

    agent: str = Field(description="which agent; empty for the one that the word is sent to")
    text: str


class Decision(Payload):
    """A person's answer to what an agent asked to be allowed."""

    key: str = Field(default="", description="which question; empty for the oldest that is open")
    granted: bool
    reason: str = ""


class Part(StrEnum):
    """What a model is asked to do in a turn."""

    PLAN = "plan"
    EXECUTE = "execute"
    SYNTHESIZE = "synthesize"


class Manners(Payload):
    """How an agent behaves, as its definition says."""

    plans: bool = Field(default=False, description="the first turn is a plan, without tools")
    parallel: int = Field(default=4, description="tool calls at once")
    strikes: int = Field(default=6, description="bad answers and refused calls before the task is given up")
    turns: int = Field(default=60, description="turns before the agent has to answer with what it has")
    model: str = Field(default="", description="who answers, for displays")
    version: str = Field(default="", description="digest of prompt and tools: what edits are tagged with")


class OpenConversation(Payload):
    """Begin a transcript."""

    run_id: str
    agent: str
    brief: str = Field(description="the task itself, or the artefact id of it when `kept`")
    kept: bool = False
    model: str = Field(default="", description="who answers, instead of the agent's own model")
    record: str = Field(default="", description="folder to record answers in; empty for none")
    quoted: str = Field(default="", description="what belongs to the brief and may hold text of strangers: data")
    skills: str = Field(default="", description="artefact id of skills besides the agent's own; empty for none")


class ConversationOpened(Payload):
    """The beginning of a transcript, and how the agent behaves."""

    head: str
    agent: str = Field(description="the agent's name: a task need not say it where there is one only")
    manners: Manners
    redacted: int = Field(default=0, description="secrets that were taken out of the brief")
    suspicions: int = Field(default=0, description="places of the brief that speak to a model")


class Incoming(Payload):
    """What a model reads next: an observation, or what somebody said."""

    call: str = Field(default="", description="id of the tool call that it answers; empty for words")
    person: bool = Field(default=False, description="a person said it")
    artefact: str = ""
    text: str = ""
    quoted: str = Field(default="", description="what belongs to the text and may hold text of strangers: data")


class ThinkOrder(Payload):
    """Ask the model for the next turn."""

    run_id: str
    agent: str
    head: str
    incoming: tuple[Incoming, ...] = ()
    part: Part = Part.EXECUTE
    output_tokens: int = 8_000


class PlannedCall(Payload):
    """A tool call that passed a first look: what the workflow must know to have it done."""

    id: str
    index: int
    tool: str
    summary: str = Field(description="one line for people")
    reads_only: bool
    idempotent: bool
    approval: bool
    seconds: float
    alone: bool = Field(default=False, description="no other such call of the agent may go on at the same time")
    queue: str = Field(default="", description="task queue of the sub-agent; empty for a tool")
    brief: str = Field(default="", description="artefact id of the sub-agent's brief")
    refused: str = Field(default="", description="artefact id of why it is not done at all")


class Thought(Payload):
    """One turn of a model. The transcript holds what it said."""

    head: str
    calls: tuple[PlannedCall, ...] = ()
    answer: str = Field(default="", description="artefact id of the final answer")
    text: str = Field(default="", description="the final answer, or its beginning when it is long")
    ends: str = Field(default="", description="id of the call that gave the answer, beside other calls of the turn")
    problem: str = Field(default="", description="what was wrong with the answer, as the model is told")
    given_up: str = Field(default="", description="why there is no answer and never will be one")
    spent: Spent = Spent()
    redacted: int = Field(default=0, description="secrets that were taken out of what the model was told in words")
    suspicions: int = Field(default=0, description="places of it that speak to a model")


class UseTool(Payload):
    """Have one tool call done."""

    run_id: str
    agent: str
    head: str = Field(description="transcript whose last message holds the call")
    index: int
    key: str = Field(description="the same for every attempt at this call, and for no other call")
    workspace: str = ""


class ToolUsed(Payload):
    """What came of a tool call."""

    observation: str = Field(description="artefact id of what the model reads")
    ok: bool
    workspace: str = ""
    redacted: int = 0
    suspicions: int = 0


class LoopState(Payload):
    """Where a conversation stands: all that it needs to go on in another workflow."""

    model: str = ""
    record: str = ""
    skills: str = ""
    name: str = Field(default="talk", description="prefix of its steps' names")
    head: str = ""
    manners: Manners = Manners()
    turn: int = 0
    part: Part = Part.EXECUTE
    strikes: int = 0
    incoming: tuple[Incoming, ...] = ()
    workspace: str = ""
    redacted: int = 0
    suspicions: int = 0
    cost: Spent = Field(default=Spent(), description="of the last answer; the next one reads all of it again")
    answer: str = Field(default="", description="artefact id of the answer that it ended with")
    ends: str = Field(default="", description="id of the call that gave the answer")
    given_up: str = Field(default="", description="why it ended without an answer")


class Conclusion(Payload):
    """How a conversation ended."""

    answer: str = Field(default="", description="artefact id of the answer")
    text: str = Field(default="", description="the answer, or its beginning when it is long")
    given_up: str = Field(default="", description="why there is no answer")
    cut: bool = Field(default=False, description="the agent ran out of turns and answered with what it had")
    head: str
    turns: int
    workspace: str = ""
    redacted: int = 0
    suspicions: int = 0


class AgentTask(Payload):
    """The input of a durable agent: one task."""

    run_id: str
    agent: str = Field(default="", description="which agent of the worker; empty when there is one only")
    brief: str
    kept: bool = Field(default=False, description="`brief` is an artefact id")
    workspace: str = Field(default="", description="artefact id of what the agent's tools work on")
    budget: Budget = Budget()
    spent: Spent = Spent()
    state: LoopState | None = None
    model: str = Field(default="", description="who answers, instead of the agent's own model")
    record: str = Field(default="", description="folder to record answers in; empty for none")
    history_events: int = Field(default=5_000, description="continue as new beyond so many events")


class AgentReply(Payload):
    """The output of a durable agent."""

    answer: str = Field(description="the answer's text; empty when the task was given up")
    artefact: str = Field(description="artefact id of the answer")
    given_up: str = ""
    cut: bool = False
    turns: int
    spent: Spent
    transcript: str = Field(description="artefact id of the transcript's head")
    workspace: str = Field(default="", description="artefact id of what the agent's tools made of the workspace")
