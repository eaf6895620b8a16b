"""The conversations of an agent, put together from the steps of a run: which there are, and how each one stands."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archaeologist.domain.budget import Spent
from archaeologist.domain.names import Step
from archaeologist.domain.run import RunState

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from archaeologist.domain.events import Decided
    from archaeologist.domain.step_view import StepState, StepView
    from archaeologist.domain.view import RunView

_CALL = re.compile(r"(?P<talk>.+?)-(?P<turn>\d+)-(?P<place>\d+)-\D.*")
_TURN = re.compile(r"(?P<talk>.+)-(?P<turn>\d+)")
_OPEN = re.compile(r"(?P<talk>.+)-open")
_ITEM = re.compile(r"(?P<talk>item-\d+)-.+")
TITLES: Mapping[str, str] = {
    "dig": "read the code",
    "plan": "plan the work",
    "report": "sum up the run",
    "talk": "work on its task",
}
"""What conversations are about that are about no work item."""


@dataclass
class Turn:
    """One answer of a model, and what it wanted to have done.

    Attributes:
        number: counted from 1.
        think: the step in which the model is asked.
        calls: the steps of its tool calls, by their place in the answer.
    """

    number: int
    think: StepView
    calls: dict[int, StepView] = field(default_factory=dict)

    @property
    def thought(self) -> Mapping[str, Any]:
        """What came of it, as `domain.conversation.Thought` has it; empty while the model is asked."""
        return self.think.result

    @cached_property
    def spent(self) -> Spent:
        """What it cost."""
        return Spent.model_validate(self.thought.get("spent") or {})


@dataclass
class Talk:
    """One conversation.

    Attributes:
        agent: whose it is.
        name: what its steps' names begin with.
        asked: its turns by their numbers.
        opened: the step that began its transcript.
        others: further steps about it: its item, the draft, tests, the commit.
        decided: what a person said when asked whether it may be committed.
        settled: whether nothing more becomes of it, when it is about a work item.
    """

    agent: str
    name: str
    asked: dict[int, Turn] = field(default_factory=dict)
    opened: StepView | None = None
    others: list[StepView] = field(default_factory=list)
    decided: Decided | None = None
    settled: bool = False

    @property
    def key(self) -> str:
        """Its name among those of all agents."""
        return f"{self.agent}.{self.name}"

    @cached_property
    def turns(self) -> Sequence[Turn]:
        """Its turns, first to last; once all its steps are known."""
        return [self.asked[number] for number in sorted(self.asked)]

    @property
    def title(self) -> str:
        """What it is about."""
        begun = next((step for step in self.others if step.kind == Step.BEGIN_ITEM), None)
        return begun.summary if begun else TITLES.get(self.name, self.name)

    @property
    def head(self) -> str:
        """The id of its transcript as far as it is known; empty before it began."""
        heads = [turn.thought["head"] for turn in self.turns if turn.thought.get("head")]
        return str(heads[-1]) if heads else str(self.opened.result.get("head", "")) if self.opened else ""

    @property
    def model(self) -> str:
        """Who answers."""
        return str(self.opened.result.get("manners", {}).get("model", "")) if self.opened else ""

    @property
    def spent(self) -> Spent:
        """What it cost so far."""
        total = Spent()
        for turn in self.turns:
            total = total.plus(turn.spent)
        return total

    @property
    def steps(self) -> Iterable[StepView]:
        """All its steps."""
        yield from self.others
        yield from (turn.think for turn in self.turns)
        yield from (call for turn in self.turns for call in turn.calls.values())

    @property
    def outcome(self) -> str:
        """How it ended, in words; empty while it goes on."""
        given_up = next((turn.thought["given_up"] for turn in self.turns if turn.thought.get("given_up")), "")
        if given_up:
            return f"given up: {given_up}"
        if self.decided is not None and not self.decided.granted:
            return f"given up: a person said no: {self.decided.why}"
        for step in reversed(self.others):
            if step.kind == Step.COMMIT_ITEM and step.state == "ok":
                return f"committed {str(step.result.get('commit', ''))[:10]}"
            if step.kind == Step.DRAFT_ITEM and step.result.get("left_alone"):
                return f"left alone: {step.result['left_alone']}"
        return f"given up: {self._why}" if self.settled else ""

    @property
    def drafts(self) -> Sequence[StepView]:
        """The steps that looked whether its edits can be a commit."""
        return [step for step in self.others if step.kind == Step.DRAFT_ITEM]

    @property
    def _why(self) -> str:
        """What the agent was told last that was wrong."""
        drafted = self.drafts[-1].result if self.drafts else {}
        if drafted.get("commit"):
            tests = [step for step in self.others if step.kind == Step.RUN_TESTS]
            worse = bool(tests) and bool(tests[-1].result.get("worse"))
            return "tests that passed before fail with it" if worse else "a person said no"
        if drafted.get("refused"):
            return str(drafted["refused"]).splitlines()[0]
        problems = [str(turn.thought["problem"]) for turn in self.turns if turn.thought.get("problem")]
        return problems[-1] if problems else "too many calls were refused"

    @property
    def mark(self) -> StepState:
        """Its state."""
        last = max(self.steps, key=lambda step: step.scheduled, default=None)
        if last is None or last.state in {"run", "wait"}:
            return "run"
        if last.state in {"FAIL", "skip"}:
            return last.state
        if self.outcome:
            return "skip" if self.outcome.startswith("given up") else "ok"
        answered = bool(self.turns) and bool(self.turns[-1].thought.get("answer"))
        return "run" if not answered else "wait" if self.name.startswith("item-") else "ok"


def talks_of(view: RunView, agent: str, running: Container[str] = ()) -> Sequence[Talk]:
    """Return the conversations of an agent, in the order in which they began.

    One that went on in another execution of the agent's workflow has steps in both, and is one conversation.

    Args:
        view: what the run's histories tell.
        agent: whose conversations.
        running: steps that have begun, which histories tell only when they are over.
    """
    talks: dict[str, Talk] = {}
    for step in view.steps.values():
        if step.agent == agent:
            begun = step.state == "wait" and step.name in running
            _place(talks, replace(step, state="run") if begun else step)
    settled = last_settled(view, agent, talks)
    for talk in talks.values():
        talk.decided = view.decisions.get((agent, talk.name))
        talk.settled = bool(number := _number(talk.name)) and number <= settled
    return [talk for talk in talks.values() if talk.opened is not None or talk.asked]


def last_settled(view: RunView, agent: str, talks: Mapping[str, Talk]) -> int:
    """Return the number of the last work item that is settled: as they are in their order, all before a drafted one.

    Args:
        view: what the run's histories tell.
        agent: whose work items.
        talks: the agent's conversations, by their names.
    """
    at_work = view.agents.get(agent)
    if at_work is not None and at_work.state is RunState.DONE:
        return sys.maxsize
    return max((_number(name) for name, talk in talks.items() if talk.drafts), default=1) - 1


def _number(name: str) -> int:
    """Return the number of the work item that a conversation is about; 0 when it is about none."""
    number = name.removeprefix("item-")
    return int(number) if number != name and number.isdigit() else 0


def current_talk(talks: Sequence[Talk]) -> Talk | None:
    """Return the conversation that a person wants to see who has not chosen: the last one that goes on, or the last."""
    running = [talk for talk in talks if any(step.state in {"run", "wait"} for step in talk.steps)]
    return running[-1] if running else talks[-1] if talks else None


def _place(talks: dict[str, Talk], step: StepView) -> None:
    match step.kind:
        case Step.OPEN_CONVERSATION:
            if match := _OPEN.fullmatch(step.name):
                _talk(talks, step, match).opened = step
        case Step.THINK:
            if match := _TURN.fullmatch(step.name):
                number = int(match["turn"])
                _talk(talks, step, match).asked[number] = Turn(number, step)
        case Step.USE_TOOL:
            match = _CALL.fullmatch(step.name)
            turn = _talk(talks, step, match).asked.get(int(match["turn"])) if match else None
            if match and turn is not None:
                turn.calls[int(match["place"]) - 1] = step
        case _:
            if match := _ITEM.fullmatch(step.name):
                _talk(talks, step, match).others.append(step)


def _talk(talks: dict[str, Talk], step: StepView, match: re.Match[str]) -> Talk:
    return talks.setdefault(match["talk"], Talk(step.agent, match["talk"]))
