"""One line an event, and one block at the end, for people, pipes and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.budget import Spent
from archaeologist.domain.events import (
    AgentEnded,
    AgentStarted,
    CodeFailed,
    RunEvent,
    RunPaused,
    RunResumed,
    StepEnded,
    StepFailed,
    StepStarted,
)
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunState, Verdict
from archaeologist.reporting.cost import price, tokens
from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import visible

if TYPE_CHECKING:
    from datetime import datetime

    from archaeologist.domain.events import PendingStep, RunLine
    from archaeologist.domain.run import RunResult
    from archaeologist.domain.view import RunView, StepView

NAME_WIDTH = 13

BROKEN_SHOWN = 20
"""Tests named in the last block: as many as fit a screen."""

TAIL_CHARACTERS = 80
"""Of what a model is writing."""

MINUTE = 60


def line_of(event: RunEvent, view: RunView) -> str | None:
    """Return the line for an event, given the picture that includes it; None when it is not worth one."""
    match event:
        case AgentStarted(agent=Role.ORCHESTRATOR):
            request = view.request
            where = f"{request.run.root} at {request.run.base[:10]}" if request else ""
            return _line(event, "run ", f"modernizes {where}")
        case AgentStarted(order=order, continued=False):
            return _line(event, "run ", str(order.get("goal", "at work")))
        case StepStarted(attempt=attempt, last_failure=failure) if attempt > 1:
            because = f" after: {failure}" if failure else ""
            return _line(event, "run ", f"{event.step}, attempt {attempt}{because}")
        case StepEnded():
            return _step_ended(event, view.steps[event.workflow_run, event.step])
        case StepFailed(cancelled=True):
            return _line(event, "skip", f"{event.step} cancelled")
        case StepFailed():
            return _line(event, "FAIL", f"{event.step}: {told_apart(event.message)[0]}")
        case RunPaused():
            return None if _is_known(event, view) else _line(event, "ask ", f"paused: {event.reason}")
        case RunResumed(agent=Role.ORCHESTRATOR):
            return _line(event, "run ", "resumed")
        case CodeFailed():
            return _line(event, "FAIL", f"the workflow code failed: {event.message}")
        case AgentEnded(agent=Role.ORCHESTRATOR) if event.state is not RunState.DONE:
            return _line(event, "FAIL" if event.state is RunState.FAILED else "skip", f"{event.state} {event.message}")
        case _:
            return None


def _is_known(event: RunPaused, view: RunView) -> bool:
    """Whether another agent has said the same: a pause is shown on the agent that waits and on the orchestrator."""
    return any(agent.paused == event.reason for role, agent in view.agents.items() if role is not event.agent)


def told_apart(message: str) -> tuple[str, str]:
    """Return what failed and the hint that `errors.as_fault` put behind it; an empty hint when there is none."""
    reason, _, hint = message.partition(" (hint: ")
    return reason, hint.removesuffix(")")


def _line(event: RunEvent, state: str, text: str) -> str:
    return f"{clock(event.time)}  {event.agent:<{NAME_WIDTH}}  {state}  {text}"


def clock(time: datetime) -> str:
    """Return the local time of day."""
    return time.astimezone().strftime("%H:%M:%S")


def _step_ended(event: StepEnded, step: StepView) -> str:
    detail = _detail(Step(step.kind), event.result)
    took = f"{step.seconds or 0:5.1f} s"
    return _line(event, "ok  ", f"{took}  {step.summary}" + (f": {detail}" if detail else ""))


def _detail(kind: Step, result: dict[str, object]) -> str:
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
            return _tests_detail(result)
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


def _tests_detail(result: dict[str, object]) -> str:
    if result.get("problem"):
        return str(result["problem"])
    broken = result.get("broken")
    worse = f", {len(broken)} that passed before do not" if isinstance(broken, (list, tuple)) and broken else ""
    return f"{result['passed']} passed, {result['failed']} failed, {result['skipped']} skipped{worse}"


def waiting_line(pending: list[PendingStep], paused: str = "", *, worker_alive: bool) -> str:
    """Return what a run waits for when nothing has happened for a while."""
    if paused and not pending:
        return f"the run waits for you: {paused}; `archaeologist resume` goes on"
    steps = ", ".join(f"{step.agent} {step.step} (attempt {step.attempt})" for step in pending) or "nothing in flight"
    if worker_alive:
        writes = "; ".join(f"{step.agent} writes: {_tail(step.writes)}" for step in pending if step.writes)
        return f"still at it: {steps}" + (f"; {writes}" if writes else "")
    return f"no worker is alive; in flight: {steps}; type `archaeologist resume` to start one"


def _tail(text: str) -> str:
    """Return the end of a model's text in one line, as far as a terminal may show it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[-TAIL_CHARACTERS:]


