"""The steps of each agent, put together as people see them, at the cost of what is new.

A run has thousands of steps, and a screen that stays open looks at them ten times a second.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist.domain.names import Step
from archaeologist.domain.table import Table
from archaeologist_tui.reading.marks import step_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archaeologist.domain.step_view import Key, StepView

ITEM = re.compile(r"item-\d+(?=-)")
_VERIFYING = re.compile(r"tests-(branch|again)")
_CONVERSATION = re.compile(r"[a-z]+(?=-(begin|open|\d))")
_TALKING = {Step.BRIEF_AGENT, Step.OPEN_CONVERSATION, Step.THINK, Step.USE_TOOL}
TOGETHER: Mapping[Step, str] = {
    Step.SURVEY_BATCH: "look for legacy code",
    Step.REWRITE_BATCH: "apply the rules",
    Step.DOCUMENT_BATCH: "write module docstrings",
    Step.COMMIT_LAYER: "commit rule by rule",
}
_OPEN = frozenset({"wait", "run"})


@dataclass(slots=True)
class StepGroup:
    """Steps of an agent that are one line.

    Attributes:
        name: the same for the same work at another moment.
        number: which one of the agent's, in the order in which they began.
        open: keys of those steps that have not ended.
    """

    name: str
    number: int
    open: set[Key] = field(default_factory=set)
    _steps: dict[Key, StepView] = field(default_factory=dict)
    _members: tuple[StepView, ...] = ()

    @property
    def steps(self) -> tuple[StepView, ...]:
        """All of them, in the order in which they began; the same tuple as long as nothing is new."""
        if not self._members:
            self._members = tuple(self._steps.values())
        return self._members

    @property
    def is_settled(self) -> bool:
        """Whether nothing is in flight, and the last step did not fail."""
        return not self.open and step_mark(next(reversed(self._steps.values()))) != "FAIL"

    def take(self, key: Key, step: StepView) -> None:
        """Have a step, or have it as it is now."""
        self._steps[key] = step
        self._members = ()
        if step.state in _OPEN:
            self.open.add(key)
        else:
            self.open.discard(key)


@dataclass(slots=True)
class _Agent:
    groups: dict[str, StepGroup] = field(default_factory=dict)
    unsettled: set[int] = field(default_factory=set)
    done: int = 0


class StepGroups:
    """The groups of all agents."""

    def __init__(self) -> None:
        self._steps: Table[Key, StepView] = Table()
        self._agents = defaultdict[str, _Agent](_Agent)

    def take(self, steps: Table[Key, StepView]) -> None:
        """Have the steps of a picture; those of the one before count as known as long as it is of the same run."""
        if len(steps) < len(self._steps) or next(iter(steps), None) != next(iter(self._steps or steps), None):
            self._steps, self._agents = Table(), defaultdict(_Agent)
        for key, step in steps.changed_since(self._steps):
            self._change(key, self._steps.get(key), step)
        self._steps = steps

    def done(self, agent: str) -> int:
        """Return how many steps of an agent are done."""
        return self._agents[agent].done

    def of(self, agent: str) -> Iterable[StepGroup]:
        """Return all groups of an agent, in the order in which they began."""
        return self._agents[agent].groups.values()

    def unsettled(self, agent: str) -> Iterable[StepGroup]:
        """Return those groups in which something is in flight, or has failed and nothing followed it."""
        known = self._agents[agent]
        groups = list(known.groups.values()) if known.unsettled else []
        return [groups[number] for number in sorted(known.unsettled)]

    def _change(self, key: Key, before: StepView | None, step: StepView) -> None:
        agent = self._agents[step.agent]
        name = group_of(step.name, step.kind)
        group = agent.groups.get(name)
        if group is None:
            group = agent.groups[name] = StepGroup(name, len(agent.groups))
        group.take(key, step)
        agent.done += (step.state == "ok") - (before is not None and before.state == "ok")
        if group.is_settled:
            agent.unsettled.discard(group.number)
        else:
            agent.unsettled.add(group.number)


def group_of(name: str, kind: str) -> str:
    """Return the name of the group that a step belongs to."""
    if item := ITEM.match(name):
        return item.group()
    if _VERIFYING.fullmatch(name):
        return "tests-branch"
    if kind in _TALKING and (talk := _CONVERSATION.match(name)):
        return talk.group()
    return kind if kind in TOGETHER else name
