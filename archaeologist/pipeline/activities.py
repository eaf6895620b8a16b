"""The steps as Temporal activities: most are done by the child processes, and models are asked by the asker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temporalio import activity

from archaeologist.agents.forms import FORMS
from archaeologist.agents.steps.catalog import CATALOG, KINDS, StepKind
from archaeologist.agents.turns.attempt import attempt
from archaeologist.agents.turns.thinking import take_turn
from archaeologist.domain.conversation import ThinkOrder, Thought
from archaeologist.domain.names import Role, Step
from archaeologist.domain.steps import ModelAnswer, ModelOrder, Order
from archaeologist.models.provider import provider_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.agents.turns.runlog import RunLogs
    from archaeologist.agents.turns.thinking import Mind
    from archaeologist.domain.payload import Payload
    from archaeologist.models.journal import AnswerJournal
    from archaeologist.pipeline.crew import Crew


@dataclass(frozen=True)
class Desk:
    """What the activities of a worker work with."""

    crew: Crew
    mind: Mind
    journal: AnswerJournal
    logs: RunLogs


def activities_of(role: Role, desk: Desk) -> list[Callable[..., Any]]:
    """Return the activities that an agent's task queue serves."""
    return [_activity_of(kind, desk) for kind in CATALOG if role in kind.roles]


def _activity_of(kind: StepKind, desk: Desk) -> Callable[..., Any]:
    match kind.step:
        case Step.CALL_MODEL:
            return _model_activity(desk)
        case Step.THINK:
            return _thinking_activity(desk)
        case _:
            return _step_activity(kind, desk)


def _run_of(order: Payload) -> str:
    """Return the run that an order belongs to: conversations know no more of it than its id."""
    return order.run.run_id if isinstance(order, Order) else str(vars(order)["run_id"])


def _step_activity(kind: StepKind, desk: Desk) -> Callable[..., Any]:
    async def perform(order: Payload) -> Any:
        async with attempt(desk.logs, _run_of(order)):
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


def _thinking_activity(desk: Desk) -> Callable[..., Any]:
    async def perform(order: ThinkOrder) -> Thought:
        return await take_turn(desk.mind, desk.logs, order, FORMS.get(order.agent))

    perform.__annotations__ = {"order": ThinkOrder, "return": Thought}
    return activity.defn(name=Step.THINK.value)(perform)
