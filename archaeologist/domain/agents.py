"""The agents of a run as people see them: what each is called, and who works for whom."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.names import Role, asked_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from archaeologist.domain.run import RunState

_FOUR = frozenset(Role)


@dataclass(frozen=True)
class AgentView:
    """One agent as people see it.

    Attributes:
        agent: what it is known by in the run.
        name: what people call it; a run may have several agents of one name.
        parent: who began it; empty for the orchestrator.
        message: how it failed, or why it gave up; empty when it did not.
        stuck: why its workflow's code fails over and over; empty when it does not.
    """

    agent: str
    name: str
    state: RunState
    started: datetime
    parent: str = ""
    ended: datetime | None = None
    paused: str = ""
    message: str = ""
    stuck: str = ""


def asker_of(agents: Mapping[str, AgentView], question: str) -> str:
    """Return who waits for an answer: the agent that asks, which the orchestrator shows as its own question."""
    waiting = [name for name, agent in agents.items() if asked_in(agent.paused)[0] == question]
    return waiting[-1] if waiting else Role.ORCHESTRATOR


class SubAgents:
    """Who works for whom, besides the four.

    Args:
        agents: all agents of a run.
    """

    def __init__(self, agents: Mapping[str, AgentView]) -> None:
        self._begun: defaultdict[str, list[AgentView]] = defaultdict(list)
        for agent in agents.values():
            if agent.agent not in _FOUR:
                self._begun[agent.parent].append(agent)

    def of(self, agent: str, depth: int = 1) -> Iterator[tuple[AgentView, int]]:
        """Yield those that an agent began, each before those that it began itself, and how deep below it is."""
        for begun in self._begun.get(agent, ()):
            yield begun, depth
            yield from self.of(begun.agent, depth + 1)
