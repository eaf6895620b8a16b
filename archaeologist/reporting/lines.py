"""What is told of an event in one line, in its parts, so that a terminal and a screen say the same of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from archaeologist.domain.budget import Spent
from archaeologist.domain.events import (
    AgentEnded,
    AgentStarted,
    BudgetRaised,
    CodeFailed,
    Decided,
    ResumeAsked,
    RunEvent,
    RunPaused,
    RunReopened,
    StepEnded,
    StepFailed,
    StepStarted,
)
from archaeologist.domain.names import PAUSE_ASKED, Role, Step, asked_in, spoken_question, spoken_step
from archaeologist.domain.run import RunState
from archaeologist.domain.undone import as_it_happened
from archaeologist.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from archaeologist.domain.events import PendingStep
    from archaeologist.domain.view import RunView

Word = Literal["ok", "run", "FAIL", "skip", "ask"]
_TOLD_BY_THE_RUN = frozenset(Role) - {Role.ORCHESTRATOR}
"""Agents whose end is the run's: what they fail with, the orchestrator fails with."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        time: when it happened.
        agent: to whom, as people call it.
        state: in one word.
        text: what happened.
        step: the step that it is about; empty when it is about none.
        seconds: how long that took; None when it has not ended.
    """

    time: datetime
    agent: str
    state: Word
    text: str
    step: str = ""
    seconds: float | None = None


def told(event: RunEvent, view: RunView, paused: Mapping[str, str] | None = None) -> Line | None:
    """Return the line for an event; None when it is not worth one.

    Args:
        event: what happened.
        view: a picture that includes it.
        paused: why each agent waited just then; needed where the picture is of a later time.
    """
    event, view = as_it_happened(event, view)
    line = partial(Line, event.time, view.called(event.agent))
    match event:
        case AgentStarted(agent=Role.ORCHESTRATOR):
            request = view.request
            where = f"{request.run.root} at {request.run.base[:10]}" if request else ""
            return line("run", f"modernizes {where}")
        case AgentStarted(order=order, continued=False):
            return line("run", str(order.get("goal") or event.summary or "at work"))
        case StepStarted(attempt=attempt, last_failure=failure) if attempt > 1:
            because = f" after: {failure}" if failure else ""
            return line("run", f"{spoken_step(event.step)}, attempt {attempt}{because}", event.step)
        case StepEnded():
            step = view.steps[event.workflow_run, event.step]
            came_to = detail(step.kind, event.result)
            text = step.summary + (f": {came_to}" if came_to else "")
            wrong = is_worse(step.kind, event.result) or is_refused(step.kind, event.result)
            return line("FAIL" if wrong else "ok", text, event.step, step.seconds or 0)
        case StepFailed(cancelled=True):
            return line("skip", f"{spoken_step(event.step)} cancelled", event.step)
        case StepFailed():
            return line("FAIL", f"{spoken_step(event.step)}: {told_apart(event.message)[0]}", event.step)
        case RunPaused():
            return None if _is_known(event, view, paused) else line("ask", f"paused: {event.reason}")
        case Decided(again=False) | BudgetRaised(again=False) | RunReopened() | ResumeAsked(agent=Role.ORCHESTRATOR):
            return line("run", _said(event, view, paused))
        case CodeFailed():
            return line("FAIL", f"its code failed: {event.message}")
        case AgentEnded(agent=agent) if event.state is not RunState.DONE and agent not in _TOLD_BY_THE_RUN:
            return line("FAIL" if event.state is RunState.FAILED else "skip", f"{event.state} {event.message}")
        case AgentEnded(given_up=why) if why:
            return line("FAIL", why)
        case _:
            return None


def _is_known(event: RunPaused, view: RunView, paused: Mapping[str, str] | None) -> bool:
    """Whether another agent has said the same: a pause is shown on the agent that waits and on the orchestrator.

    One that a person asks for is the orchestrator's; who works for it hears of it later, of its end, too.
    """
    if event.reason == PAUSE_ASKED:
        return event.agent != Role.ORCHESTRATOR
    reasons = paused if paused is not None else {name: agent.paused for name, agent in view.agents.items()}
    return any(reason == event.reason for name, reason in reasons.items() if name != event.agent)


def _said(
    event: Decided | BudgetRaised | RunReopened | ResumeAsked, view: RunView, paused: Mapping[str, str] | None
) -> str:
    """Return what a person decided, and on what."""
    match event:
        case BudgetRaised(limits=limits):
            return f"budget raised to {limits.words}"
        case RunReopened() | ResumeAsked():
            return "resumed"
        case Decided(granted=granted, why=why):
            waits = paused.get(Role.ORCHESTRATOR, "") if paused is not None else view.paused
            question = spoken_question(event.question or asked_in(waits)[0])
            return f"allowed {question}" if granted else f"refused {question}: {why}"


def is_refused(kind: str, result: Mapping[str, object]) -> bool:
    """Return whether a tool call was refused, or what a model answered was no good or came to nothing."""
    if kind == Step.USE_TOOL:
        return not result.get("ok", True)
    return kind == Step.THINK and bool(result.get("problem") or result.get("given_up"))


def attempt_of(step: PendingStep) -> str:
    """Return which attempt, of how many, a step in flight is at."""
    return f"attempt {step.attempt}" + (f" of {step.attempts}" if step.attempts else "")


def failure_of(step: PendingStep) -> str:
    """Return what the last attempt of a step in flight failed with, in one line; empty when none did."""
    return step.last_failure.splitlines()[0] if step.last_failure else ""


def edits_told(view: RunView) -> str:
    """Return how many edits a run has made, and before its end, how many of them are committed."""
    made = counted(view.edits, "edit")
    all_there = view.state is RunState.DONE or view.committed == view.edits
    return made if all_there else f"{made} made, {view.committed} committed"


def told_apart(message: str) -> tuple[str, str]:
    """Return what failed and the hint that `errors.as_fault` put behind it; an empty hint when there is none."""
    reason, _, hint = message.partition(" (hint: ")
    return reason, hint.removesuffix(")")


def detail(kind: str, result: dict[str, object]) -> str:
    """Return what a step came to, in a few words; empty when there is nothing to say."""
    match kind:
        case Step.OPEN:
            return f"{_of(result, 'file')}, {result['skipped']} skipped"
        case Step.SURVEY_BATCH:
            return f"{_of(result, 'finding')} in {_of(result, 'file')}"
        case Step.GATHER_SURVEY:
            return f"{_of(result, 'finding')} in {_of(result, 'line')}"
        case Step.PLAN_SWEEP | Step.PLAN_DOCUMENTS:
            batches = "1 batch" if result["batches"] == 1 else f"{result['batches']} batches"
            return f"{_of(result, 'file')} in {batches}"
        case Step.REWRITE_BATCH | Step.DOCUMENT_BATCH:
            return f"{_of(result, 'edit')} in {_of(result, 'file')}, {result['left_alone']} left alone"
        case Step.COMMIT_LAYER | Step.COMMIT_ITEM:
            return str(result["commit"])[:10]
        case Step.CHOOSE_ITEMS:
            lines = result["lines"]
            beyond = f", {result['beyond']} more left alone" if result["beyond"] else ""
            return f"{counted(len(lines) if isinstance(lines, list) else 0, 'item')}{beyond}"
        case Step.THINK:
            return _thought_detail(result)
        case Step.USE_TOOL:
            return "" if result["ok"] else "refused"
        case Step.DRAFT_ITEM:
            return str(result["left_alone"] or result["refused"] or _of(result, "edit")).splitlines()[0]
        case Step.RUN_TESTS:
            return tests_detail(result)
        case _:
            return ""


def _thought_detail(result: dict[str, object]) -> str:
    spent = Spent.model_validate(result["spent"])
    money = f", ${spent.usd:.3f}" if not spent.unpriced else ""
    calls = result["calls"]
    wants = f"{counted(len(calls), 'call')}, " if isinstance(calls, list) and calls else ""
    return f"{result['problem'] or ''}{': ' if result['problem'] else ''}{wants}{counted(spent.tokens, 'token')}{money}"


def _of(result: dict[str, object], noun: str) -> str:
    return counted(int(str(result[f"{noun}s"])), noun)


def tests_detail(result: dict[str, object]) -> str:
    """Return what a test run came to."""
    if result.get("problem"):
        return str(result["problem"])
    told = broken_detail(result)
    worse = f"; {told}" if told else ""
    return f"{result['passed']} passed, {result['failed']} failed, {result['skipped']} skipped{worse}"


def broken_detail(result: Mapping[str, object]) -> str:
    """Return how many tests a test run found that passed before and fail now; empty when none did."""
    broken = result.get("broken")
    number = len(broken) if isinstance(broken, (list, tuple)) else 0
    return f"{counted(number, 'test')} that passed before {'fails' if number == 1 else 'fail'}" if number else ""


def is_worse(kind: str, result: Mapping[str, object]) -> bool:
    """Whether a step ran tests of which some fail that passed before: it was done, and nothing is well."""
    return kind == Step.RUN_TESTS and bool(result.get("worse"))