def result_block(view: RunView) -> str:
    """Return the block that a run ends with: what changed, what was left alone, and what to type next."""
    request, result = view.request, view.result
    if request is None or result is None:
        return f"run ended: {view.state} {view.message}".rstrip()
    rows = [
        (
            "changed",
            f"{counted(result.edits, 'edit')} in {counted(result.files, 'file')}, {counted(result.commits, 'commit')}",
        ),
        (
            "left alone",
            f"{counted(result.left_alone, 'finding')}; reasons: `archaeologist runs show {result.run_id}`",
        ),
        ("tests", _tests_row(view)),
        ("cost", f"{price(view.spent)}, {tokens(view.spent)}" if view.spent.turns else "$0.00"),
        *([("given up", f"{counted(result.given_up, 'work item')} of the agents")] if result.given_up else []),
        ("time", _duration(view)),
        ("branch", result.branch if result.commits else "none: nothing changed"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = ["", visible(result.summary), "", *(f"  {name:<{width}}  {text}" for name, text in rows)]
    if result.broken:
        lines += [
            "",
            "  tests that passed before and do not now:",
            *(f"    {visible(test)}" for test in result.broken[:BROKEN_SHOWN]),
        ]
        if len(result.broken) > BROKEN_SHOWN:
            lines.append(f"    and {len(result.broken) - BROKEN_SHOWN} more")
    lines += [f"  note: {note}" for note in request.notes]
    return "\n".join([*lines, "", *next_commands(result, request.run.root)])


def next_commands(result: RunResult, root: str) -> list[str]:
    """Return what to type next."""
    if not result.commits:
        return []
    where = f"git -C {root}"
    return [
        f"  see it     {where} log --stat {result.base[:10]}..{result.branch}",
        f"  read it    {where} diff {result.base[:10]} {result.branch}",
        f"  report     archaeologist runs show {result.run_id}",
        f"  drop it    {where} branch -D {result.branch}",
    ]


def _tests_row(view: RunView) -> str:
    before, after = view.tests.get("tests-base"), view.tests.get("tests-branch")
    verdict = view.result.verdict if view.result else Verdict.UNVERIFIED
    if before is None:
        return "not run: they are the project's own code; agree once with `--trust-tests`"
    if before.get("problem"):
        return f"unverified: {before['problem']}"
    if after is None:
        return f"before: {_tests_detail(before)}; nothing changed since"
    good = {Verdict.GOOD: "good", Verdict.WORSE: "NOT GOOD"}.get(verdict, str(verdict))
    return f"{good}; before: {_tests_detail(before)}; on the branch: {_tests_detail(after)}"


def _duration(view: RunView) -> str:
    if view.started is None or view.ended is None:
        return ""
    seconds = (view.ended - view.started).total_seconds()
    return f"{seconds:.1f} s" if seconds < MINUTE else f"{int(seconds // MINUTE)} min {int(seconds % MINUTE)} s"


def run_row(line: RunLine) -> tuple[str, ...]:
    """Return a run's columns in a list: id, state, started, branch, repository."""
    return (line.run_id, line.state.value, f"{line.started.astimezone():%Y-%m-%d %H:%M}", line.branch, line.repository)


def _so_far(view: RunView) -> str:
    figures = ((view.files, "file"), (view.findings, "finding"), (view.edits, "edit"), (len(view.commits), "commit"))
    spent = [counted(view.spent.tokens, "token")] if view.spent.turns else []
    return ", ".join([*(counted(number, noun) for number, noun in figures), *spent])


def picture(line: RunLine, view: RunView) -> str:
    """Return where a run stands: the run, its agents, and what is in flight."""
    request = view.request
    rows = [
        ("run", f"{line.run_id}  {view.state}" + (f"  waits for you: {view.paused}" if view.paused else "")),
        ("repository", request.run.root if request else line.repository),
        ("base", request.run.base if request else ""),
        ("branch", line.branch),
        ("version", f"started by {line.version}" + (f", written for {request.target}" if request else "")),
        ("started", f"{line.started.astimezone():%Y-%m-%d %H:%M:%S}"),
        ("so far", _so_far(view)),
    ]
    lines = [f"{name:<11} {text}" for name, text in rows]
    for agent in view.agents.values():
        steps = [step for step in view.steps.values() if step.agent is agent.role]
        done = sum(step.state == "ok" for step in steps)
        lines.append(f"{agent.role:<{NAME_WIDTH}} {agent.state:<9} {done} of {len(steps)} steps done")
        lines += [
            f"    {step.state:<4} {step.name}: {step.message or step.summary}" for step in steps if step.state != "ok"
        ]
    return "\n".join(lines)


def now_line(view: RunView, now: datetime) -> str:
    """Return what a run is doing at this moment: phase, elapsed time, figures so far, steps in flight."""
    seconds = int((now - view.started).total_seconds()) if view.started else 0
    flight = [step.name for step in view.steps.values() if step.state in {"wait", "run"}]
    shown = ", ".join(flight[:3]) + (f" and {len(flight) - 3} more" if len(flight) > 3 else "")  # noqa: PLR2004 - fits
    spent = counted(view.spent.tokens, "token") if view.spent.unpriced else f"${view.cost_usd:.2f}"
    figures = f"{view.files} files  {view.edits} edits  {len(view.commits)} commits  {spent}"
    return f"{view.state.value}  {view.phase.value}  {seconds // 60:02}:{seconds % 60:02}  {figures}  {shown}".rstrip()
