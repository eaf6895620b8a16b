"""Durable agents: a small library, and the four agents that are made with it, one folder each.

    from archaeologist.agents import tool, skill, create_durable_agent, DurableAgentClient

Workflow modules import this package in every replay, so its names are loaded when they are asked for. No module may
have one of the names: once it is imported, Python finds it in the place of the function.

    agent.py client.py host.py     what an agent is; handing it tasks; hosting it
    tools.py skills.py skill_files.py plugins.py    what it can do, and who else brings such things
    conversation.py steering.py purse.py loop.py durable.py sweep.py     replayed: no I/O, no clock
    thinking.py hosting.py transcript.py attempt.py     outside of workflows: what the steps do
    bench.py catalog.py layers.py repository.py         the child processes and steps of the four
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
