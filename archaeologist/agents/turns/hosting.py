"""What conversations need besides thinking: beginning a transcript, and having a tool call done.

The four agents do both in child processes, those of a team in the worker itself; it is the same code.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.agents.steps.observing import observed, with_quoted
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.skills import Skill, skills_of
from archaeologist.agents.tooling.toolbox import by_name, find_tool
from archaeologist.agents.turns.transcript import Transcripts, begin
from archaeologist.boundaries import boundary
from archaeologist.documents import keep, load
from archaeologist.domain.chat import UserMessage
from archaeologist.domain.conversation import ConversationOpened, ToolUsed
from archaeologist.domain.payload import Payload
from archaeologist_tools.safety.fencing import is_fenced
from archaeologist_tools.safety.injection import suspicions
from archaeologist_tools.safety.secrets import redact, redactions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archaeologist.agents.agent import DurableAgent
    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.conversation import OpenConversation, UseTool


class KeptSkills(Payload):
    """Skills that a run brings along."""

    skills: tuple[Skill, ...]


OBSERVATION_CHARACTERS = 60_000
"""What a tool may tell a model at once; more fills its memory and is paid again in every turn."""


def open_conversation(store: ArtefactStore, agent: DurableAgent, order: OpenConversation) -> ConversationOpened:
    """Begin a transcript with the brief."""
    brief = with_quoted(store.get(order.brief).decode() if order.kept else order.brief, order.quoted)
    opening = _skilled(store, agent, order.skills).opening(order.model, order.record)
    opening = opening.model_copy(update={"skills": order.skills})
    return ConversationOpened(
        head=begin(store, opening, UserMessage(content=brief.content)),
        agent=agent.name,
        manners=agent.manners.model_copy(update={"model": opening.model, "version": opening.version}),
        # A brief shows code that was redacted when it was read; nobody has counted that yet.
        redacted=redactions(brief.content),
        suspicions=brief.suspicions,
    )


async def use_tool(transcripts: Transcripts, state: Path, agent: DurableAgent, order: UseTool) -> tuple[ToolUsed, str]:
    """Have a tool call done.

    Args:
        transcripts: where the transcript is; the observation goes into the same store.
        state: the state directory.
        agent: whose tools they are.
        order: which call.

    Returns:
        what came of it, and the traceback of a defect in the tool, for the log.
    """
    store, transcript = transcripts.store, transcripts.read(order.head)
    call = transcript.last_answer.calls[order.index]
    tool = find_tool(by_name(_skilled(store, agent, transcript.opening.skills).all_tools()), call.name)
    context = ToolContext(agent.name, order.key, store, state, order.workspace)
    boundary("tool-call-before")
    result = tool if isinstance(tool, ToolResult) else await tool.use(call.arguments, context)
    told = _told(store, result)
    boundary("tool-call-after")
    return told, result.traceback


def keep_skills(store: ArtefactStore, skills: Iterable[Skill]) -> str:
    """Keep skills and return their artefact id; empty when there are none."""
    kept = KeptSkills(skills=tuple(skills))
    return keep(store, kept) if kept.skills else ""


def _skilled(store: ArtefactStore, agent: DurableAgent, kept: str) -> DurableAgent:
    """Return the agent with kept skills besides its own; one without tools reads none."""
    if not kept or not agent.tools:
        return agent
    return replace(agent, skills=(*agent.skills, *skills_of(agent.name, load(store, kept, KeptSkills).skills)))


def _told(store: ArtefactStore, result: ToolResult) -> ToolUsed:
    """Keep an observation: without secrets, and not without end."""
    if not result.ok and not is_fenced(result.content) and suspicions(result.content, ""):
        # A refusal names files and names of the repository.
        result = replace(observed(result.content, "why it was refused"), ok=False)
    text = redact(result.content, "").text
    if len(text) > OBSERVATION_CHARACTERS:
        text = f"{text[:OBSERVATION_CHARACTERS]}\n[cut: {len(text) - OBSERVATION_CHARACTERS:,} more characters]"
    return ToolUsed(
        observation=store.put(text.encode()),
        ok=result.ok,
        workspace=result.workspace or "",
        redacted=redactions(text) or result.redacted,
        suspicions=result.suspicions,
    )
