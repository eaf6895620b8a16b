"""One round: start a run, kill something at a chosen moment, let it go on, and look whether anything was lost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from archaeologist.agents.asking.place import AskerPlace
from archaeologist.boundaries import BOUNDARIES, TOOL_BOUNDARIES
from archaeologist.crashtest.census import (
    executions,
    in_flight,
    leftovers,
    orphans,
    repeated_after_completion,
)
from archaeologist.domain.events import AgentStarted, StepEnded
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.pipeline.source import LiveSource
from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.server import server_status
from archaeologist.temporal.settings import ServerSettings

if TYPE_CHECKING:
    import random
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from archaeologist.crashtest.answerer import Answerer
    from archaeologist.crashtest.scene import Scene
    from archaeologist.domain.events import RunEvent, RunLine

AGENT_STARTING = "agent-starting"
WAITING = "waiting"
RANDOM = "random"
MOMENTS = (*BOUNDARIES, AGENT_STARTING, WAITING, RANDOM)
JUDGED_MOMENTS = (*TOOL_BOUNDARIES, *MOMENTS)

QUESTIONS_BEFORE = {"model-call-before": 6, "model-call-after": 6, "tool-call-before": 4, "tool-call-after": 4}
"""How many questions at most a model is asked before one of these boundaries is stopped at."""

_STOPS = (*BOUNDARIES, *TOOL_BOUNDARIES)

ROLES_ASKED = len(Role) + 1
"""The four agents, and the orchestrator once more for the opening of the report."""

PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.02
_GRACE_SECONDS = 3.0


class Target(StrEnum):
    """What is killed."""

    WORKER = "worker"
    SERVER = "server"
    CLI = "cli"
    ALL = "all"


@dataclass
class Outcome:
    """What a round showed."""

    moment: str
    target: Target
    in_flight: list[str] = field(default_factory=list)
    recovery_seconds: float | None = None
    executions: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    tree: str = ""
    problems: list[str] = field(default_factory=list)


class RoundFailed(Exception):
    """Something took longer than it may."""


async def uninterrupted(scene: Scene) -> str:
    """Return the tree that a run makes when nothing is killed."""
    repository = scene.make_repository("reference")
    log = scene.folder / "reference" / "cli.log"
    cli = scene.start("modernize", str(repository), "--no-tui", "--trust-tests", "--branch", "modern", log=log)
    await _until(lambda: cli.poll() is not None, "the uninterrupted run")
    if cli.returncode != 0:
        raise RoundFailed(f"the uninterrupted run ended with status {cli.returncode}: {log.read_text()[-2000:]}")
    if scene.answerer:
        _require_judgement(scene, scene.answerer, repository)
    return scene.git(repository, "rev-parse", "modern^{tree}")


def _require_judgement(scene: Scene, answerer: Answerer, repository: Path) -> None:
    """See that kills of such runs show anything: all agents asked the model, and two of them edited as it told them."""
    if len(answerer.roles) < ROLES_ASKED:
        raise RoundFailed(f"these were asked, and not all agents: {sorted(answerer.roles)}")
    told = scene.git(repository, "log", "modern", "--format=%(trailers:key=Archaeologist-Prompt,valueonly)").split()
    if missing := {Role.MODERNIZER, Role.DOCUMENTER} - set(told):
        raise RoundFailed(f"nothing was edited by the {' and the '.join(sorted(missing))}")


async def play(
    scene: Scene, number: int, moment: str, target: Target, *, reference: str, dice: random.Random
) -> Outcome:
    """Play one round and return what it showed."""
    outcome = Outcome(moment, target)
    repository = scene.make_repository(f"round-{number}")
    log = scene.folder / f"round-{number}" / "cli.log"
    later = dice.randrange(QUESTIONS_BEFORE[moment]) if scene.answerer and moment in QUESTIONS_BEFORE else 0
    questions = scene.answerer.questions + later if scene.answerer else 0
    if moment in _STOPS and not later:
        scene.arm(moment)
    cli = scene.start("modernize", str(repository), "--no-tui", "--trust-tests", "--branch", "modern", log=log)
    try:
        run = await _opened(scene, repository)
        if scene.answerer and later:
            answerer = scene.answerer
            await _until(lambda: answerer.questions >= questions, f"question {later} to a model")
            scene.arm(moment)
        await _reach(scene, run, moment, dice, outcome)
        killed_at = time.time()
        _kill(scene, target, cli)
        scene.release()
        await _finish(scene, run, cli, target, log)
        events = await _events(scene, run)
        _judge(scene, repository, run, outcome, events=events, reference=reference)
        outcome.recovery_seconds = _recovery(events, killed_at)
    except RoundFailed as failure:
        outcome.problems.append(str(failure))
    finally:
        scene.release()
        with suppress(ProcessLookupError):
            os.killpg(cli.pid, signal.SIGKILL)
        cli.wait()
    return outcome


async def _source(scene: Scene, *, start: bool = False) -> LiveSource:
    return LiveSource(await connect(ServerSettings(), scene.state, start=start, plugins=[plugin()]))


async def _opened(scene: Scene, repository: Path) -> RunLine:
    """Wait until the run of a repository is open."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(Exception):
            source = await _source(scene)
            for line in await source.runs():
                if line.repository == str(repository):
                    return line
        await asyncio.sleep(_POLL_SECONDS)
    raise RoundFailed("the run was not opened")


