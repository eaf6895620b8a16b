"""The steps as Temporal activities: most are done by the child processes, models are asked from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temporalio import activity

from archaeologist.agents.attempt import attempt
from archaeologist.agents.catalog import CATALOG, KINDS, StepKind
from archaeologist.domain.names import Role, Step
from archaeologist.domain.steps import ModelAnswer, ModelOrder
from archaeologist.models.provider import provider_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.agents.runlog import RunLogs
    from archaeologist.domain.steps import Order
    from archaeologist.models.journal import AnswerJournal
    from archaeologist.pipeline.crew import Crew


@dataclass(frozen=True)
class Desk:
    """What the activities of a worker work with."""

    crew: Crew
    journal: AnswerJournal
    logs: RunLogs


def activities_of(role: Role, desk: Desk) -> list[Callable[..., Any]]:
    """Return the activities that an agent's task queue serves."""
    kinds = [kind for kind in CATALOG if role in kind.roles]
    return [_model_activity(desk) if kind.step is Step.CALL_MODEL else _step_activity(kind, desk) for kind in kinds]


def _step_activity(kind: StepKind, desk: Desk) -> Callable[..., Any]:
    async def perform(order: Order) -> Any:
        async with attempt(desk.logs, order.run.run_id):
            return kind.result.model_validate_json(await desk.crew.do(kind.step, order.model_dump_json()))

    perform.__annotations__ = {"order": kind.order, "return": kind.result}
    return activity.defn(name=kind.step.value)(perform)


def _model_activity(desk: Desk) -> Callable[..., Any]:
    async def perform(order: ModelOrder) -> ModelAnswer:
        async with attempt(desk.logs, order.run.run_id):
            provider = provider_of(order.provider)
            question = order.model_dump_json().encode()
            return await desk.journal.once(
                order.run.run_id, activity.info().activity_id, question, ModelAnswer, lambda: provider.answer(order)
            )

    perform.__annotations__ = {"order": KINDS[Step.CALL_MODEL].order, "return": ModelAnswer}
    return activity.defn(name=Step.CALL_MODEL.value)(perform)
