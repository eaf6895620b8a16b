"""The reducer: histories in, one picture of the run out. Pure, so that recorded runs give the same picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from archaeologist.domain.agents import AgentView
from archaeologist.domain.budget import Spent
from archaeologist.domain.events import (
    AgentEnded,
    AgentStarted,
    CodeFailed,
    CodeWorks,
    ResumeAsked,
    RunEvent,
    RunPaused,
    RunResumed,
    StepEnded,
    StepFailed,
    StepScheduled,
    StepStarted,
)
from archaeologist.domain.names import Phase, Role, Step
from archaeologist.domain.run import RunRequest, RunResult, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_PHASE_OF_STEP: Mapping[str, Phase] = {
    Step.OPEN: Phase.OPEN,
    Step.CLOSE: Phase.SYNTHESIZE,
}
_PHASE_OF_NAME = {
    "ask-plan": Phase.PLAN,
    "tests-branch": Phase.VERIFY,
    "tests-again": Phase.VERIFY,
    "ask-report": Phase.SYNTHESIZE,
}
_PHASE_OF_AGENT: Mapping[str, Phase] = {
    Role.ARCHAEOLOGIST: Phase.DIG,
    Role.MODERNIZER: Phase.REWRITE,
    Role.DOCUMENTER: Phase.DOCUMENT,
}


StepState = Literal["wait", "run", "ok", "FAIL", "skip"]


@dataclass(frozen=True)
class StepView:
    """One step as people see it."""

    agent: str
    name: str
    kind: str
    summary: str
    state: StepState
    scheduled: datetime
    started: datetime | None = None
    ended: datetime | None = None
    attempt: int = 1
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def seconds(self) -> float | None:
        """Wall time from the last attempt's start to its end."""
        if self.ended is None:
            return None
        return (self.ended - (self.started or self.scheduled)).total_seconds()


@dataclass(frozen=True)
class RunView:
    """The picture of a run."""

    request: RunRequest | None = None
    state: RunState = RunState.RUNNING
    phase: Phase = Phase.OPEN
    started: datetime | None = None
    ended: datetime | None = None
    last_event: datetime | None = None
    agents: dict[str, AgentView] = field(default_factory=dict)
    steps: dict[tuple[str, str], StepView] = field(default_factory=dict)
    files: int = 0
    findings: int = 0
    edits: int = 0
    left_alone: int = 0
    commits: tuple[str, ...] = ()
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    cost_usd: float = 0.0
    spent: Spent = field(default_factory=Spent)
    result: RunResult | None = None
    message: str = ""
    drafts: dict[str, int] = field(default_factory=dict, repr=False)
    """Edits of the drafted commits of work items, by commit: they count when the commit is on the branch."""

    @property
    def paused(self) -> str:
        """Why the run waits for a person; empty when it does not.

        The orchestrator shows its agents' pauses as its own; an agent hears of a resume a moment later than it does.
        """
        orchestrator = self.agents.get(Role.ORCHESTRATOR)
        return orchestrator.paused if orchestrator else ""

    def called(self, agent: str) -> str:
        """Return what people call an agent."""
        known = self.agents.get(agent)
        return known.name if known else agent


def reduce(view: RunView, event: RunEvent) -> RunView:
    """Return the picture after one more event."""
    return advance(view, (event,))


def viewed(events: Iterable[RunEvent]) -> RunView:
    """Return the picture that events make, in their order."""
    return advance(RunView(), events)


def advance(view: RunView, events: Iterable[RunEvent]) -> RunView:
    """Return the picture after more events; as it is copied once, many at a time cost no more than they must."""
    view = replace(view, agents=dict(view.agents), steps=dict(view.steps), drafts=dict(view.drafts))
    last = view.last_event
    for event in events:
        view = _after(view, event)
        last = event.time if last is None or event.time > last else last
    state = view.state
    if state.is_open:
        state = RunState.PAUSED if view.paused else RunState.RUNNING
    return replace(view, state=state, last_event=last)


