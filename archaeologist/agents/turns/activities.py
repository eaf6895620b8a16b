"""The activities of conversations that a team's worker hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temporalio import activity

from archaeologist.agents.turns.attempt import attempt
from archaeologist.agents.turns.hosting import open_conversation, use_tool
from archaeologist.agents.turns.thinking import take_turn
from archaeologist.domain.conversation import (
    ConversationOpened,
    OpenConversation,
    ThinkOrder,
    Thought,
    ToolUsed,
    UseTool,
)
from archaeologist.domain.names import Step
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archaeologist.agents.agent import DurableAgent
    from archaeologist.agents.turns.runlog import RunLogs
    from archaeologist.agents.turns.thinking import Mind


@dataclass(frozen=True)
class Talks:
    """Does what conversations need, in this process.

    Attributes:
        mind: thinks.
        logs: the runs' logs.
        agents: by name.
        state: the state directory.
    """

    mind: Mind
    logs: RunLogs
    agents: Mapping[str, DurableAgent]
    state: Path

    def activities(self) -> list[Callable[..., Any]]:
        """Return the activities to register on a task queue."""
        return [self.open, self.think, self.use]

    @activity.defn(name=Step.OPEN_CONVERSATION)
    async def open(self, order: OpenConversation) -> ConversationOpened:
        """Begin a transcript."""
        async with attempt(self.logs, order.run_id):
            return open_conversation(self.mind.store, self._agent(order.agent), order)

    @activity.defn(name=Step.THINK)
    async def think(self, order: ThinkOrder) -> Thought:
        """Ask the model for a turn."""
        return await take_turn(self.mind, self.logs, order, self._agent(order.agent).answer)

    @activity.defn(name=Step.USE_TOOL)
    async def use(self, order: UseTool) -> ToolUsed:
        """Have a tool call done."""
        async with attempt(self.logs, order.run_id):
            used, trace = await use_tool(self.mind.transcripts, self.state, self._agent(order.agent), order)
            if trace:
                self.logs.of(order.run_id).warning("tool failed", agent=order.agent, traceback=trace)
            return used

    def _agent(self, name: str) -> DurableAgent:
        """Return an agent; a task that names none means the only one."""
        if not name and len(self.agents) == 1:
            return next(iter(self.agents.values()))
        try:
            return self.agents[name]
        except KeyError:
            raise UsageError(
                f"this worker hosts no agent {name!r}", hint=f"it hosts {', '.join(sorted(self.agents))}"
            ) from None
