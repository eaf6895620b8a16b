"""The loop of an agent: plan, execute, synthesize; turn by turn, every answer and every tool call a step of its own.

The workflow carries the id of the transcript's end and counts; what was said is in the artefact store. Replayed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.loop import TASK_TIMEOUT, reason_of, should_continue_as_new
    from archaeologist.domain.conversation import (
        AgentReply,
        AgentTask,
        Conclusion,
        ConversationOpened,
        Incoming,
        LoopState,
        OpenConversation,
        Part,
        PlannedCall,
        ThinkOrder,
        Thought,
        ToolUsed,
        UseTool,
    )
    from archaeologist.domain.names import DURABLE_AGENT, MEMO_RUN, Step, called

if TYPE_CHECKING:
    from archaeologist.agents.workflows.steering import SteeredWorkflow

THINK_SECONDS = 900
"""One answer may take so long in all; a silent stream is given up much earlier by whoever reads it."""


class Conversation:
    """One task that an agent works on.

    Args:
        agent: the workflow that it happens in.
        run_id: the run, for logs and the journal.
        state: where it stands.
        history_events: stop between two turns once the history has grown so long.
        name: who talks, when it is not the agent that the workflow is named after.
    """

    def __init__(
        self, agent: SteeredWorkflow, run_id: str, state: LoopState, history_events: int, *, name: str = ""
    ) -> None:
        self._agent = agent
        self._name = name or agent.agent
        self._run_id = run_id
        self._history_events = history_events
        self.state = state

    async def open(self, brief: str, *, kept: bool = False, quoted: str = "") -> None:
        """Begin the transcript with a brief.

        Args:
            brief: a text or, when `kept`, an artefact id.
            kept: the brief is in the artefact store.
            quoted: what belongs to it and may hold text of strangers.
        """
        order = OpenConversation(
            run_id=self._run_id,
            agent=self._name,
            brief=brief,
            kept=kept,
            quoted=quoted,
            model=self.state.model,
            record=self.state.record,
            skills=self.state.skills,
        )
        opened = await self._agent.durably(
            Step.OPEN_CONVERSATION,
            order,
            ConversationOpened,
            name=f"{self.state.name}-open",
            summary=f"{self._name}: read the brief",
        )
        self._name = opened.agent
        self._agent.agent = self._agent.agent or opened.agent
        part = Part.PLAN if opened.manners.plans else Part.EXECUTE
        self._set(head=opened.head, manners=opened.manners, part=part)
        self._count(opened.redacted, opened.suspicions)

    def work_on(self, workspace: str, *, suspicions: int = 0) -> None:
        """Give the tools something to work on; the brief that shows it may hold places that speak to a model."""
        self._set(workspace=workspace)
        self._count(0, suspicions)

    def rest(self) -> LoopState:
        """Return the state to go on with in another workflow; what people said and nobody read yet goes along."""
        return self.state.model_copy(update={"incoming": (*self.state.incoming, *self._agent.take_words())})

    def hear(self, text: str, quoted: str = "") -> bool:
        """Take what is wrong with the answer; return whether the agent may mend it, or has no strikes left.

        Args:
            text: what is wrong.
            quoted: what belongs to it and may hold text of strangers.
        """
        self._strike(text)
        self._set(incoming=(Incoming(text=text, quoted=quoted),), part=Part.EXECUTE)
        return self.state.strikes < self.state.manners.strikes

    async def go_on(self) -> Conclusion | None:
        """Go on until it ends; None when the workflow has to continue as new first, with `state`."""
        while not should_continue_as_new(self._history_events):
            thought = await self._think()
            if thought.given_up:
                return self._conclusion(given_up=thought.given_up)
            if thought.problem:
                self._strike(thought.problem)
            failed = await self._execute(thought.calls)
            spoken_to = self._agent.is_spoken_to
            if thought.answer and not failed and not spoken_to:
                return self._conclusion(answer=thought.answer, text=thought.text)
            if thought.ends:
                why = f"{failed} of the other calls failed" if failed else "a person has something to say"
                self._set(incoming=(*self.state.incoming, Incoming(call=thought.ends, text=f"not yet: {why}")))
            self._set(part=Part.EXECUTE if thought.answer and spoken_to else self._next_part(thought))
            if self.state.strikes >= self.state.manners.strikes:
                return self._conclusion(given_up=f"{self.state.strikes} bad answers or refused calls: {self._last}")
        return None

    _last = ""

    def _next_part(self, thought: Thought) -> Part:
        """Execute after the plan; answer when the turns are used up or nothing is left to be done."""
        if self.state.turn >= self.state.manners.turns or self.state.part is Part.SYNTHESIZE:
            return Part.SYNTHESIZE
        done = not thought.calls and not thought.problem and self.state.part is Part.EXECUTE
        return Part.SYNTHESIZE if done else Part.EXECUTE

    async def _think(self) -> Thought:
        await self._agent.afford()
        state = self.state
        incoming = (*state.incoming, *self._agent.take_words())
        turn = state.turn + 1
        thought = await self._agent.durably(
            Step.THINK,
            ThinkOrder(
                run_id=self._run_id,
                agent=self._name,
                head=state.head,
                incoming=incoming,
                part=state.part,
                output_tokens=self._agent.purse.answer_tokens(),
            ),
            Thought,
            name=f"{state.name}-{turn}",
            summary=f"{self._name}: {_DOING[state.part]} (turn {turn}, {called(state.manners.model)})",
            seconds=THINK_SECONDS,
        )
        self._agent.purse.spend(thought.spent)
        self._set(head=thought.head, turn=turn, incoming=())
        self._count(thought.redacted, thought.suspicions)
        return thought

    async def _execute(self, calls: tuple[PlannedCall, ...]) -> int:
        """Have calls done: those that only read and sub-agents side by side, the others one after the other.

        Returns:
            how many of them failed.
        """
        before = self.state.strikes
        places = asyncio.Semaphore(self.state.manners.parallel)
        done: dict[int, Incoming] = {}
        for group in _groups(calls):
            for call, incoming in zip(
                group, await asyncio.gather(*(self._one(call, len(group), places) for call in group)), strict=True
            ):
                done[call.index] = incoming
        self._set(incoming=tuple(done[call.index] for call in calls))
        return self.state.strikes - before

    async def _one(self, call: PlannedCall, at_once: int, places: asyncio.Semaphore) -> Incoming:
        if call.refused:
            self._strike(call.summary)
            return Incoming(call=call.id, artefact=call.refused)
        if call.approval:
            decision = await self._agent.approved(self._step(call), call.summary)
            if not decision.granted:
                return Incoming(call=call.id, text=f"a person said no: {decision.reason or 'no reason given'}")
        async with places:
            return await (self._delegate(call, at_once) if call.queue else self._use(call))

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

    async def _delegate(self, call: PlannedCall, at_once: int) -> Incoming:
        """Have a sub-agent do it: a child workflow on its own queue, with a brief of its own and part of the budget."""
        purse = self._agent.purse
        child_id = f"{workflow.info().workflow_id}-{self._step(call)}"
        child = await workflow.start_child_workflow(
            DURABLE_AGENT,
            AgentTask(run_id=self._run_id, agent=call.tool, brief=call.brief, kept=True, budget=purse.share(at_once)),
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
            reply: AgentReply = await child
        finally:
            del self._agent.children[name]
        purse.spend(reply.spent)
        if reply.given_up:
            self._strike(call.summary)
            return Incoming(call=call.id, text=f"{call.tool} gave up: {reply.given_up}")
        return Incoming(call=call.id, artefact=reply.artefact)

    def _step(self, call: PlannedCall) -> str:
        return f"{self.state.name}-{self.state.turn}-{call.index + 1}-{call.tool}"

    def _strike(self, what: str) -> None:
        self._last = what
        self._set(strikes=self.state.strikes + 1)

    def _count(self, redacted: int, suspicions: int) -> None:
        self._set(redacted=self.state.redacted + redacted, suspicions=self.state.suspicions + suspicions)

    def _set(self, **changes: object) -> None:
        self.state = self.state.model_copy(update=changes)

    def _conclusion(self, *, answer: str = "", text: str = "", given_up: str = "") -> Conclusion:
        state = self.state
        return Conclusion(
            answer=answer,
            text=text,
            given_up=given_up,
            cut=state.turn > state.manners.turns,
            head=state.head,
            turns=state.turn,
            workspace=state.workspace,
            redacted=state.redacted,
            suspicions=state.suspicions,
        )


_DOING = {Part.PLAN: "make a plan", Part.EXECUTE: "think", Part.SYNTHESIZE: "write the answer"}


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
