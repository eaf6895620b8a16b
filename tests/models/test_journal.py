from __future__ import annotations

import asyncio
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


async def once(
    journal: AnswerJournal, provider: CountingProvider, run: str = "run", step: str = "ask-plan"
) -> ModelAnswer:
    return await journal.once(run, step, b"question", ModelAnswer, lambda: provider.answer(ORDER))


async def test_an_answer_is_paid_once(tmp_path: Path) -> None:
    provider = CountingProvider()
    first = await once(AnswerJournal(tmp_path), provider)
    again = await once(AnswerJournal(tmp_path), provider)
    assert (first, provider.paid) == (again, 1)


@pytest.mark.parametrize(("run", "step"), [("other", "ask-plan"), ("run", "ask-report")])
async def test_another_run_or_step_asks_again(tmp_path: Path, run: str, step: str) -> None:
    provider = CountingProvider()
    journal = AnswerJournal(tmp_path)
    await once(journal, provider)
    await once(journal, provider, run, step)
    assert provider.paid == 2


async def test_another_question_in_the_same_step_is_asked(tmp_path: Path) -> None:
    """After a reset a step of the same name may ask something else."""
    provider = CountingProvider()
    journal = AnswerJournal(tmp_path)
    await once(journal, provider)
    await journal.once("run", "ask-plan", b"other", ModelAnswer, lambda: provider.answer(ORDER))
    assert provider.paid == 2


async def test_a_failure_is_not_recorded(tmp_path: Path) -> None:
    provider = CountingProvider(failures=1)
    journal = AnswerJournal(tmp_path)
    with pytest.raises(ConnectionError):
        await once(journal, provider)
    assert (await once(journal, provider)).content == '"1"'


class SlowProvider(CountingProvider):
    """Answers when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.asked = asyncio.Event()

    async def answer(self, order: ModelOrder) -> ModelAnswer:
        self.asked.set()
        await self.go.wait()
        return await super().answer(order)


async def test_an_attempt_that_is_given_up_leaves_its_question_to_the_next(tmp_path: Path) -> None:
    provider, journal = SlowProvider(), AnswerJournal(tmp_path)
    first = asyncio.create_task(once(journal, provider))
    await provider.asked.wait()
    first.cancel()
    second = asyncio.create_task(once(journal, provider))
    await asyncio.sleep(0)
    provider.go.set()
    assert (await second).content == '"1"'
    assert provider.paid == 1


async def test_two_processes_ask_one_after_the_other(tmp_path: Path) -> None:
    """Two journals of one folder stand for two processes: the lock is the file's."""
    provider = SlowProvider()
    first = asyncio.create_task(once(AnswerJournal(tmp_path), provider))
    await provider.asked.wait()
    second = asyncio.create_task(once(AnswerJournal(tmp_path), provider))
    await asyncio.sleep(0)
    provider.go.set()
    assert (await first) == (await second)
    assert provider.paid == 1


async def test_a_question_that_is_taken_back_is_not_recorded(tmp_path: Path) -> None:
    provider, journal = SlowProvider(), AnswerJournal(tmp_path)
    first = asyncio.create_task(once(journal, provider))
    await provider.asked.wait()
    journal.forget("run", "ask-plan")
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not list(tmp_path.rglob("*.json"))
