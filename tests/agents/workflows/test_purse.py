from __future__ import annotations

from archaeologist.agents.workflows.purse import ANSWER_TOKENS, LEAST_TOKENS, Purse
from archaeologist.domain.budget import Budget, Spent

LAST = Spent(turns=1, input_tokens=3_000, output_tokens=1_000, usd=0.5)
COST = LAST.tokens + ANSWER_TOKENS
"""Of the answer after that: all of it is read again, and as much comes back as may come."""


def test_answers_on_their_way_together_take_no_more_than_there_is() -> None:
    purse = Purse(Budget(tokens=2 * COST))
    first = purse.reserve(LAST)
    assert purse.has_room(LAST)
    purse.reserve(LAST)
    assert not purse.has_room(LAST)
    purse.release(first)
    purse.spend(LAST)
    assert not purse.has_room(LAST), "what came has its price"


def test_an_answer_that_is_on_its_way_alone_may_have_all_that_is_left() -> None:
    purse = Purse(Budget(tokens=1_000))
    assert purse.has_room(LAST)
    assert purse.answer_tokens() == 1_000
    purse.spend(Spent(turns=1, input_tokens=990))
    assert purse.answer_tokens() == LEAST_TOKENS


def test_an_answer_beside_others_may_be_as_long_as_any() -> None:
    purse = Purse(Budget(tokens=2 * COST))
    purse.reserve(LAST)
    assert purse.has_room(LAST)
    assert purse.answer_tokens() == ANSWER_TOKENS


def test_answers_and_dollars_are_set_aside_as_tokens_are() -> None:
    for budget in (Budget(turns=2), Budget(usd=1.0)):
        purse = Purse(budget)
        purse.reserve(LAST)
        assert purse.has_room(LAST)
        purse.reserve(LAST)
        assert not purse.has_room(LAST)


def test_the_first_answer_of_a_conversation_is_taken_for_an_average_one() -> None:
    purse = Purse(Budget(usd=1.0), Spent(turns=4, input_tokens=4_000, usd=0.8))
    reserved = purse.reserve(Spent())
    assert (reserved.turns, reserved.input_tokens, reserved.usd) == (1, 1_000, 0.2)


def test_without_limits_there_is_always_room() -> None:
    purse = Purse()
    purse.reserve(LAST)
    assert purse.has_room(LAST)


def test_children_that_work_together_share_what_is_left_and_the_last_gets_what_others_left_over() -> None:
    purse = Purse(Budget(tokens=9_000, turns=9))
    shares = [purse.share(parts) for parts in (3,)]
    aside = [purse.set_aside(shares[0])]
    for parts in (2, 1):
        shares.append(purse.share(parts))
        aside.append(purse.set_aside(shares[-1]))
    assert [(share.tokens, share.turns) for share in shares] == [(3_000, 3)] * 3
    assert purse.share(1).tokens == 0
    purse.release(aside[0])
    purse.spend(Spent(turns=1, input_tokens=500))
    assert purse.share(1).tokens == 2_500


def test_a_part_of_a_budget_is_told_as_the_whole_that_a_person_set() -> None:
    purse = Purse(Budget(tokens=5_000, turns=90), Spent(input_tokens=4_999), before=Spent(turns=10, input_tokens=4_000))
    assert not purse.breach()
    purse.spend(Spent(turns=1, output_tokens=1_001))
    assert purse.breach() == "10,000 of 9,000 tokens"
    purse.grow(Budget(tokens=2_000))
    assert not purse.breach()
    purse.spend(Spent(turns=89))
    assert purse.breach() == "100 of 100 answers"
