"""What a person may tell an agent at work: words, decisions, a higher budget.

Updates have validators, so that whoever types a command hears at once why it cannot be. Pausing and resuming are
signals instead (`loop.py`): these must be taken while no worker is alive, too.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.loop import AgentWorkflow
    from archaeologist.agents.workflows.purse import Purse
    from archaeologist.agents.workflows.words import Words
    from archaeologist.domain.budget import Budget, Spent
    from archaeologist.domain.conversation import Decision, Word  # noqa: TC001 - updates are read by their hints
    from archaeologist.domain.names import (
        DECIDE_UPDATE,
        DECIDED_SIGNAL,
        PAUSE_APPROVAL,
        PAUSE_BUDGET,
        RAISE_UPDATE,
        RAISED_SIGNAL,
        TELL_UPDATE,
        TOLD_SIGNAL,
    )

WORD_CHARACTERS = 4_000


@dataclass
class Question:
    """What an agent asks to be allowed, and what a person said."""

    summary: str
    decision: Decision | None = None


class SteeredWorkflow(AgentWorkflow):
    """An agent that a person can talk to while it works."""

    def __init__(self) -> None:
        super().__init__()
        self.agent = ""
        self.purse = Purse()
        self.words = Words()
        self.alone = asyncio.Lock()
        self._questions: dict[str, Question] = {}

    @workflow.update(name=TELL_UPDATE)
    async def tell(self, word: Word) -> str:
        """Hand a person's words to an agent, which reads them in its next turn. Returns the agent's name.

        Of several conversations that are going on, each reads them.
        """
        if word.agent in {"", self.agent}:
            self.words.say(word.text)
            return self.agent
        await self._tell_children(TOLD_SIGNAL, word)
        return word.agent

    @tell.validator
    def check_word(self, word: Word) -> None:
        """Refuse words that nobody would read."""
        if not word.text.strip() or len(word.text) > WORD_CHARACTERS:
            raise ValueError(f"say something, in at most {WORD_CHARACTERS:,} characters")
        if word.agent not in {"", self.agent, *self.children}:
            at_work = ", ".join(sorted(self.children)) or f"only the {self.agent}"
            raise ValueError(f"the {word.agent} is not at work now; at work: {at_work}")

    @workflow.signal(name=TOLD_SIGNAL)
    async def told(self, word: Word) -> None:
        """Take words that a parent passes on."""
        if word.agent in {"", self.agent}:
            self.words.say(word.text)
        else:
            await self._tell_children(TOLD_SIGNAL, word)

    @workflow.update(name=DECIDE_UPDATE)
    async def decide(self, decision: Decision) -> str:
        """Answer a question, here or in the agents at work for this one. Returns what was decided on."""
        summary = self._shown
        await self._decide(decision)
        return summary

    @decide.validator
    def check_decision(self, decision: Decision) -> None:
        """Refuse a decision on nothing."""
        known = {key for key, question in self._questions.items() if question.decision is None}
        if not self.children and decision.key and decision.key not in known:
            raise ValueError(f"nothing called {decision.key} {PAUSE_APPROVAL}")
        if not known and PAUSE_APPROVAL not in self._shown:
            raise ValueError(f"nothing {PAUSE_APPROVAL}")

    @workflow.signal(name=DECIDED_SIGNAL)
    async def decided(self, decision: Decision) -> None:
        """Take a decision that a parent passes on."""
        await self._decide(decision)

    @workflow.update(name=RAISE_UPDATE)
    async def raise_budget(self, limits: Budget) -> Budget:
        """Set limits anew, here and, by as much, in the agents at work for this one; go on. Returns the budget."""
        rise = self.purse.raised(limits)
        await self._tell_children(RAISED_SIGNAL, rise)
        await self._go_on_after_raise()
        return self.purse.budget

    @raise_budget.validator
    def check_limits(self, limits: Budget) -> None:
        """Refuse limits that are reached already."""
        if limits == Budget():
            raise ValueError("name a limit: tokens, dollars, answers or seconds")
        reached = limits.breach(self.purse.spent)
        if reached:
            raise ValueError(f"{reached} are spent already; name a higher limit")

    @workflow.signal(name=RAISED_SIGNAL)
    async def budget_raised(self, rise: Budget) -> None:
        """Take the rise that a parent passes on."""
        self.purse.grow(rise)
        await self._tell_children(RAISED_SIGNAL, rise)
        await self._go_on_after_raise()

    @property
    def asks(self) -> str:
        """The first question that a person has not decided; empty when there is none."""
        open_ones = ((key, asked.summary) for key, asked in self._questions.items() if asked.decision is None)
        return next((f"{key} {PAUSE_APPROVAL}: {summary}" for key, summary in open_ones), "")

    async def approved(self, key: str, summary: str) -> Decision:
        """Ask a person and wait for the decision."""
        question = self._questions[key] = Question(summary)
        await self._announce_questions()
        await workflow.wait_condition(lambda: question.decision is not None)
        del self._questions[key]
        await self._announce_questions()
        assert question.decision is not None  # noqa: S101 - waited for
        return question.decision

    async def afford(self, last: Spent) -> Spent:
        """Return once the budget allows another answer and no person wants the agent to wait.

        Args:
            last: what the last answer of the conversation cost.

        Returns:
            what was set aside for the answer, to be released when it is there.
        """
        while True:
            self.purse.tick(workflow.now())
            breach = self.purse.breach()
            if not breach and not self._paused:
                if self.purse.has_room(last):
                    return self.purse.reserve(last)
                # Answers are on their way that may take what is left; what they really cost shows when they are there.
                await workflow.wait_condition(lambda: bool(self._paused) or self.purse.has_room(last))
                continue
            self.purse.stop()
            if breach:
                await self._pause_for(f"{PAUSE_BUDGET}{breach}")
            await workflow.wait_condition(lambda: not self._paused)

    async def _decide(self, decision: Decision) -> None:
        for key, question in self._questions.items():
            if question.decision is None and decision.key in {"", key}:
                question.decision = decision
                return
        await self._tell_children(DECIDED_SIGNAL, decision)

    async def _announce_questions(self) -> None:
        if not self._paused:
            self._show(self.asks)
            await self._tell_parent(self.asks)

    async def _go_on_after_raise(self) -> None:
        if self._paused.startswith(PAUSE_BUDGET):
            self._mark("")
            await self._tell_parent("")
            await self._ask_again()
