"""The work items of an agent and how each one stands: waiting, at work, committed, given up, left alone and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.items import ItemsChosen
from archaeologist.domain.names import Step
from archaeologist.review.conversations import last_settled, talks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.domain.judgement import ItemLine
    from archaeologist.domain.step_view import StepState
    from archaeologist.domain.view import RunView
    from archaeologist.review.conversations import Talk


@dataclass(frozen=True)
class ItemStand:
    """How a work item stands.

    Attributes:
        number: counted from 1.
        kind: code of the rule, or kind of finding, that it is about.
        title: the files.
        mark: its state.
        words: its state in words.
        left: the reason in a word why nothing was edited; empty when something was, or may be yet.
        commit: what it became, or would, as far as it is drafted; empty when it is not.
    """

    number: int
    kind: str
    title: str
    mark: StepState
    words: str
    left: str = ""
    commit: str = ""


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
_COMMITS = {Step.DRAFT_ITEM, Step.COMMIT_ITEM}
LEFT, GIVEN_UP, NOT_BEGUN = "left-to-people", "given-up", "not-begun"


def items_of(view: RunView, agent: str) -> Items:
    """Return the work items of an agent; none before they are chosen, and none of one without a model."""
    chosen = next(
        (s for s in view.steps.values() if s.agent == agent and s.kind == Step.CHOOSE_ITEMS and s.result), None
    )
    if chosen is None:
        return Items()
    lines = ItemsChosen.model_validate(chosen.result)
    talks = {talk.name: talk for talk in talks_of(view, agent)}
    settled = last_settled(view, agent, talks)
    stands = [
        _stand(number, line, talks.get(f"item-{number}"), is_settled=number <= settled)
        for number, line in enumerate(lines.lines, 1)
    ]
    return Items(stands, lines.beyond)


def _stand(number: int, line: ItemLine, talk: Talk | None, *, is_settled: bool) -> ItemStand:
    done = [*(talk.others if talk else ())]
    commits = [str(step.result["commit"]) for step in done if step.kind in _COMMITS and step.result.get("commit")]
    state = _state(line, talk, is_settled=is_settled)
    return ItemStand(number, line.kind, line.title, *state, commit=commits[-1] if commits else "")


def _state(line: ItemLine, talk: Talk | None, *, is_settled: bool) -> tuple[StepState, str, str]:
    """Return the state, the state in words, and why nothing was edited."""
    if talk is None:
        if is_settled:
            return "skip", "not begun: others of its kind came to nothing", NOT_BEGUN
        return "wait", f"waits for item {line.after}" if line.after else "waits for its turn", ""
    if talk.outcome.startswith("given up"):
        return "skip", talk.outcome, GIVEN_UP
    if talk.outcome:
        return "ok", talk.outcome, LEFT if talk.outcome.startswith("left alone") else ""
    if talk.mark == "wait":
        return "wait", "said all; waits to be checked and committed", ""
    return talk.mark, f"at work, turn {len(talk.turns)}", ""
