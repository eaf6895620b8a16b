"""What an agent may still spend: a budget and what was spent of it, kept in workflow state and shared with children.

Replayed: reads no clock but the one it is handed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.domain.conversation import Budget, Spent

if TYPE_CHECKING:
    from datetime import datetime

ANSWER_TOKENS = 8_000
"""Tokens that one answer may have, as long as the budget has so many left."""

LEAST_TOKENS = 256
"""No answer is asked for that may have fewer: it would be cut, and paid."""


class Purse:
    """A budget and what was spent of it.

    Args:
        budget: the limits.
        spent: what was spent before.
    """

    def __init__(self, budget: Budget | None = None, spent: Spent | None = None) -> None:
        self.budget = budget or Budget()
        self.spent = spent or Spent()
        self._since: datetime | None = None

    def spend(self, spent: Spent) -> None:
        """Count what an answer or a child cost; time passes here, too, so a child's is not counted again."""
        self.spent = self.spent.plus(spent.model_copy(update={"seconds": 0.0}))

    def tick(self, now: datetime) -> None:
        """Count the time since the last look."""
        if self._since is not None:
            self.spent = self.spent.plus(Spent(seconds=(now - self._since).total_seconds()))
        self._since = now

    def stop(self) -> None:
        """Count no time until the next look: the run waits for a person."""
        self._since = None

    def breach(self) -> str:
        """Return in words which limit is reached; empty when none is.

        A budget of money cannot be kept when prices are not known: that counts as a breach as soon as it shows.
        """
        if self.budget.usd is not None and self.spent.unpriced:
            return "the model's price is not known, so a budget in dollars cannot be kept"
        return self.budget.breach(self.spent)

    def answer_tokens(self) -> int:
        """Return how many tokens the next answer may have."""
        left = self.budget.left(self.spent).tokens
        return ANSWER_TOKENS if left is None else max(min(ANSWER_TOKENS, left), LEAST_TOKENS)

    def share(self, parts: int) -> Budget:
        """Return what each of so many children may spend when they work at the same time."""
        left = self.budget.left(self.spent)
        return Budget(
            tokens=None if left.tokens is None else left.tokens // parts,
            usd=None if left.usd is None else left.usd / parts,
            turns=None if left.turns is None else left.turns // parts,
            seconds=left.seconds,
        )

    def raised(self, limits: Budget) -> Budget:
        """Set limits anew and return by how much they rose, for children at work."""
        before, self.budget = self.budget, self.budget.raised(limits)
        rise = {
            name: getattr(limits, name) - old
            for name in Budget.model_fields
            if getattr(limits, name) is not None and (old := getattr(before, name)) is not None
        }
        return Budget(**rise)

    def grow(self, rise: Budget) -> None:
        """Raise limits by so much."""
        grown = {
            name: old + more
            for name in Budget.model_fields
            if (more := getattr(rise, name)) is not None and (old := getattr(self.budget, name)) is not None
        }
        self.budget = self.budget.model_copy(update=grown)
