from __future__ import annotations

import pytest

from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.events import RunPaused
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, Role
from archaeologist.domain.view import advance
from archaeologist_tui.reading.asking import Ask, AskKind, ask_of, raised
from support.pictures import picture_of


@pytest.mark.parametrize(
    ("reason", "ask"),
    [
        (PAUSE_ASKED, Ask(AskKind.PAUSE, "the run is paused, as a person asked for it")),
        (
            f"item-3 {PAUSE_APPROVAL}: commit Use f-strings",
            Ask(AskKind.APPROVAL, "commit Use f-strings", step="item-3"),
        ),
        (f"{PAUSE_BUDGET}90 of 80 tokens", Ask(AskKind.BUDGET, "the budget is used up: 90 of 80 tokens")),
        ("no room left (hint: free some space)", Ask(AskKind.FAULT, "no room left", hint="free some space")),
    ],
)
async def test_a_pause_is_told_by_what_it_wants_of_a_person(reason: str, ask: Ask) -> None:
    picture = await picture_of("interrupted")
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, reason)
    assert ask_of(advance(picture.view, [paused])) == ask


async def test_a_run_at_work_asks_nothing() -> None:
    assert ask_of((await picture_of("interrupted")).view) is None


def test_only_reached_limits_are_raised_and_above_what_was_spent() -> None:
    spent = Spent(input_tokens=120, turns=3, usd=0.5)
    assert raised(Budget(tokens=100, usd=1.0, turns=3), spent) == Budget(tokens=180, turns=4)
