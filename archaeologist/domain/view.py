"""The reducer: histories in, one picture of the run out. Pure, so that recorded runs give the same picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from archaeologist.domain.agents import AgentView
from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.counting import counted
from archaeologist.domain.events import (
    AgentEnded,
    AgentStarted,
    BudgetRaised,
    CodeFailed,
    CodeWorks,
    Decided,
    PauseAsked,
    ResumeAsked,
    RunEvent,
    RunPaused,
    RunReopened,
    RunResumed,
    StepEnded,
    StepFailed,
    StepScheduled,
    StepStarted,
)
from archaeologist.domain.names import Phase, Role, Step, asked_in
from archaeologist.domain.run import RunRequest, RunResult, RunState, Verdict
from archaeologist.domain.said import Said, said
from archaeologist.domain.step_view import Key, StepView
from archaeologist.domain.table import Table
from archaeologist.domain.undone import Undone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from archaeologist.domain.table import Draft

    Steps = Draft[Key, StepView]

_PHASE_OF_STEP: Mapping[str, Phase] = {Step.OPEN: Phase.OPEN, Step.CLOSE: Phase.SYNTHESIZE}
_PHASE_OF_NAME = {
    "ask-plan": Phase.PLAN,
    "tests-branch": Phase.VERIFY,
    "tests-again": Phase.VERIFY,
    "ask-report": Phase.SYNTHESIZE,
}
_PHASE_OF_TALK = {"plan": Phase.PLAN, "report": Phase.SYNTHESIZE}
"""What the orchestrator's model talks about, by what the names of the steps begin with."""
_PHASE_OF_AGENT: Mapping[str, Phase] = {
    Role.ARCHAEOLOGIST: Phase.DIG,
    Role.MODERNIZER: Phase.REWRITE,
    Role.DOCUMENTER: Phase.DOCUMENT,
}


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
    steps: Table[Key, StepView] = field(default_factory=Table)
    files: int = 0
    findings: int = 0
    edits: int = 0
    committed: int = 0
    """Those of the edits that are on the branch."""
    left_alone: int = 0
    commits: tuple[str, ...] = ()
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    cost_usd: float = 0.0
    spent: Spent = field(default_factory=Spent)
    result: RunResult | None = None
    message: str = ""
    drafts: dict[str, int] = field(default_factory=dict, repr=False)
    """Edits of the drafted commits of work items, by commit: they count when the commit is on the branch."""
    layers: dict[str, int] = field(default_factory=dict, repr=False)
    """Edits of the layers, by the name of the step that commits each."""
    decisions: dict[tuple[str, str], Decided] = field(default_factory=dict, repr=False)
    """By the agent that asked and the name of its question."""
    said: tuple[Said, ...] = field(default=(), repr=False)
    """What people said to the run last, the newest at the end."""
    pause_asked: bool = False
    """Whether the last that a person said of pausing was to do so."""
    limits: Budget = field(default_factory=Budget)
    """Limits that a person has set since the run began."""
    undone: dict[str, RunView] = field(default_factory=dict, repr=False)
    """How the run stood in each execution that had ended when it went on from an earlier point."""

    @property
    def paused(self) -> str:
        """Why the run waits for a person; empty when it does not.

        The orchestrator shows its agents' pauses as its own; an agent hears of a resume a moment later than it does.
        """
        orchestrator = self.agents.get(Role.ORCHESTRATOR)
        return orchestrator.paused if orchestrator else ""

    @property
    def pause_is_due(self) -> bool:
        """Whether the run was told to pause and has not heard of it yet."""
        return self.pause_asked and self.state is RunState.RUNNING

    @property
    def budget(self) -> Budget:
        """What may be spent, as it was asked for or as a person has raised it."""
        asked = self.request.judgement.budget if self.request else Budget()
        return asked.raised(self.limits)

    @property
    def unfinished(self) -> bool:
        """Whether the run ended before its end, so that not all that it has made need be on its branch."""
        return self.state in {RunState.FAILED, RunState.CANCELLED}

    @property
    def busy_with(self) -> Phase:
        """The phase that the run is in, or, while a person is asked whether a phase may be done, that one."""
        asked, _ = asked_in(self.paused)
        return Phase(asked) if asked in set(Phase) else self.phase

    @property
    def is_worse(self) -> bool:
        """Whether the branch is not good: tests that passed before fail on it, also when they were run again."""
        if self.result is not None:
            return self.result.verdict is Verdict.WORSE
        ran = self.tests.get("tests-again") or self.tests.get("tests-branch")
        return ran is not None and bool(ran["worse"])

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
    """Return the picture after more events; what they do not change, it shares with the one before."""
    steps = view.steps.draft()
    last = view.last_event
    for event in events:
        if isinstance(event, Undone):
            view = _with_undone(view, steps, event)
            continue
        view = _after(view, steps, event)
        last = event.time if last is None or event.time > last else last
    state = view.state
    if state.is_open:
        state = RunState.PAUSED if view.paused else RunState.RUNNING
    return replace(view, steps=steps.kept(), state=state, last_event=last)