def _after(view: RunView, event: RunEvent) -> RunView:
    """Return the picture after an event. The tables of `view` are changed in place: `advance` has copied them."""
    match event:
        case AgentStarted():
            return _agent_started(view, event)
        case AgentEnded():
            return _agent_ended(view, event)
        case StepScheduled():
            return _step_scheduled(view, event)
        case StepStarted(step=step, attempt=attempt, last_failure=failure):
            _set_step(view, event, step, state="run", started=event.time, attempt=attempt, message=failure)
        case StepEnded(step=step, result=result):
            _set_step(view, event, step, state="ok", ended=event.time, result=result)
            return _counted(view, event)
        case StepFailed(step=step, message=message, cancelled=cancelled):
            _set_step(view, event, step, state="skip" if cancelled else "FAIL", ended=event.time, message=message)
        case RunPaused():
            _set_agent(view, event.agent, paused=event.reason)
        case RunResumed():
            _set_agent(view, event.agent, paused="")
        case ResumeAsked(agent=Role.ORCHESTRATOR):
            for agent in view.agents:
                _set_agent(view, agent, paused="")
        case CodeFailed() | CodeWorks():
            failure = event.message if isinstance(event, CodeFailed) else ""
            _set_agent(view, event.agent, stuck=failure)
            return replace(view, message=failure)
        case _:
            pass
    return view


def _agent_started(view: RunView, event: AgentStarted) -> RunView:
    if event.agent == Role.ORCHESTRATOR:
        view = replace(view, request=RunRequest.model_validate(event.order), started=event.time)
    elif event.agent in _PHASE_OF_AGENT:
        view = replace(view, phase=_PHASE_OF_AGENT[event.agent])
    if event.continued and event.agent in view.agents:
        return view
    name = event.name or event.agent
    view.agents[event.agent] = AgentView(event.agent, name, RunState.RUNNING, event.time, event.parent)
    return view


def _agent_ended(view: RunView, event: AgentEnded) -> RunView:
    message = event.message or event.given_up
    _set_agent(view, event.agent, state=event.state, ended=event.time, paused="", stuck="", message=message)
    if event.agent != Role.ORCHESTRATOR:
        return view
    result = RunResult.model_validate(event.result) if event.state is RunState.DONE else None
    return replace(view, state=event.state, ended=event.time, result=result, message=event.message)


def _step_scheduled(view: RunView, event: StepScheduled) -> RunView:
    step = StepView(event.agent, event.step, event.kind, event.summary, "wait", event.time)
    view.steps[event.workflow_run, event.step] = step
    phase = _PHASE_OF_NAME.get(event.step) or _PHASE_OF_STEP.get(event.kind)
    return replace(view, phase=phase) if phase else view


def _set_step(view: RunView, event: RunEvent, name: str, **changes: Any) -> None:
    key = (event.workflow_run, name)
    view.steps[key] = replace(view.steps[key], **changes)


def _set_agent(view: RunView, agent: str, **changes: Any) -> None:
    view.agents[agent] = replace(view.agents[agent], **changes)


def _counted(view: RunView, event: StepEnded) -> RunView:
    """Add a completed step's figures to the run's."""
    result = event.result
    match view.steps[event.workflow_run, event.step].kind:
        case Step.OPEN:
            return replace(view, files=result["files"])
        case Step.SURVEY_BATCH:
            return replace(view, findings=view.findings + result["findings"])
        case Step.REWRITE_BATCH | Step.DOCUMENT_BATCH | Step.WRITE_README:
            return replace(view, edits=view.edits + result["edits"], left_alone=view.left_alone + result["left_alone"])
        case Step.COMMIT_LAYER | Step.COMMIT_ITEM if result["commit"] not in view.commits:
            edits = view.edits + view.drafts.pop(result["commit"], 0)
            return replace(view, commits=(*view.commits, result["commit"]), edits=edits)
        case Step.RUN_TESTS:
            return replace(view, tests={**view.tests, event.step: result})
        case Step.CALL_MODEL:
            return replace(view, cost_usd=view.cost_usd + result["cost_usd"])
        case Step.THINK:
            spent = Spent.model_validate(result["spent"])
            return replace(view, spent=view.spent.plus(spent), cost_usd=view.cost_usd + spent.usd)
        case Step.DRAFT_ITEM if result["commit"]:
            view.drafts[result["commit"]] = result["edits"]
            return view
        case _:
            return view
