from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.facts import PlanFacts
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunScope
from archaeologist.domain.steps import ModelAnswer, ModelOrder
from archaeologist.models.journal import AnswerJournal

if TYPE_CHECKING:
    from pathlib import Path

ORDER = ModelOrder(
    run=RunScope(
        run_id="r",
        root="/r",
        git_dir="/r/.git",
        base="b",
        branch="n",
        date="0 +0000",
        author_name="A",
        author_email="a",
    ),
    provider="counting",
    role=Role.ORCHESTRATOR,
    task="plan",
    facts=PlanFacts(files=1, bytes=1, scope="", target="py38", rules=()).model_dump_json(),
)


class CountingProvider:
    """Counts what it is paid for."""

    name = "counting"

    def __init__(self, failures: int = 0) -> None:
        self.paid = 0
        self.failures = failures

    async def answer(self, order: ModelOrder) -> ModelAnswer:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("gone")
        self.paid += 1
        return ModelAnswer(content=f'"{self.paid}"', provider=self.name, cost_usd=1.0)


async def test_an_answer_is_paid_once(tmp_path: Path) -> None:
    provider = CountingProvider()
    first = await AnswerJournal(tmp_path).answer(provider, ORDER, "run", "ask-plan")
    again = await AnswerJournal(tmp_path).answer(provider, ORDER, "run", "ask-plan")
    assert (first, provider.paid) == (again, 1)


@pytest.mark.parametrize(("run", "step"), [("other", "ask-plan"), ("run", "ask-report")])
async def test_another_run_or_step_asks_again(tmp_path: Path, run: str, step: str) -> None:
    provider = CountingProvider()
    journal = AnswerJournal(tmp_path)
    await journal.answer(provider, ORDER, "run", "ask-plan")
    await journal.answer(provider, ORDER, run, step)
    assert provider.paid == 2


async def test_a_failure_is_not_recorded(tmp_path: Path) -> None:
    provider = CountingProvider(failures=1)
    journal = AnswerJournal(tmp_path)
    with pytest.raises(ConnectionError):
        await journal.answer(provider, ORDER, "run", "ask-plan")
    assert (await journal.answer(provider, ORDER, "run", "ask-plan")).content == '"1"'
