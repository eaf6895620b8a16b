"""A worker in a process of its own, to be killed: `python -m support.agent_worker STATE QUEUE MODEL`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from archaeologist.agents import ToolContext, create_durable_agent, tool
from archaeologist.agents.host import run_agents
from archaeologist.boundaries import boundary

EFFECTS = "effects.log"


@tool(read_only=True)
def look(number: int) -> str:
    """Look at a number.

    Args:
        number: which one.
    """
    return f"{number} is a number"


@tool(idempotent=True)
def note(number: int, context: ToolContext) -> str:
    """Note a number.

    Args:
        number: which one.
    """
    _effect(context, f"note {number}")
    return f"noted {number}"


@tool
def pay(number: int, context: ToolContext) -> str:
    """Pay a sum.

    Args:
        number: the sum.
    """
    _effect(context, f"pay {number}")
    boundary("artefact-written")
    return f"paid {number}"


def _effect(context: ToolContext, line: str) -> None:
    with (context.state / EFFECTS).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


async def _main(state: str, queue: str, model: str) -> None:
    agent = create_durable_agent(
        model=model,
        name="clerk",
        system_prompt="You keep books.",
        tools=[look, note, pay],
        task_queue=queue,
        turns=100,
        strikes=100,
    )
    await run_agents([agent], state_dir=Path(state))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
