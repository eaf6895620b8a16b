"""The steps as Temporal activities: heartbeats, the run's log, and the mapping of faults."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temporalio import activity

from archaeologist.agents.catalog import CATALOG, KINDS, StepKind
from archaeologist.domain.names import Role, Step
from archaeologist.domain.steps import ModelAnswer, ModelOrder
from archaeologist.errors import ArchaeologistError, as_fault
from archaeologist.models.provider import provider_of
from archaeologist.pipeline.crew import Crew, HandLost, StepFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from archaeologist.domain.steps import Order
    from archaeologist.models.journal import AnswerJournal
    from archaeologist.pipeline.runlog import RunLogs

HEARTBEAT_SECONDS = 1.0


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
        async with _attempt(desk, order):
            return kind.result.model_validate_json(await desk.crew.do(kind.step, order.model_dump_json()))

    perform.__annotations__ = {"order": kind.order, "return": kind.result}
    return activity.defn(name=kind.step.value)(perform)


def _model_activity(desk: Desk) -> Callable[..., Any]:
    async def perform(order: ModelOrder) -> ModelAnswer:
        async with _attempt(desk, order):
            info = activity.info()
            return await desk.journal.answer(
                provider_of(order.provider), order, str(info.workflow_run_id), info.activity_id
            )

    perform.__annotations__ = {"order": KINDS[Step.CALL_MODEL].order, "return": ModelAnswer}
    return activity.defn(name=Step.CALL_MODEL.value)(perform)


@asynccontextmanager
async def _attempt(desk: Desk, order: Order) -> AsyncIterator[None]:
    """Beat in the background, log beginning and end, and turn errors into faults of the right class."""
    info = activity.info()
    log = desk.logs.of(order.run.run_id).bind(
        step=info.activity_id,
        kind=info.activity_type,
        agent=info.workflow_type,
        workflow_run=info.workflow_run_id,
        attempt=info.attempt,
    )
    log.info("step began")
    beating = asyncio.create_task(_beat())
    try:
        yield
    except StepFault as fault:
        log.error("step failed", fault=fault.kind, message=fault.message, traceback=fault.traceback)
        raise as_fault(
            fault.kind, fault.message, fault.hint, retryable=fault.retryable
        ) from None  # the log has the trace
    except HandLost as lost:
        log.error("step failed", fault="HandLost", message=str(lost))
        raise as_fault("HandLost", str(lost), "", retryable=True) from None
    except ArchaeologistError as error:
        log.error("step failed", fault=type(error).__name__, message=str(error))
        raise as_fault(type(error).__name__, str(error), error.hint, retryable=False) from None
    except asyncio.CancelledError:
        log.warning("step cancelled")
        raise
    else:
        log.info("step ended")
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def _beat() -> None:
    while True:
        # The start of an attempt counts as its first beat, and most steps end before the second.
        await asyncio.sleep(HEARTBEAT_SECONDS)
        activity.heartbeat()
