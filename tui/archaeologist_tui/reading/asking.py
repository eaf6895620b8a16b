"""What a run wants of a person: what is asked, and which answers there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from archaeologist.domain.budget import Budget
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, Phase, asked_in, spoken_question
from archaeologist.reporting.lines import told_apart
from archaeologist_tools.safety.fencing import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist.domain.budget import Spent
    from archaeologist.domain.controls import Health
    from archaeologist.domain.events import RunLine
    from archaeologist.domain.view import RunView

LIMITS: Mapping[str, str] = {"tokens": "tokens", "usd": "US dollars", "turns": "answers", "seconds": "seconds"}
"""What the limits of a budget are counted in."""
_SCALES = {"k": 1_000, "K": 1_000, "M": 1_000_000}
"""What people, and the first line of a screen, write behind an amount."""
_MORE = 0.5
"""By how much of itself a limit grows that a person raises without saying how far."""


class AskKind(StrEnum):
    """Why a run waits for a person."""

    APPROVAL = "approval"
    BUDGET = "budget"
    PAUSE = "pause"
    FAULT = "fault"


ANSWERS: Mapping[AskKind, str] = {
    AskKind.APPROVAL: "{run.allow} allows it, {run.refuse} refuses it with a reason",
    AskKind.BUDGET: "{run.budget} lets it use more, {run.cancel} gives the run up; what is done is kept",
    AskKind.PAUSE: "{run.go-on} goes on",
    AskKind.FAULT: "{run.go-on} tries again, {run.cancel} gives the run up; what is done is kept",
}
"""What answers, `{id}` for the key of that id."""


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

    @property
    def wants_answer(self) -> bool:
        """Whether it is a question, after which a run does not just go on."""
        return self.kind in {AskKind.APPROVAL, AskKind.BUDGET}


def ask_of(view: RunView) -> Ask | None:
    """Return what the run waits for; None when it does not wait for a person."""
    return ask_in(view.paused)


def ask_in(paused: str) -> Ask | None:
    """Return what a run waits for that is paused for a reason; None for no reason."""
    if not paused:
        return None
    if paused == PAUSE_ASKED:
        return Ask(AskKind.PAUSE, "the run is paused, as a person asked for it")
    if PAUSE_APPROVAL in paused:
        step, summary = asked_in(paused)
        return Ask(AskKind.APPROVAL, summary or paused, step=step)
    reason, hint = told_apart(paused)
    if reason.startswith(PAUSE_BUDGET):
        return Ask(AskKind.BUDGET, f"the budget is used up: {reason.removeprefix(PAUSE_BUDGET)}")
    return Ask(AskKind.FAULT, reason, hint=hint)


def gone_on(line: RunLine) -> str:
    """Return what a person is told who made a run go on; one that wants an answer waits for it all the same.

    Args:
        line: the run, with what it waited for until then.
    """
    ask = ask_in(line.paused)
    if ask is None or not ask.wants_answer:
        return f"run {line.run_id} goes on"
    return f"run {line.run_id} waits for your answer: {visible(f'{ask.step}: ' if ask.step else '')}{visible(ask.what)}"


def pauses(health: Health, goes_on: str) -> str:
    """Return when a run pauses that is told to, and how it goes on again once it has.

    Args:
        health: whether there is a worker, which is who hears it.
        goes_on: what makes it go on, and that it does.
    """
    return f"pauses before its next step; {goes_on}" if health.worker else "pauses as soon as a worker is there"


def why_not(question: str) -> str:
    """Return what a person is asked who refuses something: its reason, and what comes of that."""
    if question == Phase.PLAN:
        return "Why not? Nothing is rewritten or documented then, and the run ends with its report"
    if question in set(Phase):
        return f"Why not? The phase {question} is left out then"
    if re.fullmatch(r"item-\d+", question):
        return f"Why not? Nothing of {spoken_question(question)} is committed then, and the reason stands in the report"
    return "Why not? The agent reads the reason, and goes on without it"


def spent_of(view: RunView) -> Spent:
    """Return what a run has spent. No history counts time: all of it that there was, when the run waits for more."""
    limit = view.budget.seconds
    if limit is None or not view.paused.endswith(" seconds"):
        return view.spent
    return view.spent.model_copy(update={"seconds": limit})


def raised(budget: Budget, spent: Spent) -> Budget:
    """Return the limits that are reached, half as high again, or as much above what was spent: round amounts."""
    used = spent.as_budget()
    reached = {
        name: _round(name, max(limit, getattr(used, name)) * (1 + _MORE))
        for name in Budget.model_fields
        if (limit := getattr(budget, name)) is not None and getattr(used, name) >= limit
    }
    return Budget(**reached)


def _round(name: str, amount: float) -> float:
    """Return an amount with two digits that count, and no part of a cent, a token or a second: as much, or more."""
    least = -2 if name == "usd" else 0
    unit = 10.0 ** max(least, floor(log10(amount)) - 1)
    return round(ceil(round(amount / unit, 6)) * unit, 2)


def spelt_limit(name: str, amount: float) -> str:
    """Return the amount of a limit as a person would type it."""
    return f"{amount:.2f}" if name == "usd" else f"{amount:.0f}"


def limit_of(name: str, text: str, spent: Spent) -> Budget:
    """Return the limit that a person typed, `2M` for two million.

    Raises:
        ValueError: it is none or is reached already, in words.
    """
    try:
        limit = Budget.model_validate({name: _amount(text.strip().removeprefix("$").replace(",", ""))})
    except ValueError:
        raise ValueError(f"{text!r} is no number of {LIMITS[name]}") from None
    if reached := limit.breach(spent):
        raise ValueError(f"{reached} are spent already")
    return limit


def _amount(text: str) -> float:
    """Return how much a text says. Raises ValueError."""
    scale = _SCALES.get(text[-1:], 1)
    return round(float(text if scale == 1 else text[:-1]) * scale, 6)
