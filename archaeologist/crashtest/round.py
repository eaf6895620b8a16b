"""One round: start a run, kill something at a chosen moment, let it go on, and look whether anything was lost."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from archaeologist.agents.asking.place import AskerPlace
from archaeologist.crashtest.census import (
    executions,
    leftovers,
    orphans,
    repeated_after_completion,
)
from archaeologist.crashtest.moments import (
    POLL_SECONDS,
    QUESTIONS_BEFORE,
    STOPS,
    RoundFailed,
    opened,
    reach,
    source_of,
    until,
)
from archaeologist.domain.events import StepEnded
from archaeologist.domain.names import Role
from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.server import server_status

if TYPE_CHECKING:
    import random
    import subprocess
    from pathlib import Path

    from archaeologist.crashtest.answerer import Answerer
    from archaeologist.crashtest.scene import Scene
    from archaeologist.domain.events import RunEvent, RunLine

ROLES_ASKED = len(Role) + 1
"""The four agents, and the orchestrator once more for the opening of the report."""

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


async def uninterrupted(scene: Scene) -> str:
    """Return the tree that a run makes when nothing is killed."""
    repository = scene.make_repository("reference")
    log = scene.folder / "reference" / "cli.log"
    cli = scene.start("modernize", str(repository), "--no-tui", "--trust-tests", "--branch", "modern", log=log)
    await until(lambda: cli.poll() is not None, "the uninterrupted run")
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
    if moment in STOPS and not later:
        scene.arm(moment)
    cli = scene.start("modernize", str(repository), "--no-tui", "--trust-tests", "--branch", "modern", log=log)
    try:
        run = await opened(scene, repository)
        if scene.answerer and later:
            answerer = scene.answerer
            await until(lambda: answerer.questions >= questions, f"question {later} to a model")
            scene.arm(moment)
        outcome.in_flight = await reach(scene, run, moment, dice)
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
        await until(lambda: cli.poll() is not None, "the command to end")
    else:
        cli.wait()
    if cli.returncode == 0:
        return
    resuming = scene.start("resume", run.run_id, "--no-tui", log=log)
    await until(lambda: resuming.poll() is not None, "resume to end")
    if resuming.returncode != 0:
        raise RoundFailed(f"resume ended with status {resuming.returncode}, see {log}")


async def _events(scene: Scene, run: RunLine) -> list[RunEvent]:
    source = await source_of(scene, start=True)
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
        time.sleep(POLL_SECONDS)
    outcome.problems += left


def _recovery(events: list[RunEvent], killed_at: float) -> float | None:
    """Return the seconds from the kill to the end of the next step."""
    ends = [event.time.timestamp() for event in events if isinstance(event, StepEnded)]
    return min((end - killed_at for end in ends if end > killed_at), default=None)
