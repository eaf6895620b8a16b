"""What each agent is at: its steps, put together as far as nobody needs to see them one by one.

Steps of a work item, or of a conversation, are one line; so are batches and commits of rules. What failed, is tried
again or is in flight has a line of its own below, because that is what people look for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archaeologist.domain.agents import SubAgents
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunState
from archaeologist.reporting.lines import broken_detail, failure_of
from archaeologist.reporting.retries import has_failed
from archaeologist.review.conversations import TITLES
from archaeologist.wording import counted
from archaeologist_tui.reading.groups import ITEM, TOGETHER, StepGroups, group_of
from archaeologist_tui.reading.marks import MARK_OF_RUN, NOT_GOOD, Mark, run_mark, step_mark
from archaeologist_tui.reading.retries import tries_of
from archaeologist_tui.reading.titles import title_among, title_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from archaeologist.domain.events import PendingStep
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.groups import StepGroup

    Flying = Mapping[tuple[str, str], PendingStep]
    """What is in flight, by agent and step."""

_FLYING_SHOWN = 6


@dataclass(frozen=True)
class WorkLine:
    """One line of what an agent is at.

    Args:
        key: the same for the same work at another moment.
        depth: 0 for an agent, 1 for what it works on, 2 for a single step; of a sub-agent as much more as it is below.
        mark: its state.
        title: what it is.
        seconds: how long it took, or has taken so far; None when it has not begun.
        tries: which attempt it is, when it is not the first one, and when it begins.
        detail: what an agent did; or what failed last; empty when there is nothing to say.
    """

    key: str
    agent: str
    depth: int
    mark: Mark
    title: str
    seconds: float | None = None
    detail: str = ""
    tries: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it failed, and is tried again perhaps."""
        return self.mark == "FAIL" or bool(self.tries)

    @property
    def is_agent(self) -> bool:
        """Whether it is an agent, and not something that one works on."""
        return self.key == self.agent


class WorkBook:
    """Says what all agents are at, again and again; what is settled is said as it was before."""

    def __init__(self) -> None:
        self._groups = StepGroups()
        self._settled: dict[str, tuple[Sequence[StepView], list[WorkLine]]] = {}

    def lines(self, picture: Picture, unfolded: Iterable[str] = ()) -> list[WorkLine]:
        """Return the lines of the four, in the order in which they have their turns, each with its sub-agents below.

        Args:
            picture: the run.
            unfolded: agents of which what is done is shown, too, and lines of which every step is.
        """
        self._groups.take(picture.view.steps)
        pending = {(step.agent, step.step): step for step in picture.pending}
        below = SubAgents(picture.view.agents)
        lines, shown = list[WorkLine](), set(unfolded)
        for role in Role:
            lines += self._lines_of(role, picture, pending, shown)
            lines += [_unread_line(step, picture.now) for step in picture.pending if _is_unread(step, role, picture)]
            for agent, depth in below.of(role):
                if agent.state.is_open or agent.message or not shown.isdisjoint((agent.agent, agent.parent)):
                    own = self._lines_of(agent.agent, picture, pending, shown)
                    lines += [replace(line, depth=line.depth + depth) for line in own]
        return lines

    def _lines_of(self, agent: str, picture: Picture, pending: Flying, shown: Container[str]) -> list[WorkLine]:
        """Return the line of an agent, and those of its work."""
        lines = [_agent_line(agent, picture, self._groups.done(agent))]
        for group in self._groups.of(agent) if agent in shown else self._groups.unsettled(agent):
            lines += self._group_lines(agent, group, pending, picture.now)
            if f"{agent}/{group.name}" in shown:
                known = {line.key for line in lines}
                steps = [_step_line(step, None, picture.now) for step in group.steps if step.ended is not None]
                lines += [line for line in steps if line.key not in known]
        return lines

    def _group_lines(self, agent: str, group: StepGroup, pending: Flying, now: datetime) -> list[WorkLine]:
        if group.open:
            return list(_group(agent, group.name, group.steps, pending, now))
        name = f"{agent}/{group.name}"
        known = self._settled.get(name)
        if known is None or known[0] is not group.steps:
            known = self._settled[name] = (group.steps, list(_group(agent, group.name, group.steps, {}, now)))
        return known[1]


def _is_unread(step: PendingStep, role: Role, picture: Picture) -> bool:
    """Whether a step in flight is one that no event has told of yet, because histories are being read."""
    return not picture.view.steps and f"{step.agent}.".startswith(f"{role}.")


def _unread_line(step: PendingStep, now: datetime) -> WorkLine:
    seconds = (now - step.started).total_seconds() if step.started else None
    key = f"{step.agent}/{step.step}"
    return WorkLine(key, step.agent, 1, _flying(step), step.step, seconds, failure_of(step), tries_of(step, now))