async def _reach(scene: Scene, run: RunLine, moment: str, dice: random.Random, outcome: Outcome) -> None:
    """Wait for the moment to kill and note what is in flight."""
    if moment in _STOPS:
        await _until(lambda: scene.hit(moment) is not None, f"boundary {moment}")
        outcome.in_flight = in_flight(scene, run.run_id) or [f"process {scene.hit(moment)} at {moment}"]
    elif moment == AGENT_STARTING:
        outcome.in_flight = [f"{await _agent_started(scene, run, dice)} starting"]
    elif moment == WAITING:
        outcome.in_flight = [await _paused(scene, run)]
    else:
        await asyncio.sleep(dice.uniform(0, 1.5))
        await _until(lambda: bool(in_flight(scene, run.run_id)), "a step in flight")
        outcome.in_flight = in_flight(scene, run.run_id)
    if not outcome.in_flight:
        raise RoundFailed("nothing was in flight at the kill")


async def _agent_started(scene: Scene, run: RunLine, dice: random.Random) -> Role:
    wanted = dice.choice([Role.ARCHAEOLOGIST, Role.MODERNIZER, Role.DOCUMENTER])
    source = await _source(scene)
    async for event in source.events(run, follow=True):
        if isinstance(event, AgentStarted) and event.agent is wanted:
            return wanted
    raise RoundFailed(f"the {wanted} was never started")


async def _paused(scene: Scene, run: RunLine) -> str:
    """Have the run wait for a person, and return what it waits for."""
    pausing = scene.start("pause", run.run_id, log=scene.folder / "pause.log")
    await _until(lambda: pausing.poll() is not None, "the pause command")
    source = await _source(scene)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        line = await source.latest(run.workflow_id)
        if line.state is RunState.DONE:
            raise RoundFailed("the run was done before it could be paused")
        if line.paused and not await source.pending(line):
            return f"waiting: {line.paused}"
        await asyncio.sleep(_POLL_SECONDS)
    raise RoundFailed("the run did not pause")


def _kill(scene: Scene, target: Target, cli: subprocess.Popen[bytes]) -> None:
    victims: list[int | None] = []
    if target in {Target.SERVER, Target.ALL}:
        victims.append(server_status(scene.state).pid)
    if target in {Target.WORKER, Target.ALL}:
        victims.append(worker_status(scene.state).pid)
    if target in {Target.CLI, Target.ALL}:
        victims.append(cli.pid)
    for pid in victims:
        if pid is None:
            raise RoundFailed(f"there is no {target} to kill")
        os.kill(pid, signal.SIGKILL)


async def _finish(scene: Scene, run: RunLine, cli: subprocess.Popen[bytes], target: Target, log: Path) -> None:
    """Let the run end: the command that started it goes on by itself unless it was killed or the run waits."""
    if target not in {Target.CLI, Target.ALL}:
        await _until(lambda: cli.poll() is not None, "the command to end")
    else:
        cli.wait()
    if cli.returncode == 0:
        return
    resuming = scene.start("resume", run.run_id, "--no-tui", log=log)
    await _until(lambda: resuming.poll() is not None, "resume to end")
    if resuming.returncode != 0:
        raise RoundFailed(f"resume ended with status {resuming.returncode}, see {log}")


async def _events(scene: Scene, run: RunLine) -> list[RunEvent]:
    source = await _source(scene, start=True)
    return [event async for event in source.events(run, follow=False)]


def _judge(
    scene: Scene, repository: Path, run: RunLine, outcome: Outcome, *, events: list[RunEvent], reference: str
) -> None:
    outcome.executions = executions(scene, run.run_id)
    outcome.tree = scene.git(repository, "rev-parse", "modern^{tree}")
    if outcome.tree != reference:
        outcome.problems.append(f"the tree is {outcome.tree}, not {reference}")
    outcome.problems += [
        f"{step} was executed again after it was completed"
        for step in repeated_after_completion(scene, run.run_id, events)
    ]
    if scene.answerer:
        outcome.answers = scene.answerer.answers_in(run.run_id)
        outcome.problems += scene.answerer.twice_in(run.run_id)
    outcome.problems += leftovers(scene, repository, "modern")
    pids = server_status(scene.state).pid, worker_status(scene.state).pid, AskerPlace(scene.state.path).pid
    owners = {pid for pid in pids if pid}
    owners |= {int((scene.state.server / "keeper.pid").read_text())}
    end = time.monotonic() + _GRACE_SECONDS
    while (left := orphans(scene, owners)) and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
    outcome.problems += left


def _recovery(events: list[RunEvent], killed_at: float) -> float | None:
    """Return the seconds from the kill to the end of the next step."""
    ends = [event.time.timestamp() for event in events if isinstance(event, StepEnded)]
    return min((end - killed_at for end in ends if end > killed_at), default=None)


async def _until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise RoundFailed(f"{what} took longer than {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(_POLL_SECONDS)
