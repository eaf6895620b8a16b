"""Durable agents: a small library, and the four agents that are made with it, one folder each.

    from archaeologist.agents import tool, skill, create_durable_agent, DurableAgentClient

Workflow modules import this package in every replay, so its names are loaded when they are asked for. No module may
have one of the names: once it is imported, Python finds it in the place of the function.

    agent.py client.py host.py activities.py    what an agent is; handing it tasks; hosting it
    tools.py skills.py skill_files.py plugins.py toolbox.py    what it can do, and who else brings such things
    schema.py signature.py arguments.py answers.py observations.py    what a model is told of it, and writes to it
    loop.py steering.py purse.py conversation.py durable.py sweep.py judging.py    replayed: no I/O, no clock
    transcript.py thinking.py verdict.py hosting.py attempt.py runlog.py    outside of workflows: what turns do
    bench.py catalog.py layers.py items.py briefing.py drafting.py talking.py    steps of the four, in child processes
    editing.py observing.py repository.py forms.py    what the tools of the four stand on
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist.agents.agent import DurableAgent, SubAgent, create_durable_agent
    from archaeologist.agents.client import DurableAgentClient, DurableTask
    from archaeologist.agents.context import ToolContext, ToolResult
    from archaeologist.agents.skill_files import load_skills
    from archaeologist.agents.skills import Skill, skill
    from archaeologist.agents.tools import Tool, tool
    from archaeologist.domain.conversation import AgentReply, Budget

__all__ = [
    "AgentReply",
    "Budget",
    "DurableAgent",
    "DurableAgentClient",
    "DurableTask",
    "Skill",
    "SubAgent",
    "Tool",
    "ToolContext",
    "ToolResult",
    "create_durable_agent",
    "load_skills",
    "skill",
    "tool",
]

_HOMES = {
    "AgentReply": "archaeologist.domain.conversation",
    "Budget": "archaeologist.domain.conversation",
    "DurableAgent": "archaeologist.agents.agent",
    "DurableAgentClient": "archaeologist.agents.client",
    "DurableTask": "archaeologist.agents.client",
    "Skill": "archaeologist.agents.skills",
    "SubAgent": "archaeologist.agents.agent",
    "Tool": "archaeologist.agents.tools",
    "ToolContext": "archaeologist.agents.context",
    "ToolResult": "archaeologist.agents.context",
    "create_durable_agent": "archaeologist.agents.agent",
    "load_skills": "archaeologist.agents.skill_files",
    "skill": "archaeologist.agents.skills",
    "tool": "archaeologist.agents.tools",
}


def __getattr__(name: str) -> object:
    """Load a name of the library. Raises AttributeError when there is no such name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
