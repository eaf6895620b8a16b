"""What keeps a run from going on, other than a question to a person: in words, with what brings it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.names import PAUSE_DUE, Step, spoken_step
from archaeologist.domain.run import RunState
from archaeologist.reporting.lines import attempt_of, failure_of
from archaeologist.wording import counted
from archaeologist_tui.reading.retries import named, standing, tries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.domain.controls import Health
    from archaeologist.domain.events import PendingStep, RunLine
    from archaeologist_tui.picture import Picture

_SHOWN = 3
_THIRD = 3
"""The attempt from which on a failure is no accident."""
KEPT = "what is done is kept"


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong.

    Args:
        what: in one sentence.
        details: further lines.
        answer: what to press, `{id}` for the key of that id, or what to type where no key helps.
        typed: what to type where there are no keys; empty when `answer` says it.
    """

    what: str
    details: tuple[str, ...] = ()
    answer: str = ""
    typed: str = ""


def trouble_of(picture: Picture) -> Trouble | None:
    """Return what keeps the run from going on; None when nothing does, or when it has ended."""
    view, health = picture.view, picture.health
    if not view.state.is_open:
        return None
    resume = f"`archaeologist resume {picture.run.run_id}` starts"
    logs = tuple(f"log: {log}" for log in health.logs)
    if not health.server:
        what = f"the server is gone; {KEPT}{_kept(picture)}"
        return Trouble(what, logs, "press {run.revive} to start it again", f"{resume} it again")
    if not health.worker and (picture.pending or not view.paused):
        # Whoever answers a question starts a worker, so that a run that only waits for one misses nothing.
        what = f"no worker is alive; in flight: {_flight(picture)}"
        if view.pause_is_due:
            answer = "press {run.revive} to start one, {run.go-on} to start one and go on without a pause"
            return Trouble(what, (PAUSE_DUE, *logs), answer, f"{resume} one, and the run goes on without a pause")
        return Trouble(what, logs, "press {run.revive} to start one", f"{resume} one")
    stuck = next((agent for agent in view.agents.values() if agent.stuck), None)
    if stuck is not None:
        details = (
            "it is tried again and again; nothing that was done is lost",
            "another version of this program may have started the run: `archaeologist doctor` says what is installed",
        )
        answer = f"`archaeologist cancel --force {picture.run.run_id}` gives the run up; its branch stays"
        return Trouble(f"the code of the {stuck.name} fails: {stuck.stuck.splitlines()[0]}", details, answer)
    if picture.unread:
        return Trouble(f"the server does not answer ({picture.unread}); {KEPT}", (), "it is asked again every second")
    return None


def stalled(picture: Picture) -> Trouble | None:
    """Return what has failed more than once and is tried again, when nothing comes on meanwhile; None when it does."""
    steps = standing(picture)
    if not steps or steps[0].attempt < _THIRD or not picture.view.state.is_open or picture.view.paused:
        return None
    worst = steps[0]
    asks = worst.kind == Step.THINK
    details = (
        failure_of(worst),
        f"{tries_of(worst, picture.now)}: it is tried again by itself, and {KEPT}",
    )
    check = "see that the model answers there; " if asks else ""
    answer = f"{check}{{run.pause}} pauses the run meanwhile, {{run.cancel}} gives it up"
    what = "the model does not answer" if asks else "a step fails"
    return Trouble(f"{what}: {named(picture.view, steps)}", details, answer)


def trouble_of_runs(lines: Sequence[RunLine], health: Health) -> Trouble | None:
    """Return what keeps the runs of a list from going on; None when nothing does that is missing."""
    logs = tuple(f"log: {log}" for log in health.logs)
    if not health.server:
        what = f"the server is gone, and no run goes on; {KEPT}"
        return Trouble(what, logs, "press {run.revive} to start it again", "`archaeologist resume` starts it again")
    at_work = sum(line.state is RunState.RUNNING for line in lines)
    if not health.worker and at_work:
        what = f"no worker is alive, and {counted(at_work, 'run')} cannot go on; {KEPT}"
        return Trouble(what, logs, "press {run.revive} to start one", "`archaeologist resume` starts one")
    return None


def _kept(picture: Picture) -> str:
    """Return how much is kept, as far as the run could be read before."""
    if picture.view.request is None:
        return ""
    done = sum(step.state == "ok" for step in picture.view.steps.values())
    return f": {counted(done, 'step')}, {counted(len(picture.view.commits), 'commit')}"


def _flight(picture: Picture) -> str:
    steps = picture.pending
    shown = ", ".join(_step(picture.view.called(step.agent), step) for step in steps[:_SHOWN]) or "nothing"
    return shown + (f" and {len(steps) - _SHOWN} more" if len(steps) > _SHOWN else "")


def _step(agent: str, step: PendingStep) -> str:
    return f"{agent} {spoken_step(step.step)}, {attempt_of(step)}"
