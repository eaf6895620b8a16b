"""One line an event, and one block at the end, for people, pipes and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.agents import SubAgents
from archaeologist.domain.names import PAUSE_DUE, Role, spoken_step
from archaeologist.domain.run import Verdict
from archaeologist.reporting.cost import price, tokens
from archaeologist.reporting.lines import attempt_of, edits_told, failure_of, tests_detail, told
from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import on_one_line, visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.agents import AgentView
    from archaeologist.domain.events import PendingStep, RunEvent, RunLine
    from archaeologist.domain.run import RunResult
    from archaeologist.domain.view import RunView
    from archaeologist.reporting.lines import Line

NAME_WIDTH = 13

BROKEN_SHOWN = 20
"""Tests named in the last block: as many as fit a screen."""

TAIL_CHARACTERS = 80
"""Of what a model is writing."""

MINUTE = 60


def line_of(event: RunEvent, view: RunView) -> str | None:
    """Return the line for an event, given the picture that includes it; None when it is not worth one."""
    line = told(event, view)
    return None if line is None else spelt(line)


def spelt(line: Line) -> str:
    """Return a line as it is printed."""
    took = "" if line.seconds is None else f"{line.seconds:5.1f} s  "
    return _row(line.time, line.agent, line.state, took + on_one_line(line.text))


def note_line(time: datetime, agent: str, text: str) -> str:
    """Return the line for what is known by some moment, besides what happened at it."""
    return _row(time, agent, "note", on_one_line(text))


def _row(time: datetime, agent: str, word: str, text: str) -> str:
    return f"{clock(time)}  {agent:<{NAME_WIDTH}}  {word:<4}  {text}"


def clock(time: datetime) -> str:
    """Return the local time of day."""
    return time.astimezone().strftime("%H:%M:%S")


def waiting_line(pending: Sequence[PendingStep], view: RunView) -> str:
    """Return what a run waits for when nothing has happened for a while."""
    named = [(view.called(step.agent), step) for step in pending]
    steps = (
        ", ".join(f"{name} {spoken_step(step.step)} ({_tries(step)})" for name, step in named) or "nothing in flight"
    )
    writes = "; ".join(f"{name} writes: {_tail(step.writes)}" for name, step in named if step.writes)
    return f"still at it: {steps}" + (f"; {writes}" if writes else "")


def attempt_and_time(step: PendingStep) -> str:
    """Return which attempt of a step is in flight, and when one begins that waits for its turn."""
    return attempt_of(step) + (f" begins at {clock(step.again)}" if step.again else "")


def _tries(step: PendingStep) -> str:
    """Return which attempt of a step is in flight, and what the one before failed with."""
    failure = failure_of(step)
    return attempt_and_time(step) + (f" after: {failure}" if failure else "")


def _tail(text: str) -> str:
    """Return the end of a model's text in one line, as far as a terminal may show it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[-TAIL_CHARACTERS:]


