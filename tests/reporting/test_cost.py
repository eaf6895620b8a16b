from __future__ import annotations

import pytest

from archaeologist.domain.budget import Spent
from archaeologist.reporting.cost import price, tokens


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (Spent(turns=2, usd=0.126), "$0.13"),
        (Spent(turns=2, unpriced=2), "price not known"),
        (Spent(turns=2, unpriced=1, usd=0.5), "$0.50 and more, as not every price is known"),
    ],
    ids=["known", "unknown", "partly known"],
)
def test_dollars_are_told_as_far_as_prices_are_known(spent: Spent, words: str) -> None:
    assert price(spent) == words


def test_tokens_that_the_server_had_kept_are_told_apart() -> None:
    assert tokens(Spent(turns=1, input_tokens=1200, output_tokens=30)) == "1,200 tokens in and 30 out, 1 answer"
    cached = Spent(turns=2, input_tokens=1200, cached_tokens=1000, output_tokens=30)
    assert tokens(cached) == "1,200 tokens in (1,000 of them cached) and 30 out, 2 answers"
