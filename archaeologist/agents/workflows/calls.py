"""The tool calls of an answer: side by side what gets in nobody's way, the rest one after the other. Replayed."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.cancelling import heeding_cancel
    from archaeologist.agents.workflows.loop import TASK_TIMEOUT, reason_of
    from archaeologist.domain.conversation import (
        AgentReply,
        AgentTask,
        Incoming,
        LoopState,
        PlannedCall,
        ToolUsed,
        UseTool,
    )
    from archaeologist.domain.names import DURABLE_AGENT, MEMO_RUN, Step

if TYPE_CHECKING:
    from archaeologist.agents.workflows.steering import SteeredWorkflow
    from archaeologist.domain.budget import Budget


class CallingConversation:
    """A conversation as far as its tools and sub-agents are concerned.

    Args:
        agent: the workflow that it happens in.
        run_id: the run, for logs and the journal.
        state: where it stands.
        name: who talks, when it is not the agent that the workflow is named after.
    """

    def __init__(self, agent: SteeredWorkflow, run_id: str, state: LoopState, *, name: str = "") -> None:
        self._agent = agent
        self._name = name or agent.agent
        self._run_id = run_id
        self._last_strike = ""
        self._undelegated = 0
        self.state = state

    async def execute(self, calls: tuple[PlannedCall, ...]) -> int:
        """Have calls done; what came of them is what the model reads next.

        Returns:
            how many of them failed.
        """
        before = self.state.strikes
        places = asyncio.Semaphore(self.state.manners.parallel)
        done: dict[int, Incoming] = {}
        for group in _groups(calls):
            self._undelegated = sum(bool(call.queue) for call in group)
            for call, incoming in zip(
                group, await asyncio.gather(*(self._one(call, places) for call in group)), strict=True
            ):
                done[call.index] = incoming
        self._set(incoming=tuple(done[call.index] for call in calls))
        return self.state.strikes - before

    async def _one(self, call: PlannedCall, places: asyncio.Semaphore) -> Incoming:
        if call.refused:
            self._strike(call.summary)
            return Incoming(call=call.id, artefact=call.refused)
        if call.approval:
            decision = await self._agent.approved(self._step(call), call.summary)
            if not decision.granted:
                self._undelegated -= bool(call.queue)
                return Incoming(call=call.id, text=f"a person said no: {decision.reason or 'no reason given'}")
        async with places, self._agent.alone if call.alone else nullcontext():
            return await (self._delegate(call) if call.queue else self._use(call))

    async def _use(self, call: PlannedCall) -> Incoming:
        order = UseTool(
            run_id=self._run_id,
            agent=self._name,
            head=self.state.head,
            index=call.index,
            key=f"{workflow.info().workflow_id}-{workflow.info().run_id}-{self._step(call)}",
            workspace=self.state.workspace,
        )
        try:
            used = await self._agent.durably(
                Step.USE_TOOL,
                order,
                ToolUsed,
                name=self._step(call),
                summary=call.summary,
                seconds=call.seconds,
                once=not call.idempotent,
            )
        except ActivityError as error:
            if call.idempotent or is_cancelled_exception(error):
                raise
            self._strike(call.summary)
            return Incoming(
                call=call.id,
                text=f"{call.tool} did not come back ({reason_of(error)}); it may or may not have taken effect, "
                "and is not tried again by itself",
            )
        if not used.ok:
            self._strike(call.summary)
        self._set(workspace=used.workspace or self.state.workspace)
        self._count(used.redacted, used.suspicions)
        return Incoming(call=call.id, artefact=used.observation)

    async def _delegate(self, call: PlannedCall) -> Incoming:
        """Have a sub-agent do it: a child workflow on its own queue, with a brief of its own and part of the budget."""
        purse = self._agent.purse
        share = purse.share(self._undelegated)
        self._undelegated -= 1
        reserved = purse.set_aside(share)
        try:
            reply = await self._delegated(call, share)
        finally:
            purse.release(reserved)
        purse.spend(reply.spent)
        if reply.given_up:
            self._strike(call.summary)
            return Incoming(call=call.id, text=f"{call.tool} gave up: {reply.given_up}")
        return Incoming(call=call.id, artefact=reply.artefact)

    async def _delegated(self, call: PlannedCall, budget: Budget) -> AgentReply:
        child_id = f"{workflow.info().workflow_id}-{self._step(call)}"
        child = await workflow.start_child_workflow(
            DURABLE_AGENT,
            AgentTask(run_id=self._run_id, agent=call.tool, brief=call.brief, kept=True, budget=budget),
            id=child_id,
            result_type=AgentReply,
            task_queue=call.queue,
            task_timeout=TASK_TIMEOUT,
            static_summary=call.summary,
            memo={MEMO_RUN: self._run_id},
        )
        name = call.tool if call.tool not in self._agent.children else self._step(call)
        self._agent.children[name] = child
        try:
            with heeding_cancel():
                reply: AgentReply = await child
        finally:
            del self._agent.children[name]
        return reply

    def _step(self, call: PlannedCall) -> str:
        return f"{self.state.name}-{self.state.turn}-{call.index + 1}-{call.tool}"

    def _strike(self, what: str) -> None:
        self._last_strike = what
        self._set(strikes=self.state.strikes + 1)

    def _count(self, redacted: int, suspicions: int) -> None:
        self._set(redacted=self.state.redacted + redacted, suspicions=self.state.suspicions + suspicions)

    def _set(self, **changes: object) -> None:
        self.state = self.state.model_copy(update=changes)


def _groups(calls: tuple[PlannedCall, ...]) -> list[list[PlannedCall]]:
    """Return calls in the order they were asked for: neighbours that get in nobody's way together, others alone."""
    groups: list[list[PlannedCall]] = []
    for call in calls:
        beside = call.reads_only or bool(call.queue) or bool(call.refused)
        if beside and groups and all(other.reads_only or other.queue or other.refused for other in groups[-1]):
            groups[-1].append(call)
        else:
            groups.append([call])
    return groups
