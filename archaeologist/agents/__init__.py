"""Durable agents: a small library, and the four agents that are made with it, one folder each.

    from archaeologist.agents import tool, skill, create_durable_agent, DurableAgentClient

Workflow modules import this package in every replay, so its names are loaded when they are asked for. No module may
have one of the names: once it is imported, Python finds it in the place of the function.

    agent.py client.py host.py    what an agent is; handing it tasks; hosting it
    tooling/      tools and skills: what an agent can do, and what a model is told of it
    workflows/    replayed: the loop, steering, budget, work items
    asking/       the process that asks models and outlives the worker
    turns/        outside of workflows: transcript, thinking, tool calls, heartbeats
    steps/        the steps of the four agents and what their tools stand on, in child processes
    orchestrator/ archaeologist/ modernizer/ documenter/    one agent each: workflow, steps, tools, prompt
    forms.py      the forms of their final answers
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist.agents.agent import DurableAgent, SubAgent, create_durable_agent
    from archaeologist.agents.client import DurableAgentClient, DurableTask
    from archaeologist.agents.tooling.context import ToolContext, ToolResult
    from archaeologist.agents.tooling.skill_files import load_skills
    from archaeologist.agents.tooling.skills import Skill, skill
    from archaeologist.agents.tooling.tools import Tool, tool
    from archaeologist.domain.budget import Budget
    from archaeologist.domain.conversation import AgentReply

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
    "Budget": "archaeologist.domain.budget",
    "DurableAgent": "archaeologist.agents.agent",
    "DurableAgentClient": "archaeologist.agents.client",
    "DurableTask": "archaeologist.agents.client",
    "Skill": "archaeologist.agents.tooling.skills",
    "SubAgent": "archaeologist.agents.agent",
    "Tool": "archaeologist.agents.tooling.tools",
    "ToolContext": "archaeologist.agents.tooling.context",
    "ToolResult": "archaeologist.agents.tooling.context",
    "create_durable_agent": "archaeologist.agents.agent",
    "load_skills": "archaeologist.agents.tooling.skill_files",
    "skill": "archaeologist.agents.tooling.skills",
    "tool": "archaeologist.agents.tooling.tools",
}


def __getattr__(name: str) -> object:
    """Load a name of the library. Raises AttributeError when there is no such name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
