"""What an agent may still spend: a budget and what was spent of it, kept in workflow state and shared with children.

Who asks for an answer while others are on their way first sets aside what it may cost, so that they do not spend the
same rest of the budget. Replayed: reads no clock but the one it is handed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.domain.budget import Budget, Spent

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
        spent: what was spent of it.
        before: what others had spent when it was handed out; people know the whole.
    """

    def __init__(self, budget: Budget | None = None, spent: Spent | None = None, before: Spent | None = None) -> None:
        self.budget = budget or Budget()
        self.spent = spent or Spent()
        self._before = before or Spent()
        self._reserved: list[Spent] = []
        self._since: datetime | None = None

    def has_room(self, last: Spent) -> bool:
        """Return whether another answer may be asked for beside those that are on their way.

        An answer that is on its way alone may have all that is left.

        Args:
            last: what the last answer of the conversation cost; nothing when there was none.
        """
        return not self._reserved or self.budget.covers(self._committed().plus(self._cost_after(last)))

    def reserve(self, last: Spent) -> Spent:
        """Set aside what the answer after the last one may cost, and return it, to be released when it is there."""
        self._reserved.append(self._cost_after(last))
        return self._reserved[-1]

    def set_aside(self, share: Budget) -> Spent:
        """Set aside what a child may spend; release it when the child is back."""
        cost = Spent(turns=share.turns or 0, input_tokens=share.tokens or 0, usd=share.usd or 0.0)
        self._reserved.append(cost)
        return cost

    def release(self, reserved: Spent) -> None:
        """Give back what was set aside: what it was for has come, or never will."""
        self._reserved.remove(reserved)

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
        reached = self.budget.breach(self.spent)
        if not reached:
            return ""
        return self.budget.grown(self._before.as_budget()).breach(self.spent.plus(self._before)) or reached

    def answer_tokens(self) -> int:
        """Return how many tokens the next answer may have."""
        left = self.budget.left(self.spent).tokens
        return ANSWER_TOKENS if left is None else max(min(ANSWER_TOKENS, left), LEAST_TOKENS)

    def share(self, parts: int) -> Budget:
        """Return what the first of so many children may spend, when the others are to have as much."""
        left = self.budget.left(self._committed())
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
        self.budget = self.budget.grown(rise)

    def _committed(self) -> Spent:
        """Return what was spent and what is set aside."""
        committed = self.spent
        for reserved in self._reserved:
            committed = committed.plus(reserved)
        return committed

    def _cost_after(self, last: Spent) -> Spent:
        """Return what an answer may cost after another one: all of that is read again, and a longest answer comes back.

        For the first one of a conversation stands the average of all.
        """
        if not last.turns and self.spent.turns:
            turns = self.spent.turns
            last = Spent(turns=1, input_tokens=self.spent.tokens // turns, usd=self.spent.usd / turns)
        return Spent(turns=1, input_tokens=last.tokens, output_tokens=ANSWER_TOKENS, usd=last.usd)
