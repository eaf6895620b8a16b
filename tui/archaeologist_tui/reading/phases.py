"""The phases of a run: whose turn each one is, and how it stands, by what is known to have happened in it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from archaeologist.domain.names import Phase, Role, Step
from archaeologist.domain.run import RunState
from archaeologist_tui.reading.marks import MARK_OF_RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist.domain.view import RunView
    from archaeologist_tui.reading.marks import Mark

AGENT_OF: Mapping[Phase, Role] = {
    Phase.DIG: Role.ARCHAEOLOGIST,
    Phase.REWRITE: Role.MODERNIZER,
    Phase.DOCUMENT: Role.DOCUMENTER,
}
_ENDING = frozenset({Phase.VERIFY, Phase.SYNTHESIZE})
_LAST_STEPS = 10
"""Among so many of the last steps the one that wrote the report is, once it is written: little comes after it."""


def mark_of(view: RunView, phase: Phase) -> Mark:
    """Return how a phase stands: at work, asked about, done, failed, left out, or to come."""
    if view.state.is_open and phase is _at_work(view):
        return MARK_OF_RUN[view.state]
    if left_out(view, phase):
        return "skip"
    if _is_done(view, phase):
        return "FAIL" if phase is Phase.VERIFY and view.is_worse else "ok"
    if view.state.is_open:
        return "wait"
    return "FAIL" if view.state is RunState.FAILED and phase is _failed(view) else "skip"


def _at_work(view: RunView) -> Phase | None:
    """Return the phase that an open run is at; when an agent is done, that may be the tests of the base, or none."""
    phase = view.busy_with
    if view.paused or not _agent_is_done(view, phase):
        return phase
    tested = view.request is None or not view.request.tests.run or "tests-base" in view.tests
    return None if tested else Phase.OPEN


def left_out(view: RunView, phase: Phase) -> str:
    """Return why nothing is done in a phase, of a run that goes on without it; empty when something is, or may be."""
    match phase:
        case Phase.PLAN:
            return _refused(view, phase)
        case Phase.REWRITE | Phase.DOCUMENT if AGENT_OF[phase] not in view.agents:
            refused = _refused(view, phase) or _refused(view, Phase.PLAN)
            return refused or ("a person said no" if _is_beyond(view, phase) else "")
        case Phase.VERIFY:
            return _untested(view)
        case _:
            return ""


def _refused(view: RunView, phase: Phase) -> str:
    decision = view.decisions.get((Role.ORCHESTRATOR, phase))
    return f"a person said no: {decision.why}" if decision is not None and not decision.granted else ""


def _is_beyond(view: RunView, phase: Phase) -> bool:
    """Whether a run goes on behind rewriting or documenting."""
    documents = Role.DOCUMENTER in view.agents or view.busy_with is Phase.DOCUMENT
    return view.phase in _ENDING or (phase is Phase.REWRITE and documents)


def _untested(view: RunView) -> str:
    """Return why no tests are run on the branch."""
    if view.request is not None and not view.request.tests.run:
        return "nobody agreed to run the project's tests"
    if problem := view.tests.get("tests-base", {}).get("problem"):
        return f"nothing can be concluded from them: {problem}"
    beyond = view.phase is Phase.SYNTHESIZE and "tests-branch" not in view.tests
    return "nothing was changed" if beyond else ""


def _is_done(view: RunView, phase: Phase) -> bool:
    match phase:
        case Phase.OPEN:
            return view.phase is not Phase.OPEN
        case Phase.PLAN:
            return _is_planned(view)
        case Phase.VERIFY:
            return "tests-branch" in view.tests
        case Phase.SYNTHESIZE:
            last = islice(reversed(view.steps.values()), _LAST_STEPS)
            return any(step.kind == Step.CLOSE and step.state == "ok" for step in last)
        case _:
            return _agent_is_done(view, phase)


def _is_planned(view: RunView) -> bool:
    """Whether the plan is made and, where a person or a model has a say in it once the survey is there, settled."""
    judgement = view.request.judgement if view.request else None
    settled = judgement is None or (judgement.approve == "none" and not judgement.model_of(Role.ORCHESTRATOR))
    begun = not view.agents.keys().isdisjoint({Role.MODERNIZER, Role.DOCUMENTER}) or view.phase in _ENDING
    asked = view.busy_with in AGENT_OF and view.busy_with is not Phase.DIG
    allowed = (Role.ORCHESTRATOR, Phase.PLAN) in view.decisions
    return Role.ARCHAEOLOGIST in view.agents and (settled or begun or asked or allowed)


def _agent_is_done(view: RunView, phase: Phase) -> bool:
    agent = view.agents.get(AGENT_OF[phase]) if phase in AGENT_OF else None
    return agent is not None and agent.state is RunState.DONE


def _failed(view: RunView) -> Phase | None:
    """Return the phase that a failed run failed in: that of the agent that failed, or the one that it was at."""
    agents = [phase for phase, role in AGENT_OF.items() if role in view.agents]
    failed = [phase for phase in agents if view.agents[AGENT_OF[phase]].state is RunState.FAILED]
    if failed:
        return failed[-1]
    order = list(Phase)
    rest = [view.busy_with, *order[order.index(view.phase) :]]
    return next((phase for phase in rest if not _is_done(view, phase) and not left_out(view, phase)), None)
