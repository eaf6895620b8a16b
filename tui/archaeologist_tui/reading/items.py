"""The work items of an agent and how each one stands: waiting, at work, committed, given up, left alone and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.names import Role, Step
from archaeologist.domain.steps import ItemsChosen
from archaeologist_tui.reading.conversations import talks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.domain.judgement import ItemLine
    from archaeologist.domain.view import RunView, StepView
    from archaeologist_tui.reading.conversations import Talk
    from archaeologist_tui.states import Mark


@dataclass(frozen=True)
class ItemStand:
    """How a work item stands.

    Attributes:
        number: counted from 1.
        kind: code of the rule, or kind of finding, that it is about.
        title: the files.
        mark: its state.
        words: its state in words.
    """

    number: int
    kind: str
    title: str
    mark: Mark
    words: str


@dataclass(frozen=True)
class Items:
    """The work items of an agent.

    Attributes:
        stands: how each one stands.
        beyond: how many more there would be, had more been allowed.
    """

    stands: Sequence[ItemStand] = ()
    beyond: int = 0


NO_ITEMS = Items()


def items_of(view: RunView, agent: Role) -> Items:
    """Return the work items of an agent; none before they are chosen, and none of one without a model."""
    chosen = next(
        (s for s in view.steps.values() if s.agent is agent and s.kind == Step.CHOOSE_ITEMS and s.result), None
    )
    if chosen is None:
        return Items()
    lines = ItemsChosen.model_validate(chosen.result)
    talks = {talk.name: talk for talk in talks_of(view, agent)}
    settled = _settled(view, agent, talks, len(lines.lines))
    stands = [
        _stand(number, line, talks.get(f"item-{number}"), is_settled=number <= settled)
        for number, line in enumerate(lines.lines, 1)
    ]
    return Items(stands, lines.beyond)


def _settled(view: RunView, agent: Role, talks: Mapping[str, Talk], last: int) -> int:
    """Return the last item that is settled: items are settled in their order, so all before one that is drafted are."""
    ended = view.agents.get(agent)
    if ended is not None and not ended.state.is_open:
        return last
    drafted = [number for number in range(1, last + 1) if (talk := talks.get(f"item-{number}")) and _drafts(talk)]
    return max(drafted, default=1) - 1


def _drafts(talk: Talk) -> list[StepView]:
    return [step for step in talk.others if step.kind == Step.DRAFT_ITEM]


def _stand(number: int, line: ItemLine, talk: Talk | None, *, is_settled: bool) -> ItemStand:
    mark, words = _state(line, talk, is_settled=is_settled)
    return ItemStand(number, line.kind, line.title, mark, words)


def _state(line: ItemLine, talk: Talk | None, *, is_settled: bool) -> tuple[Mark, str]:
    if talk is None:
        if is_settled:
            return "skip", "not begun: others of its kind came to nothing"
        return "wait", f"waits for item {line.after}" if line.after else "waits for its turn"
    if talk.outcome:
        return ("skip" if talk.outcome.startswith("given up") else "ok"), talk.outcome
    if is_settled:
        return "skip", f"given up: {_why(talk)}"
    if talk.mark == "wait":
        return "wait", "said all; waits to be checked and committed"
    return talk.mark, f"at work, turn {len(talk.turns)}"


def _why(talk: Talk) -> str:
    """Return what the agent was told last that was wrong."""
    drafts = _drafts(talk)
    if drafts and drafts[-1].result.get("commit"):
        return "its commit was not allowed, or broke tests"
    if drafts and drafts[-1].result.get("refused"):
        return str(drafts[-1].result["refused"]).splitlines()[0]
    problems = [str(turn.thought["problem"]) for turn in talk.turns if turn.thought.get("problem")]
    return problems[-1] if problems else "too many calls were refused"
