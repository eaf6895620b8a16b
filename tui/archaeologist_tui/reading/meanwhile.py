"""What has happened in a run since a person looked last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.events import BudgetRaised, Decided, PauseAsked
from archaeologist.domain.names import Step, spoken_question
from archaeologist.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archaeologist.domain.said import Said
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView

_COMMITS = {Step.COMMIT_LAYER, Step.COMMIT_ITEM}


def meanwhile(view: RunView, since: datetime) -> list[str]:
    """Return what has happened after a moment, one line each; nothing when nothing has.

    What the run waits for is told elsewhere, as long as it is so: these lines stay when it is answered.
    """
    steps = [step for step in view.steps.values() if step.ended is not None and step.ended > since]
    words = [_spoken(event) for event in view.said if event.time > since]
    happened = steps or words or _ended(view, since)
    return [*words, *_agents(view, since), *_work(steps), *_now(view, since)] if happened else []


def _spoken(event: Said) -> str:
    match event:
        case Decided(question=question, granted=granted, why=why):
            return f"{spoken_question(question)} was {'allowed' if granted else f'refused: {why}'}"
        case BudgetRaised(limits=limits):
            return f"the budget was raised to {limits.words}"
        case PauseAsked():
            return "the run was told to pause"
        case _:
            return "the run was told to go on"


def _ended(view: RunView, since: datetime) -> bool:
    return view.ended is not None and view.ended > since


def _agents(view: RunView, since: datetime) -> Iterator[str]:
    for agent in view.agents.values():
        if agent.started > since:
            yield f"the {agent.name} began"
        if agent.ended is not None and agent.ended > since and agent.ended != view.ended:
            yield f"the {agent.name} ended: {agent.state}"


def _work(steps: list[StepView]) -> Iterator[str]:
    done = sum(step.state == "ok" for step in steps)
    commits = len({step.result["commit"] for step in steps if step.kind in _COMMITS and step.state == "ok"})
    if done:
        yield f"{counted(done, 'step')} done" + (f", {counted(commits, 'commit')}" if commits else "")
    failed = [step for step in steps if step.state == "FAIL"]
    if failed:
        yield f"{counted(len(failed), 'step')} failed, the last one {failed[-1].name}: {failed[-1].message}"


def _now(view: RunView, since: datetime) -> Iterator[str]:
    if _ended(view, since):
        yield f"the run ended: {view.state}"
