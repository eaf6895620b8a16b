"""What every agent's workflow shares: durable steps that pause for a person instead of failing.

A step is one activity with a stable name. Temporal retries infrastructure faults. A fault that retrying cannot mend
(repository gone, disk full, attempts used up) pauses the agent, tells its parent, and the same step goes on after
`resume`: steps that were completed before are never run again.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from archaeologist.agents.workflows.cancelling import heeding_cancel
from archaeologist.domain.names import (
    CHILD_PAUSED_SIGNAL,
    MEMO_PAUSED,
    PAUSE_ASKED,
    PAUSE_SIGNAL,
    RESUME_SIGNAL,
    Role,
    Step,
)
from archaeologist.domain.payload import Payload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from archaeologist.domain.run import RunLimits

ResultT = TypeVar("ResultT", bound=Payload)

HEARTBEAT_TIMEOUT = timedelta(seconds=4)
"""A worker that has been silent for so long is dead; living ones beat every second."""

TASK_TIMEOUT = timedelta(seconds=4)
"""A workflow task is milliseconds of work; the server's default of 10 s is what a killed worker would cost."""

ATTEMPTS = 20
"""Every kill of a worker costs an attempt; after so many the step pauses for a person."""

RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=300),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=20),
    maximum_attempts=ATTEMPTS,
    non_retryable_error_types=["PayloadsTooLarge"],
)

ONE_ATTEMPT = RetryPolicy(maximum_attempts=1)


class AgentWorkflow:
    """Base of the agents: pausing, resuming and durable steps."""

    def __init__(self) -> None:
        self._paused = ""
        self._shown = ""
        self.children: dict[str, workflow.ChildWorkflowHandle[object, object]] = {}

    @workflow.signal(name=PAUSE_SIGNAL)
    async def pause(self) -> None:
        """Stop before the next step, here and in the agents that are at work for this one."""
        self._mark(PAUSE_ASKED)
        await self._tell_children(PAUSE_SIGNAL)

    @workflow.signal(name=RESUME_SIGNAL)
    async def resume(self) -> None:
        """Go on, here and in the agents that are at work for this one."""
        self._mark("")
        await self._tell_children(RESUME_SIGNAL)
        await self._ask_again()

    @property
    def asks(self) -> str:
        """What a person is asked and has not decided; nothing for an agent that asks nobody."""
        return ""

    @workflow.signal(name=CHILD_PAUSED_SIGNAL)
    async def child_paused(self, reason: str) -> None:
        """Show on this workflow, which lists display, that a child waits for a person."""
        self._show(reason)
        await self._tell_parent(reason)

    async def step(
        self,
        step: Step,
        order: Payload,
        result: type[ResultT],
        *,
        name: str,
        summary: str,
        queue: Role,
        seconds: float = 600,
    ) -> ResultT:
        """Do one durable unit of work on an agent's own queue and return its result; see `durably`."""
        return await self.durably(
            step.value, order, result, name=name, summary=summary, queue=queue.queue, seconds=seconds
        )

    async def durably(
        self,
        activity: str,
        order: Payload,
        result: type[ResultT],
        *,
        name: str,
        summary: str,
        queue: str | None = None,
        seconds: float = 600,
        once: bool = False,
    ) -> ResultT:
        """Do one durable unit of work and return its result; pause for a person when it cannot be done.

        Args:
            activity: the activity to run.
            order: its input.
            result: the model of its output.
            name: the step's stable name, its activity id.
            summary: one line for people, shown by the Temporal Web UI and by `watch`.
            queue: the task queue it runs on; None for the workflow's own.
            seconds: how long one attempt may take, in seconds.
            once: make one attempt only, because nobody knows what one that died did.

        Raises:
            CancelledError: the workflow was cancelled, and the step ended otherwise all the same.
            ActivityError: it was cancelled; or, with `once`, the one attempt failed in a way that needs no person.
        """
        while True:
            await workflow.wait_condition(lambda: not self._paused)
            try:
                with heeding_cancel():
                    done = await workflow.execute_activity(
                        activity,
                        order,
                        result_type=result,
                        activity_id=name,
                        task_queue=queue,
                        summary=summary,
                        start_to_close_timeout=timedelta(seconds=seconds),
                        heartbeat_timeout=HEARTBEAT_TIMEOUT,
                        retry_policy=ONE_ATTEMPT if once else RETRIES,
                        # What is cancelled has ended when this returns: nothing works on after the cleaning up.
                        cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
                    )
                return cast("ResultT", done)
            except ActivityError as error:
                if is_cancelled_exception(error) or (once and not _is_terminal(error)):
                    raise
                await self._pause_for(f"{name}: {reason_of(error)}")

    async def batches(
        self,
        total: int,
        done: tuple[str, ...],
        limits: RunLimits,
        work: Callable[[int], Awaitable[str]],
        brief_after: Callable[[tuple[str, ...]], Payload],
    ) -> tuple[str, ...]:
        """Do batches, so many at once, and continue as new when the history has grown.

        Args:
            total: how many batches there are.
            done: artefacts of the batches that an earlier workflow of this chain did.
            limits: how many batches at once, and how many events a history may have.
            work: does the batch of that number and returns its artefact.
            brief_after: the brief to continue with once the given batches are done.
        """
        places = asyncio.Semaphore(limits.parallel_batches)

        async def one(batch: int) -> str | None:
            async with places:
                # Batches begin in order, so those that are left to the next workflow are the last ones.
                if batch > len(done) and should_continue_as_new(limits.history_events):
                    return None
                return await work(batch)

        begun = await asyncio.gather(*(one(batch) for batch in range(len(done), total)))
        done += tuple(artefact for artefact in begun if artefact is not None)
        if len(done) < total:
            await workflow.wait_condition(lambda: not self._paused)
            workflow.continue_as_new(brief_after(done))
        return done

    async def _pause_for(self, reason: str) -> None:
        if self._paused:
            return  # a parallel step has said why already
        self._mark(reason)
        await self._tell_parent(reason)

    async def _ask_again(self) -> None:
        """Show what a person has not decided: going on decides nothing."""
        if self.asks:
            self._show(self.asks)
            await self._tell_parent(self.asks)

    async def _tell_parent(self, reason: str) -> None:
        parent = workflow.info().parent
        if parent is not None:
            handle = workflow.get_external_workflow_handle(parent.workflow_id)
            with suppress(ApplicationError):
                await handle.signal(CHILD_PAUSED_SIGNAL, reason)

    def _mark(self, reason: str) -> None:
        self._paused = reason
        self._show(reason)

    def _show(self, reason: str) -> None:
        if reason != self._shown:
            self._shown = reason
            workflow.upsert_memo({MEMO_PAUSED: reason})

    async def _tell_children(self, signal: str, *words: Payload) -> None:
        for child in list(self.children.values()):
            with suppress(ApplicationError):  # it may have ended a moment ago
                await child.signal(signal, args=words)


def reason_of(error: ActivityError) -> str:
    """Return the one line that tells a person why a step gave up."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return cause.message
    return str(cause or error)


def _is_terminal(error: ActivityError) -> bool:
    return isinstance(error.cause, ApplicationError) and error.cause.non_retryable


def should_continue_as_new(limit: int) -> bool:
    """Tell whether this workflow's history has grown enough to start a new one.

    Args:
        limit: events after which to continue as new; the server's own suggestion counts, too.
    """
    info = workflow.info()
    return info.is_continue_as_new_suggested() or info.get_current_history_length() >= limit