def _with_undone(view: RunView, steps: Steps, event: Undone) -> RunView:
    """Return the picture after something that counts in the picture of a closed execution only."""
    then = view.undone.get(event.closed) or view.undone.get(event.by)
    if then is None:
        then = replace(view, steps=Table.of(steps.kept()))  # a table of its own, as both grow
    return replace(view, undone={**view.undone, event.closed: reduce(then, event.event)})


def _after(view: RunView, steps: Steps, event: RunEvent) -> RunView:
    """Return the picture after an event, but for its steps, which are changed in place."""
    match event:
        case AgentStarted():
            return _agent_started(view, event)
        case AgentEnded():
            return _agent_ended(view, event)
        case StepScheduled():
            steps[event.workflow_run, event.step] = _scheduled(event)
            phase = _phase_of(event)
            return replace(view, phase=phase) if phase else view
        case StepStarted(step=step, attempt=attempt, last_failure=failure):
            _set_step(steps, event, step, state="run", started=event.time, attempt=attempt, message=failure)
        case StepEnded(step=step, result=result):
            ended = _set_step(steps, event, step, state="ok", ended=event.time, result=result)
            return counted(view, ended)
        case StepFailed(step=step, message=message, cancelled=cancelled):
            _set_step(steps, event, step, state="skip" if cancelled else "FAIL", ended=event.time, message=message)
        case RunPaused():
            return _set_agent(view, event.agent, paused=event.reason)
        case RunResumed():
            view = _set_agent(view, event.agent, paused="")
            return replace(view, pause_asked=False) if event.agent == Role.ORCHESTRATOR else view
        case Decided() | BudgetRaised() | RunReopened() | PauseAsked() | ResumeAsked():
            return said(view, event)
        case CodeFailed() | CodeWorks():
            failure = event.message if isinstance(event, CodeFailed) else ""
            return replace(_set_agent(view, event.agent, stuck=failure), message=failure)
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
    begun = AgentView(event.agent, name, RunState.RUNNING, event.time, event.parent)
    return replace(view, agents={**view.agents, event.agent: begun})


def _agent_ended(view: RunView, event: AgentEnded) -> RunView:
    message = event.message or event.given_up
    view = _set_agent(view, event.agent, state=event.state, ended=event.time, paused="", stuck="", message=message)
    if event.agent != Role.ORCHESTRATOR:
        return view
    result = RunResult.model_validate(event.result) if event.state is RunState.DONE else None
    return replace(view, state=event.state, ended=event.time, result=result, message=event.message)


def _phase_of(event: StepScheduled) -> Phase | None:
    """Return the phase that a step of the orchestrator begins; None for one that begins none."""
    talk = _PHASE_OF_TALK.get(event.step.partition("-")[0]) if event.agent == Role.ORCHESTRATOR else None
    return _PHASE_OF_NAME.get(event.step) or _PHASE_OF_STEP.get(event.kind) or talk


def _scheduled(event: StepScheduled) -> StepView:
    return StepView(event.agent, event.step, event.kind, event.summary, "wait", event.time)


def _set_step(steps: Steps, event: RunEvent, name: str, **changes: Any) -> StepView:
    key = (event.workflow_run, name)
    changed = steps[key] = replace(steps[key], **changes)
    return changed


def _set_agent(view: RunView, agent: str, **changes: Any) -> RunView:
    return replace(view, agents={**view.agents, agent: replace(view.agents[agent], **changes)})
