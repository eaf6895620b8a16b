"""What a run wants of a person: what is asked, and which answers there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archaeologist.domain.budget import Budget
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, asked_in
from archaeologist.reporting.lines import told_apart
from archaeologist_tools.safety.fencing import visible

if TYPE_CHECKING:
    from archaeologist.domain.budget import Spent
    from archaeologist.domain.events import RunLine
    from archaeologist.domain.view import RunView

_MORE = 0.5
"""By how much of itself a limit grows that a person raises without saying how far."""


class AskKind(StrEnum):
    """Why a run waits for a person."""

    APPROVAL = "approval"
    BUDGET = "budget"
    PAUSE = "pause"
    FAULT = "fault"


@dataclass(frozen=True)
class Ask:
    """What a run waits for.

    Args:
        kind: why it waits.
        what: what is asked, or what happened, in one sentence.
        hint: what can be done about it besides answering here; may be empty.
        step: for an approval, what it is about: `plan`, a phase, `item-3` or a tool call; else empty.
    """

    kind: AskKind
    what: str
    hint: str = ""
    step: str = ""


def ask_of(view: RunView) -> Ask | None:
    """Return what the run waits for; None when it does not wait for a person."""
    return ask_in(view.paused)


def ask_in(paused: str) -> Ask | None:
    """Return what a run waits for that is paused for a reason; None for no reason."""
    if not paused:
        return None
    reason, hint = told_apart(paused)
    if reason == PAUSE_ASKED:
        return Ask(AskKind.PAUSE, "the run is paused, as a person asked for it")
    if PAUSE_APPROVAL in reason:
        step, summary = asked_in(reason)
        return Ask(AskKind.APPROVAL, summary or reason, step=step)
    if reason.startswith(PAUSE_BUDGET):
        return Ask(AskKind.BUDGET, f"the budget is used up: {reason.removeprefix(PAUSE_BUDGET)}")
    return Ask(AskKind.FAULT, reason, hint=hint)


def gone_on(line: RunLine) -> str:
    """Return what a person is told who made a run go on; one that wants an answer waits for it all the same.

    Args:
        line: the run, with what it waited for until then.
    """
    ask = ask_in(line.paused)
    if ask is None or ask.kind in {AskKind.PAUSE, AskKind.FAULT}:
        return f"run {line.run_id} goes on"
    return f"run {line.run_id} waits for your answer: {visible(f'{ask.step}: ' if ask.step else '')}{visible(ask.what)}"


def raised(budget: Budget, spent: Spent) -> Budget:
    """Return the limits that are reached, half as high again, or as much above what was spent."""
    used = spent.as_budget()
    reached = {
        name: type(limit)(max(limit, getattr(used, name)) * (1 + _MORE))
        for name in Budget.model_fields
        if (limit := getattr(budget, name)) is not None and getattr(used, name) >= limit
    }
    return Budget(**reached)
