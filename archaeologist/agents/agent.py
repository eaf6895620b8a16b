"""What an agent is: a model, tools, skills, a system prompt, and the agents that it may hand briefs to."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archaeologist.agents.tooling.answers import answer_schema
from archaeologist.agents.tooling.skills import skill_tool, skills_section
from archaeologist.agents.turns.transcript import Offer, Opening
from archaeologist.domain.chat import Schema
from archaeologist.domain.conversation import Manners
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from archaeologist.agents.tooling.skills import Skill
    from archaeologist.agents.tooling.tools import Tool

FINISH = "finish"
"""What a model calls to give its final answer; no tool may have this name."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_QUEUE = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class SubAgent:
    """An agent as another one sees it: something to hand a brief to.

    Args:
        name: what the model calls it.
        description: what it is good for, for the model.
        task_queue: where it is hosted; need not be the same worker.
    """

    name: str
    description: str
    task_queue: str

    @property
    def offer(self) -> Offer:
        """What the model sees: a tool whose one argument is the brief."""
        brief = (
            "The whole task: the other agent sees nothing else. Say the goal, where to look, what is known already "
            "and what to give back"
        )
        schema = Schema(
            name=self.name,
            description=self.description,
            parameters={
                "type": "object",
                "properties": {"brief": {"type": "string", "description": brief}},
                "required": ["brief"],
                "additionalProperties": False,
            },
        )
        return Offer(form=schema, idempotent=True, queue=self.task_queue)


@dataclass(frozen=True)
class DurableAgent:
    """An agent whose every answer and every tool call is a durable step.

    Make one with `create_durable_agent`.
    """

    name: str
    description: str
    model: str
    system_prompt: str
    tools: tuple[Tool, ...]
    skills: tuple[Skill, ...]
    sub_agents: tuple[SubAgent, ...]
    task_queue: str
    answer: type[BaseModel] | None
    manners: Manners

    def all_tools(self) -> tuple[Tool, ...]:
        """Return the tools, the one that reads skills among them."""
        return (*self.tools, skill_tool(self.skills)) if self.skills else self.tools

    def opening(self, model: str = "", record: str = "") -> Opening:
        """Return how a conversation with the agent begins.

        Args:
            model: who answers, instead of the agent's own model.
            record: folder to record answers in; empty for none.
        """
        system = "\n\n".join(part for part in (self.system_prompt.strip(), skills_section(self.skills)) if part)
        answer = answer_schema(self.answer) if self.answer else None
        offers = (*(_offer(tool) for tool in self.all_tools()), *(agent.offer for agent in self.sub_agents))
        if answer and offers:
            offers = (*offers, _finish(answer))
        return Opening(
            agent=self.name,
            model=model or self.model,
            system=system,
            offers=offers,
            answer=answer,
            finish=FINISH if answer and offers else "",
            version=_digest(system, offers),
            record=record,
        )

    async def run_worker(self, **server: Any) -> None:
        """Host the agent until told to stop; see `archaeologist.agents.host.run_agents`."""
        from archaeologist.agents.host import run_agents  # noqa: PLC0415 - whoever only describes agents needs no SDK

        await run_agents([self], **server)


def create_durable_agent(
    *,
    model: str,
    system_prompt: str,
    tools: Iterable[Tool] = (),
    skills: Iterable[Skill] = (),
    sub_agents: Iterable[DurableAgent | SubAgent] = (),
    task_queue: str = "",
    name: str = "agent",
    description: str = "",
    answer: type[BaseModel] | None = None,
    plans: bool = False,
    parallel: int = 4,
    strikes: int = 6,
    turns: int = 60,
) -> DurableAgent:
    """Make a durable agent.

    Args:
        model: who answers: `openai:NAME`, `http://host:port/v1#NAME`, `recorded:FOLDER`.
        system_prompt: who the agent is and how it works.
        tools: functions made with `@tool`.
        skills: instructions that the agent reads when they apply.
        sub_agents: agents that it may hand a brief to; each runs as a child workflow on its own queue.
        task_queue: where the agent is hosted; `agent-<name>` when left out.
        name: what it is called; lower case letters, digits, `-` and `_`.
        description: what it is good for, for agents that may hand it a brief.
        answer: the form of the final answer; prose when left out.
        plans: let the first turn be a plan, without tools.
        parallel: tool calls at once, one at least.
        strikes: bad answers and refused calls after which a task is given up.
        turns: turns after which it has to answer with what it has.

    Raises:
        UsageError: a name that cannot be, or two tools of one name.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of an agent", hint="use lower case letters, digits, `-` and `_`")
    queue = task_queue or f"agent-{name}"
    if not _QUEUE.fullmatch(queue):
        raise UsageError(f"{queue!r} is no name of a task queue", hint="use letters, digits, `.`, `-` and `_`")
    if min(parallel, strikes, turns) < 1:
        raise UsageError("parallel, strikes and turns are 1 at least", hint="leave them out for sensible values")
    agent = DurableAgent(
        name=name,
        description=description,
        model=model,
        system_prompt=system_prompt,
        tools=tuple(tools),
        skills=tuple(skills),
        sub_agents=tuple(_as_sub_agent(each) for each in sub_agents),
        task_queue=queue,
        answer=answer,
        manners=Manners(plans=plans, parallel=parallel, strikes=strikes, turns=turns),
    )
    names = [offer.name for offer in agent.opening().offers]
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        raise UsageError(f"two tools of {name} are called {', '.join(twice)}", hint="give one another `name=`")
    return agent


def _as_sub_agent(agent: DurableAgent | SubAgent) -> SubAgent:
    if isinstance(agent, SubAgent):
        return agent
    return SubAgent(agent.name, agent.description or f"Hand a task to the {agent.name}", agent.task_queue)


def _offer(tool: Tool) -> Offer:
    return Offer(
        form=tool.schema,
        reads_only=tool.read_only,
        idempotent=tool.idempotent,
        approval=tool.approval,
        seconds=tool.seconds,
        alone=tool.alone,
    )


def _finish(answer: Schema) -> Offer:
    """Return the offer that ends a task: in the same answer as the last calls, which saves a turn."""
    when = "End the task. May stand beside the last calls, and counts when none of them fails."
    return Offer(form=Schema(name=FINISH, description=f"{when} {answer.description}", parameters=answer.parameters))


def _digest(system: str, offers: tuple[Offer, ...]) -> str:
    """Return what tells one version of prompt and tools from another; edits are tagged with it."""
    text = json.dumps([system, [offer.model_dump() for offer in offers]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]
