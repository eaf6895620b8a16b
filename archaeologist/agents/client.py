"""The client of a durable agent: knows a task queue, and neither tools, schemas nor credentials of a model."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from archaeologist.agents.workflows.loop import TASK_TIMEOUT
from archaeologist.domain.budget import Budget
from archaeologist.domain.conversation import AgentReply, AgentTask, Decision, Word
from archaeologist.domain.names import (
    DECIDE_UPDATE,
    DURABLE_AGENT,
    MEMO_PAUSED,
    MEMO_RUN,
    PAUSE_SIGNAL,
    RAISE_UPDATE,
    RESUME_SIGNAL,
    TELL_UPDATE,
)
from archaeologist.errors import RunError
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import resolve_settings
from archaeologist.temporal.state import open_state

if TYPE_CHECKING:
    from pathlib import Path

    from temporalio.client import Client, WorkflowHandle


@dataclass(frozen=True)
class DurableTask:
    """A task that an agent works on, wherever that is; it goes on whether or not anybody waits for it."""

    id: str
    _handle: WorkflowHandle[object, AgentReply] = field(repr=False)

    async def result(self) -> AgentReply:
        """Wait for the agent's answer. Raises RunError when the task was cancelled or failed."""
        try:
            return await self._handle.result()
        except WorkflowFailureError as error:
            raise RunError(f"the task {self.id} did not end well: {error.cause}") from error

    async def waits_for(self) -> str:
        """Return why a person is waited for; empty when nobody is, or the task has ended."""
        described = await self._handle.describe()
        if described.status is not WorkflowExecutionStatus.RUNNING:
            return ""
        return str((await described.memo()).get(MEMO_PAUSED, ""))

    async def tell(self, text: str, agent: str = "") -> None:
        """Say something that the agent, or a named one at work for it, reads in its next turn. Raises RunError."""
        await self._update(TELL_UPDATE, Word(agent=agent, text=text))

    async def approve(self, key: str = "") -> None:
        """Allow what waits for an approval, the oldest when no key is given. Raises RunError when nothing does."""
        await self._update(DECIDE_UPDATE, Decision(key=key, granted=True))

    async def deny(self, reason: str, key: str = "") -> None:
        """Refuse what waits for an approval; the agent is told why. Raises RunError when nothing does."""
        await self._update(DECIDE_UPDATE, Decision(key=key, granted=False, reason=reason))

    async def raise_budget(self, limits: Budget) -> None:
        """Set limits anew and go on when they were reached. Raises RunError when they are reached already."""
        await self._update(RAISE_UPDATE, limits)

    async def pause(self) -> None:
        """Stop before the next step."""
        await self._handle.signal(PAUSE_SIGNAL)

    async def resume(self) -> None:
        """Go on."""
        await self._handle.signal(RESUME_SIGNAL)

    async def cancel(self) -> None:
        """Give the task up."""
        await self._handle.cancel()

    async def _update(self, name: str, word: Word | Decision | Budget) -> None:
        try:
            await self._handle.execute_update(name, word)
        except WorkflowUpdateFailedError as error:
            raise RunError(str(error.cause), hint="see what the task waits for first") from error


@dataclass(frozen=True)
class DurableAgentClient:
    """Hands tasks to an agent.

    Args:
        task_queue: where the agent is hosted.
        address: a Temporal server, host:port; the embedded one when neither this, a profile nor a variable names one.
        namespace: the namespace on it.
        profile: a profile of the Temporal configuration file.
        state_dir: the state directory of the embedded server.
    """

    task_queue: str
    address: str | None = None
    namespace: str | None = None
    profile: str | None = None
    state_dir: Path | None = None
    _clients: list[Client] = field(default_factory=list, repr=False)

    async def run(self, brief: str, *, agent: str = "", budget: Budget | None = None, id: str = "") -> AgentReply:  # noqa: A002 - Temporal's word
        """Hand a task to the agent and wait for its answer; see `start`."""
        task = await self.start(brief, agent=agent, budget=budget, id=id)
        return await task.result()

    async def start(self, brief: str, *, agent: str = "", budget: Budget | None = None, id: str = "") -> DurableTask:  # noqa: A002 - Temporal's word
        """Hand a task to the agent and return at once.

        Args:
            brief: the whole task, in words.
            agent: which one, where a queue has several.
            budget: what may be spent; no limit when left out.
            id: a name of yours: the same name again is the same task, not another one.

        Raises:
            ServerError: no server can be had.
        """
        run_id = secrets.token_hex(4)
        name = id or f"{self.task_queue}-{run_id}"
        client = await self._client()
        with suppress(WorkflowAlreadyStartedError):  # it has ended: its result is what is asked for
            await client.start_workflow(
                DURABLE_AGENT,
                AgentTask(run_id=run_id, agent=agent, brief=brief, budget=budget or Budget()),
                id=name,
                task_queue=self.task_queue,
                task_timeout=TASK_TIMEOUT,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=" ".join(brief.split())[:100],
                memo={MEMO_RUN: run_id},
            )
        return await self.attach(name)

    async def attach(self, id: str) -> DurableTask:  # noqa: A002 - Temporal's word
        """Return a task by its name, whoever started it."""
        client = await self._client()
        return DurableTask(id, client.get_workflow_handle(id, result_type=AgentReply))

    async def _client(self) -> Client:
        if not self._clients:
            settings = resolve_settings(address=self.address, namespace=self.namespace, profile=self.profile)
            state = open_state(self.state_dir)
            self._clients.append(await connect(settings, state, start=True, plugins=[plugin()]))
        return self._clients[0]