def _agent_line(name: str, picture: Picture, done: int) -> WorkLine:
    agent = picture.view.agents.get(name)
    if agent is None:
        return WorkLine(name, name, 0, "wait" if picture.view.state.is_open else "skip", name)
    leads = name == Role.ORCHESTRATOR
    good = not (leads and picture.view.is_worse)
    detail = agent.paused or agent.stuck or agent.message or ("" if good else f"the branch is {NOT_GOOD}")
    failed = agent.stuck or (agent.state is RunState.DONE and agent.message)
    mark = run_mark(picture.view) if leads and agent.state is RunState.DONE else MARK_OF_RUN[agent.state]
    return WorkLine(
        name,
        name,
        0,
        "ask" if agent.paused else "FAIL" if failed else mark,
        agent.name,
        ((agent.ended or picture.view.ended or picture.now) - agent.started).total_seconds(),
        detail or counted(done, "step"),
    )


def _group(agent: str, name: str, members: Sequence[StepView], pending: Flying, now: datetime) -> Iterator[WorkLine]:
    yield _group_line(agent, name, members, pending, now)
    if len(members) == 1:
        return
    flying = [step for step in members if step.state in {"wait", "run"}]
    failed = [step for step in members if step.state == "FAIL"]
    again = [step for step in flying if (known := pending.get((agent, step.name))) and has_failed(known)]
    well = [step for step in flying if step not in again]
    for step in [*failed, *again, *well[:_FLYING_SHOWN]]:
        yield _step_line(step, pending.get((agent, step.name)), now)
    if len(well) > _FLYING_SHOWN:
        yield WorkLine(f"{agent}/{name}/more", agent, 2, "wait", f"and {len(well) - _FLYING_SHOWN} more")


def can_unfold(line: str) -> bool:
    """Whether every step of a line can be shown: what is done file by file, or rule by rule."""
    return line.partition("/")[2] in set(TOGETHER)


def conversation_of(line: str) -> str:
    """Return the name of the conversation that a line is about, as `item-3`; empty when it is about none."""
    name = line.partition("/")[2]
    if item := ITEM.match(f"{name}-"):
        return item.group()
    talk = name.partition("-")[0]
    return talk if talk in TITLES else ""


def at_work(view: RunView) -> str:
    """Return the agent that people look at when they chose none: the last one that began and goes on."""
    return next((name for name, agent in reversed(view.agents.items()) if agent.state.is_open), Role.ORCHESTRATOR)


def is_part_of(step: StepView, line: str) -> bool:
    """Whether a step is what a line is about, or one of the steps that the line puts together."""
    group = f"{step.agent}/{group_of(step.name, step.kind)}"
    return line in {group, f"{step.agent}/{step.name}"}


def _group_line(agent: str, name: str, members: Sequence[StepView], pending: Flying, now: datetime) -> WorkLine:
    if len(members) == 1:
        line = _step_line(members[0], pending.get((agent, members[0].name)), now)
        return replace(line, depth=1, title=_title(name, members))
    ended = [step.ended for step in members if step.ended]
    open_ones = len(members) - len(ended)
    seconds = ((now if open_ones else max(ended)) - min(step.scheduled for step in members)).total_seconds()
    detail = broken_detail(members[-1].result) if step_mark(members[-1]) == "FAIL" else ""
    return WorkLine(f"{agent}/{name}", agent, 1, _mark_of(members), _title(name, members), seconds, detail)


def _title(name: str, members: Sequence[StepView]) -> str:
    if name in TITLES:
        turns = sum(step.kind == Step.THINK for step in members)
        return f"turn {turns}: {TITLES[name]}" if turns else TITLES[name]
    if name in {kind.value for kind in TOGETHER} and len(members) > 1:
        done = sum(step.state == "ok" for step in members)
        return f"{done} of {len(members)}: {TOGETHER[Step(name)]}"
    return title_of(members[0].summary, members[0].agent)


def _mark_of(members: Sequence[StepView]) -> Mark:
    states = {step.state for step in members}
    if "run" in states:
        return "run"
    if "wait" in states:
        return "wait" if states == {"wait"} else "run"
    # Steps of one conversation: what went wrong in it was told to the agent, which went on.
    return step_mark(members[-1])


def _step_line(step: StepView, pending: PendingStep | None, now: datetime) -> WorkLine:
    key, title = f"{step.agent}/{step.name}", title_among(step.summary, step.agent)
    if step.ended is not None or pending is None:
        mark = step_mark(step)
        detail = (step.message or broken_detail(step.result)) if mark == "FAIL" else ""
        return WorkLine(key, step.agent, 2, mark, title, _seconds(step, now), detail)
    seconds = (now - (pending.started or step.scheduled)).total_seconds()
    failure, tries = failure_of(pending), tries_of(pending, now)
    return WorkLine(key, step.agent, 2, _flying(pending), title, seconds, failure, tries)


def _seconds(step: StepView, now: datetime) -> float:
    return ((step.ended or now) - (step.started or step.scheduled)).total_seconds()


def _flying(step: PendingStep) -> Mark:
    """Return how a step in flight stands: one that waits because it failed has failed."""
    return "run" if step.state == "run" else "FAIL" if has_failed(step) else "wait"
