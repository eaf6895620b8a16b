"""The steps of conversations that the four agents have done in child processes: their tools load LibCST and git."""

from __future__ import annotations

import asyncio
import importlib
import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from archaeologist.agents.agent import DurableAgent  # noqa: TC001 - a cached function's signature
from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.tooling.plugins import load_tools
from archaeologist.agents.turns.hosting import open_conversation, use_tool
from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore  # noqa: TC001 - a cached function's signature
from archaeologist.domain.names import Role, Step
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from archaeologist.domain.conversation import ConversationOpened, OpenConversation, ToolUsed, UseTool


@cache
def built_in(name: str) -> DurableAgent:
    """Return one of the agents by its name. Raises UsageError."""
    for role in Role:
        for agent in importlib.import_module(f"archaeologist.agents.{role}.agent").AGENTS:
            if agent.name == name:
                return _with_plugins(agent)
    raise UsageError(f"there is no agent {name!r}", hint=f"the agents are {', '.join(Role)}")


def _with_plugins(agent: DurableAgent) -> DurableAgent:
    """Give an agent the tools that installed plugins bring; the orchestrator has none of its own and gets none."""
    return replace(agent, tools=(*agent.tools, *load_tools())) if agent.tools else agent


@cache
def _transcripts(store: ArtefactStore) -> Transcripts:
    """Return the transcripts of a store, read once: the next call is of the same conversation, one turn later."""
    return Transcripts(store)


@does(Step.OPEN_CONVERSATION)
def begin_conversation(bench: Bench, order: OpenConversation) -> ConversationOpened:
    """Begin a transcript."""
    return open_conversation(bench.artefacts, built_in(order.agent), order)


@does(Step.USE_TOOL)
def do_tool_call(bench: Bench, order: UseTool) -> ToolUsed:
    """Have a tool call done."""
    used, trace = asyncio.run(use_tool(_transcripts(bench.artefacts), bench.state, built_in(order.agent), order))
    if trace:
        print(trace, file=sys.stderr)  # noqa: T201 - the worker's log
    return used
