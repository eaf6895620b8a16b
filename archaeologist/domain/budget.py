"""What may be spent on models, and what was: tokens, dollars, answers and seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from archaeologist.domain.payload import Payload

if TYPE_CHECKING:
    from archaeologist.domain.chat import Usage


class Budget(Payload):
    """What may be spent; None means no limit."""

    tokens: int | None = Field(default=None, description="input and output tokens together")
    usd: float | None = Field(default=None, description="US dollars")
    turns: int | None = Field(default=None, description="answers of a model")
    seconds: float | None = Field(default=None, description="wall time, pauses aside")

    def raised(self, by: Budget) -> Budget:
        """Return the budget with every limit that `by` names set to it."""
        return self.model_copy(update=by.model_dump(exclude_none=True))

    def grown(self, rise: Budget) -> Budget:
        """Return the budget with every limit higher by so much; what has no limit has none then, either."""
        return Budget(
            **{
                name: old if (more := getattr(rise, name)) is None else old + more
                for name in Budget.model_fields
                if (old := getattr(self, name)) is not None
            }
        )

    def left(self, spent: Spent) -> Budget:
        """Return what is left of it."""
        return Budget(
            tokens=None if self.tokens is None else max(self.tokens - spent.tokens, 0),
            usd=None if self.usd is None else max(self.usd - spent.usd, 0.0),
            turns=None if self.turns is None else max(self.turns - spent.turns, 0),
            seconds=None if self.seconds is None else max(self.seconds - spent.seconds, 0.0),
        )

    def covers(self, spent: Spent) -> bool:
        """Return whether so much may be spent, seconds aside."""
        limits = ((self.tokens, spent.tokens), (self.usd, spent.usd), (self.turns, spent.turns))
        return all(limit is None or used <= limit for limit, used in limits)

    def breach(self, spent: Spent) -> str:
        """Return in words which limit is reached; empty when none is."""
        limits = (
            (self.tokens, spent.tokens, "{:,} of {:,} tokens"),
            (self.usd, spent.usd, "${:.2f} of ${:.2f}"),
            (self.turns, spent.turns, "{:,} of {:,} answers"),
            (self.seconds, spent.seconds, "{:.0f} of {:.0f} seconds"),
        )
        for limit, used, words in limits:
            if limit is not None and used >= limit:
                return words.format(used, limit)
        return ""

    @property
    def words(self) -> str:
        """The limits that there are, in words."""
        limits = (
            (self.tokens, "{:,} tokens"),
            (self.usd, "${:,.2f}"),
            (self.turns, "{:,} answers"),
            (self.seconds, "{:,.0f} seconds"),
        )
        return ", ".join(words.format(limit) for limit, words in limits if limit is not None)


class Spent(Payload):
    """What was spent, as servers metered it."""

    turns: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    unpriced: int = Field(default=0, description="answers whose price is not known")
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Input and output tokens together."""
        return self.input_tokens + self.output_tokens

    def as_budget(self) -> Budget:
        """Return the budget that this would use up."""
        return Budget(tokens=self.tokens, usd=self.usd, turns=self.turns, seconds=self.seconds)

    def plus(self, other: Spent) -> Spent:
        """Return the sum."""
        return Spent(**{name: getattr(self, name) + getattr(other, name) for name in Spent.model_fields})

    @classmethod
    def on(cls, usage: Usage) -> Self:
        """Return what one answer cost."""
        return cls(
            turns=1,
            input_tokens=usage.input_tokens,
            cached_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
            usd=usage.usd or 0.0,
            unpriced=usage.usd is None,
        )
