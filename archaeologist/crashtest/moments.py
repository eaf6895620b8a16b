"""The moments at which a crash test kills, and how it waits for each."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from archaeologist.boundaries import BOUNDARIES, TOOL_BOUNDARIES
from archaeologist.crashtest.census import in_flight
from archaeologist.domain.events import AgentStarted
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from archaeologist.crashtest.scene import Scene
    from archaeologist.domain.events import RunLine

AGENT_STARTING = "agent-starting"
WAITING = "waiting"
RANDOM = "random"
MOMENTS = (*BOUNDARIES, AGENT_STARTING, WAITING, RANDOM)
JUDGED_MOMENTS = (*TOOL_BOUNDARIES, *MOMENTS)

QUESTIONS_BEFORE = {"model-call-before": 6, "model-call-after": 6, "tool-call-before": 4, "tool-call-after": 4}
"""How many questions at most a model is asked before one of these boundaries is stopped at."""

STOPS = (*BOUNDARIES, *TOOL_BOUNDARIES)

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.02


class RoundFailed(Exception):
    """Something took longer than it may."""


async def source_of(scene: Scene, *, start: bool = False) -> LiveSource:
    """Return where the runs of the scene are read."""
    return LiveSource(await connect(ServerSettings(), scene.state, start=start, plugins=[plugin()]))


async def opened(scene: Scene, repository: Path) -> RunLine:
    """Wait until the run of a repository is open."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(Exception):
            source = await source_of(scene)
            for line in await source.runs():
                if line.repository == str(repository):
                    return line
        await asyncio.sleep(POLL_SECONDS)
    raise RoundFailed("the run was not opened")


async def reach(scene: Scene, run: RunLine, moment: str, dice: random.Random) -> list[str]:
    """Wait for the moment to kill and return what is in flight. Raises RoundFailed when it does not come."""
    if moment in STOPS:
        await until(lambda: scene.hit(moment) is not None, f"boundary {moment}")
        flying = in_flight(scene, run.run_id) or [f"process {scene.hit(moment)} at {moment}"]
    elif moment == AGENT_STARTING:
        flying = [f"{await _agent_started(scene, run, dice)} starting"]
    elif moment == WAITING:
        flying = [await _paused(scene, run)]
    else:
        await asyncio.sleep(dice.uniform(0, 1.5))
        await until(lambda: bool(in_flight(scene, run.run_id)), "a step in flight")
        flying = in_flight(scene, run.run_id)
    if not flying:
        raise RoundFailed("nothing was in flight at the kill")
    return flying


async def _agent_started(scene: Scene, run: RunLine, dice: random.Random) -> Role:
    wanted = dice.choice([Role.ARCHAEOLOGIST, Role.MODERNIZER, Role.DOCUMENTER])
    source = await source_of(scene)
    async for event in source.events(run, follow=True):
        if isinstance(event, AgentStarted) and event.agent == wanted:
            return wanted
    raise RoundFailed(f"the {wanted} was never started")


async def _paused(scene: Scene, run: RunLine) -> str:
    """Have the run wait for a person, and return what it waits for."""
    pausing = scene.start("pause", run.run_id, log=scene.folder / "pause.log")
    await until(lambda: pausing.poll() is not None, "the pause command")
    source = await source_of(scene)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        line = await source.latest(run.workflow_id)
        if line.state is RunState.DONE:
            raise RoundFailed("the run was done before it could be paused")
        if line.paused and not await source.pending(line):
            return f"waiting: {line.paused}"
        await asyncio.sleep(POLL_SECONDS)
    raise RoundFailed("the run did not pause")


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something is so. Raises RoundFailed when it takes too long."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise RoundFailed(f"{what} took longer than {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(POLL_SECONDS)
