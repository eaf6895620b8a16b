"""What models cost, in words: tokens, and dollars as far as prices are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.wording import counted

if TYPE_CHECKING:
    from archaeologist.domain.budget import Spent


def tokens(spent: Spent) -> str:
    """Return how many tokens went and came, in how many answers."""
    cached = f" ({spent.cached_tokens:,} of them cached)" if spent.cached_tokens else ""
    return f"{spent.input_tokens:,} tokens in{cached} and {spent.output_tokens:,} out, {counted(spent.turns, 'answer')}"


def price(spent: Spent) -> str:
    """Return the dollars, or that nobody knows them."""
    if spent.turns and spent.unpriced == spent.turns:
        return "price not known"
    return f"${spent.usd:.2f}" + (" and more, as not every price is known" if spent.unpriced else "")