def result_block(view: RunView, left: str = "") -> str:
    """Return the block that a run ends with: what changed, what was left alone, and what to type next.

    Args:
        view: the run.
        left: how much was left alone, files and work items, too; empty when only what rules left is known.
    """
    request, result = view.request, view.result
    if request is None or result is None:
        return f"run ended: {view.state} {view.message}".rstrip()
    amount = left or counted(result.left_alone, "place")
    rows = [
        (
            "changed",
            f"{counted(result.edits, 'edit')} in {counted(result.files, 'file')}, {counted(result.commits, 'commit')}",
        ),
        ("left alone", f"{amount}; each with its reason: {all_of(result.run_id, 'left-alone')}"),
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


def all_of(run_id: str, what: str) -> str:
    """Return the command that lists all of what else is summed up: `plan`, `survey` or `left-alone`."""
    return f"`archaeologist runs show {run_id} --list {what}`"


def next_commands(result: RunResult, root: str) -> list[str]:
    """Return what to type next."""
    if not result.commits:
        return []
    see, read, drop = branch_commands(root, result.base, result.branch)
    return [see, read, f"  report     archaeologist runs show {result.run_id}", drop]


def branch_commands(root: str, base: str, branch: str) -> tuple[str, str, str]:
    """Return what lists the commits of a branch, what shows its changes, and what throws it away."""
    where = f"git -C {root}"
    return (
        f"  see it     {where} log --stat {base[:10]}..{branch}",
        f"  read it    {where} diff {base[:10]} {branch}",
        f"  drop it    {where} branch -D {branch}",
    )


def _tests_row(view: RunView) -> str:
    before, after = view.tests.get("tests-base"), view.tests.get("tests-branch")
    verdict = view.result.verdict if view.result else Verdict.UNVERIFIED
    if before is None:
        return "not run: they are the project's own code; agree once with `--trust-tests`"
    if before.get("problem"):
        return f"unverified: {before['problem']}"
    if after is None:
        return f"before: {tests_detail(before)}; nothing changed since"
    good = {Verdict.GOOD: "good", Verdict.WORSE: "NOT GOOD"}.get(verdict, str(verdict))
    return f"{good}; before: {tests_detail(before)}; on the branch: {tests_detail(after)}"


def _duration(view: RunView) -> str:
    if view.started is None or view.ended is None:
        return ""
    return duration((view.ended - view.started).total_seconds())


def duration(seconds: float) -> str:
    """Return how long something took: `1.5 s`, `2 min 5 s`."""
    return f"{seconds:.1f} s" if seconds < MINUTE else f"{int(seconds // MINUTE)} min {int(seconds % MINUTE)} s"


def run_row(line: RunLine) -> tuple[str, ...]:
    """Return a run's columns in a list: id, state, started, branch, repository."""
    return (line.run_id, line.state.value, f"{line.started.astimezone():%Y-%m-%d %H:%M}", line.branch, line.repository)


def _so_far(view: RunView) -> str:
    found = counted(view.files, "file"), counted(view.findings, "finding")
    spent = [counted(view.spent.tokens, "token")] if view.spent.turns else []
    return ", ".join([*found, edits_told(view), counted(len(view.commits), "commit"), *spent])


def picture(line: RunLine, view: RunView, stands_still: str = "") -> str:
    """Return where a run stands: the run, its agents, and what is in flight.

    Args:
        line: the run.
        view: what is read of it.
        stands_still: why it stands still, in words; empty when it goes on.
    """
    request = view.request
    waits = f"waits for you: {view.paused}" if view.paused else stands_still
    if stands_still and view.pause_is_due:
        waits += f", and the run goes on; {PAUSE_DUE}"
    rows = [
        ("run", f"{line.run_id}  {view.state}  {waits}".rstrip()),
        ("repository", request.run.root if request else line.repository),
        ("base", request.run.base if request else ""),
        ("branch", line.branch),
        ("version", f"started by {line.version}" + (f", written for {request.target}" if request else "")),
        ("started", f"{line.started.astimezone():%Y-%m-%d %H:%M:%S}"),
        ("so far", _so_far(view)),
    ]
    lines = [f"{name:<11} {text}" for name, text in rows]
    below = SubAgents(view.agents)
    for role in filter(None, map(view.agents.get, Role)):
        lines += _agent_lines(view, role, 0)
        for agent, depth in below.of(role.agent):
            lines += _agent_lines(view, agent, depth)
    return "\n".join(lines)


def _agent_lines(view: RunView, agent: AgentView, depth: int) -> list[str]:
    """Return how an agent stands, further to the right the longer the way from the orchestrator to it is."""
    steps = [step for step in view.steps.values() if step.agent == agent.agent]
    done = sum(step.state == "ok" for step in steps)
    told = f"{done} of {len(steps)} steps done" + (f"; {agent.message}" if agent.message else "")
    undone = [step for step in steps if step.state != "ok"]
    return [
        f"{'  ' * depth}{agent.name:<{NAME_WIDTH}} {agent.state:<9} {told}",
        *(f"{'  ' * depth}    {step.state:<4} {step.name}: {step.message or step.summary}" for step in undone),
    ]


def now_line(view: RunView, now: datetime) -> str:
    """Return what a run is doing at this moment: phase, elapsed time, figures so far, steps in flight."""
    seconds = int((now - view.started).total_seconds()) if view.started else 0
    flight = [step.name for step in view.steps.values() if step.state in {"wait", "run"}]
    shown = ", ".join(flight[:3]) + (f" and {len(flight) - 3} more" if len(flight) > 3 else "")  # noqa: PLR2004 - fits
    spent = counted(view.spent.tokens, "token") if view.spent.unpriced else f"${view.cost_usd:.2f}"
    figures = f"{view.files} files  {view.edits} edits  {len(view.commits)} commits  {spent}"
    return (
        f"{view.state.value}  {view.busy_with.value}  {seconds // 60:02}:{seconds % 60:02}  {figures}  {shown}".rstrip()
    )
