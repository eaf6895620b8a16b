"""`archaeologist crashtest`: prove the durability on this machine by killing everything."""

from __future__ import annotations

import asyncio
import random
import shutil
import statistics
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.cli import exits

if TYPE_CHECKING:
    from archaeologist.crashtest.round import Outcome
    from archaeologist.crashtest.scene import Scene


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=10, show_default=True, help="How many runs to kill.")
@click.option("--seed", type=int, default=1, show_default=True, help="What the random moments are drawn from.")
@click.option("--moment", multiple=True, help="Kill at this moment only. May be given again.")
@click.option("--target", multiple=True, help="Kill this only: worker, server, cli or all. May be given again.")
@click.option("--judged", is_flag=True, help="With agents that judge; a scripted model of the test's own answers.")
@click.option("--keep", is_flag=True, help="Keep the scratch folder also when every round is ok.")
def crashtest(
    rounds: int, seed: int, moment: tuple[str, ...], target: tuple[str, ...], judged: bool, keep: bool
) -> int:
    """Kill worker, server and command line with SIGKILL at named and random moments of real runs.

    Shows that no completed step is executed again, that every run ends with the tree of an uninterrupted one, and
    that no process, worktree, lock or reference is left; with --judged also that no answer of a model is paid twice.
    """
    from archaeologist.crashtest.answerer import Answerer
    from archaeologist.crashtest.scene import Scene

    folder = Path(tempfile.mkdtemp(prefix="archaeologist-crashtest-"))
    scene = Scene(folder)
    try:
        with Answerer() as answerer:
            scene = Scene(folder, answerer if judged else None)
            status = asyncio.run(_play(scene, rounds, seed, moment, target))
        keep |= status != exits.DONE
        return status
    finally:
        _strike(scene)
        if keep:
            click.echo(f"kept: {scene.folder}", err=True)
        else:
            shutil.rmtree(scene.folder, ignore_errors=True)


async def _play(scene: Scene, rounds: int, seed: int, moments: tuple[str, ...], targets: tuple[str, ...]) -> int:
    from archaeologist.crashtest.moments import JUDGED_MOMENTS, MOMENTS, RoundFailed
    from archaeologist.crashtest.round import Target, play, uninterrupted

    moments = moments or (JUDGED_MOMENTS if scene.answerer else MOMENTS)
    victims = tuple(map(Target, targets)) or tuple(Target)
    dice = random.Random(seed)  # noqa: S311 - reproducible on purpose
    try:
        reference = await uninterrupted(scene)
    except RoundFailed as failure:
        click.echo(f"   0  FAIL  {failure}")
        return exits.FOUND
    outcomes: list[Outcome] = []
    for number in range(rounds):
        # Each turn through the moments shifts the targets, so that every pair comes up.
        chosen = victims[(number + number // len(moments)) % len(victims)]
        outcome = await play(scene, number + 1, moments[number % len(moments)], chosen, reference=reference, dice=dice)
        outcomes.append(outcome)
        _tell(number + 1, outcome)
    return _sum_up(outcomes)


def _tell(number: int, outcome: Outcome) -> None:
    state = "FAIL" if outcome.problems else "ok"
    recovery = "" if outcome.recovery_seconds is None else f"  next step after {outcome.recovery_seconds:.1f} s"
    flight = ", ".join(outcome.in_flight)
    click.echo(f"{number:>4}  {state:<4}  {outcome.target:<6} at {outcome.moment:<17} in flight: {flight}{recovery}")
    for problem in outcome.problems:
        click.echo(f"            {problem}")


def _sum_up(outcomes: list[Outcome]) -> int:
    executed: Counter[str] = Counter()
    for outcome in outcomes:
        executed.update(outcome.executions)
    click.echo(f"\n{'step':<28} {'runs':>5} {'executed':>9}")
    for step, count in sorted(executed.items()):
        runs = sum(step in outcome.executions for outcome in outcomes)
        click.echo(f"{step:<28} {runs:>5} {count:>9}")
    failed = [outcome for outcome in outcomes if outcome.problems]
    recoveries = [outcome.recovery_seconds for outcome in outcomes if outcome.recovery_seconds is not None]
    killed_workers = [
        outcome.recovery_seconds
        for outcome in outcomes
        if outcome.target == "worker" and outcome.recovery_seconds is not None
    ]
    answers = sum(outcome.answers for outcome in outcomes)
    if answers:
        click.echo(f"\nanswers of a model: {answers}")
    click.echo(f"\n{len(outcomes)} rounds, {len(outcomes) - len(failed)} ok, {len(failed)} failed")
    if recoveries:
        click.echo(
            f"next step after a kill: median {statistics.median(recoveries):.1f} s, most {max(recoveries):.1f} s"
        )
    if killed_workers:
        click.echo(f"after a killed worker: most {max(killed_workers):.1f} s")
    return exits.FOUND if failed else exits.DONE


def _strike(scene: Scene) -> None:
    """End everything that the test started."""
    import os
    import signal
    from contextlib import suppress

    from archaeologist.crashtest.census import processes_of

    for pid in processes_of(scene):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
