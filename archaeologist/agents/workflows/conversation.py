"""The loop of an agent: plan, execute, synthesize; turn by turn, every answer and every tool call a step of its own.

The workflow carries the id of the transcript's end and counts; what was said is in the artefact store. Replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.calls import CallingConversation
    from archaeologist.agents.workflows.loop import should_continue_as_new
    from archaeologist.domain.conversation import (
        Conclusion,
        ConversationOpened,
        Incoming,
        LoopState,
        OpenConversation,
        Part,
        ThinkOrder,
        Thought,
    )
    from archaeologist.domain.names import Step, called

if TYPE_CHECKING:
    from archaeologist.agents.workflows.steering import SteeredWorkflow

THINK_SECONDS = 900
"""One answer may take so long in all; a silent stream is given up much earlier by whoever reads it."""


class Conversation(CallingConversation):
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
        super().__init__(agent, run_id, state, name=name)
        self._ear = agent.words.ear()
        self._history_events = history_events

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
        return self.state.model_copy(update={"incoming": (*self.state.incoming, *self._ear.take())})

    def hear(self, text: str, quoted: str = "", *, blameless: bool = False) -> bool:
        """Take what is wrong with the answer; return whether the agent may mend it, or has no strikes left.

        Args:
            text: what is wrong.
            quoted: what belongs to it and may hold text of strangers.
            blameless: the agent could not know; it costs no strike.
        """
        if not blameless:
            self._strike(text)
        state = self.state
        # A server wants each call of an answer answered before anything else is said, the one that ended it, too.
        answered = tuple(each for each in state.incoming if each.call)
        said = tuple(each for each in state.incoming if not each.call)
        incoming = (*answered, Incoming(call=state.ends, text=text, quoted=quoted), *said)
        self._set(incoming=incoming, part=Part.EXECUTE, answer="", ends="")
        return self.state.strikes < self.state.manners.strikes

    async def go_on(self) -> Conclusion | None:
        """Go on until it ends; None when the workflow has to continue as new first, with `state`.

        One that ended before the workflow continued as new ends in the same way, but for the answer's text.
        """
        if self.state.answer or self.state.given_up:
            return self._conclusion()
        while not should_continue_as_new(self._history_events):
            thought = await self._think()
            if thought.given_up:
                self._set(given_up=thought.given_up)
                return self._conclusion()
            if thought.problem:
                self._strike(thought.problem)
            failed = await self.execute(thought.calls)
            spoken_to = self._ear.is_spoken_to
            if thought.answer and not failed and not spoken_to:
                self._set(answer=thought.answer, ends=thought.ends)
                return self._conclusion(thought.text)
            if thought.ends:
                why = f"{failed} of the other calls failed" if failed else "a person has something to say"
                self._set(incoming=(*self.state.incoming, Incoming(call=thought.ends, text=f"not yet: {why}")))
            self._set(part=Part.EXECUTE if thought.answer and spoken_to else self._next_part(thought))
            strikes = self.state.strikes
            if strikes >= self.state.manners.strikes:
                self._set(given_up=f"{strikes} bad answers or refused calls: {self._last_strike}")
                return self._conclusion()
        return None

    def _next_part(self, thought: Thought) -> Part:
        """Execute after the plan; answer when the turns are used up or nothing is left to be done."""
        if self.state.turn >= self.state.manners.turns or self.state.part is Part.SYNTHESIZE:
            return Part.SYNTHESIZE
        done = not thought.calls and not thought.problem and self.state.part is Part.EXECUTE
        return Part.SYNTHESIZE if done else Part.EXECUTE

    async def _think(self) -> Thought:
        purse = self._agent.purse
        reserved = await self._agent.afford(self.state.cost)
        try:
            thought = await self._asked()
        finally:
            purse.release(reserved)
        purse.spend(thought.spent)
        self._set(head=thought.head, turn=self.state.turn + 1, incoming=(), cost=thought.spent)
        self._count(thought.redacted, thought.suspicions)
        return thought

    async def _asked(self) -> Thought:
        state = self.state
        turn = state.turn + 1
        return await self._agent.durably(
            Step.THINK,
            ThinkOrder(
                run_id=self._run_id,
                agent=self._name,
                head=state.head,
                incoming=(*state.incoming, *self._ear.take()),
                part=state.part,
                output_tokens=self._agent.purse.answer_tokens(),
            ),
            Thought,
            name=f"{state.name}-{turn}",
            summary=f"{self._name}: {_DOING[state.part]} (turn {turn}, {called(state.manners.model)})",
            seconds=THINK_SECONDS,
        )

    def _conclusion(self, text: str = "") -> Conclusion:
        state = self.state
        return Conclusion(
            answer=state.answer,
            text=text,
            given_up=state.given_up,
            cut=state.turn > state.manners.turns,
            head=state.head,
            turns=state.turn,
            workspace=state.workspace,
            redacted=state.redacted,
            suspicions=state.suspicions,
        )


_DOING = {Part.PLAN: "make a plan", Part.EXECUTE: "think", Part.SYNTHESIZE: "write the answer"}
