from __future__ import annotations

import re
from dataclasses import replace

import pytest

from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.events import RunPaused
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, Role
from archaeologist.domain.view import advance
from archaeologist_tui.reading.asking import Ask, AskKind, ask_of, gone_on, limit_of, raised, spelt_limit, why_not
from support.panes import RUN
from support.pictures import picture_of


@pytest.mark.parametrize(
    ("reason", "ask"),
    [
        (PAUSE_ASKED, Ask(AskKind.PAUSE, "the run is paused, as a person asked for it")),
        (
            f"item-3 {PAUSE_APPROVAL}: commit Use f-strings",
            Ask(AskKind.APPROVAL, "commit Use f-strings", step="item-3"),
        ),
        (
            f"item-3-1-2-run {PAUSE_APPROVAL}: run the tests (hint: of a model)",
            Ask(AskKind.APPROVAL, "run the tests (hint: of a model)", step="item-3-1-2-run"),
        ),
        (f"plan {PAUSE_APPROVAL}: ", Ask(AskKind.APPROVAL, f"plan {PAUSE_APPROVAL}: ")),
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
    assert raised(Budget(tokens=100, usd=1.0, turns=3), spent) == Budget(tokens=180, turns=5)


@pytest.mark.parametrize(
    ("limit", "spent", "told"),
    [
        (0.06, 0.0636, 0.10),
        (0.2, 0.2, 0.30),
        (0.25, 0.25, 0.38),
        (0.01, 0.01, 0.02),
        (2.0, 3.1, 4.7),
        (100.0, 140.0, 210.0),
    ],
)
def test_a_raised_limit_is_a_round_amount(limit: float, spent: float, told: float) -> None:
    assert raised(Budget(usd=limit), Spent(usd=spent)) == Budget(usd=told)
    assert raised(Budget(tokens=2_000_000), Spent(input_tokens=2_012_345)) == Budget(tokens=3_100_000)


@pytest.mark.parametrize(("name", "amount", "typed"), [("usd", 0.1, "0.10"), ("tokens", 180.0, "180")])
def test_a_limit_is_offered_as_a_person_would_type_it(name: str, amount: float, typed: str) -> None:
    assert spelt_limit(name, amount) == typed


@pytest.mark.parametrize(("text", "limit"), [("0.10", 0.1), (" $1,250.5 ", 1250.5), ("2_000", 2000.0)])
def test_a_limit_is_what_a_person_types(text: str, limit: float) -> None:
    assert limit_of("usd", text, Spent(usd=0.07)) == Budget(usd=limit)


@pytest.mark.parametrize(
    ("text", "limit"), [("60k", 60_000), ("60 K", 60_000), ("2M", 2_000_000), ("1.1M", 1_100_000), ("2.5k", 2_500)]
)
def test_thousands_and_millions_are_typed_as_they_are_shown(text: str, limit: int) -> None:
    assert limit_of("tokens", text, Spent()) == Budget(tokens=limit)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("tokens", "k", "'k' is no number of tokens"),
        ("tokens", "2G", "'2G' is no number of tokens"),
        ("tokens", "", "'' is no number of tokens"),
        ("usd", "lots", "'lots' is no number of US dollars"),
        ("tokens", "1.5", "'1.5' is no number of tokens"),
        ("usd", "0.05", "$0.07 of $0.05 are spent already"),
    ],
)
def test_what_is_no_limit_is_told_in_words(name: str, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        limit_of(name, text, Spent(usd=0.07))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("plan", "Nothing is rewritten"),
        ("document", "The phase document is left out"),
        ("item-3", "Nothing of item 3 is committed"),
        ("item-3-1-2-run", "The agent reads the reason"),
    ],
)
def test_who_refuses_is_told_what_comes_of_it(question: str, told: str) -> None:
    assert told in why_not(question)


@pytest.mark.parametrize(
    ("paused", "told"),
    [
        ("", "run 7f3a goes on"),
        (PAUSE_ASKED, "run 7f3a goes on"),
        ("no room left", "run 7f3a goes on"),
        (f"item-3 {PAUSE_APPROVAL}: commit\x1b[2J", "run 7f3a waits for your answer: item-3: commit\\x1b[2J"),
        (f"{PAUSE_BUDGET}90 of 80 tokens", "run 7f3a waits for your answer: the budget is used up: 90 of 80 tokens"),
    ],
)
def test_a_run_that_is_to_go_on_waits_all_the_same_when_it_wants_an_answer(paused: str, told: str) -> None:
    assert gone_on(replace(RUN, paused=paused)) == told
