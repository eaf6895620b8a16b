"""What an answer of a model is worth: calls to have done, a final answer, or what is wrong with it.

A bad answer is no error: it stays in the transcript, followed by what is wrong with it, and the next turn goes on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from archaeologist.agents.tooling.answers import NoAnswer, read_answer
from archaeologist.agents.tooling.arguments import Unreadable, parse, unknown_tool
from archaeologist.domain.chat import AssistantMessage, Finish, UserMessage
from archaeologist.domain.conversation import Part, PlannedCall, Thought

if TYPE_CHECKING:
    from pydantic import BaseModel

    from archaeologist.agents.turns.transcript import Opening
    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.chat import ChatAnswer, Message, ToolCall

CALLS_AT_ONCE = 32
"""Calls that one answer may ask for; the model is told of the others that they were not done."""

TEXT_CHARACTERS = 20_000
SUMMARY_CHARACTERS = 140


@dataclass
class Verdict:
    """What an answer is worth.

    Attributes:
        store: where refusals, briefs and answers are kept.
        opening: how the conversation began: what was offered.
        form: the form of the final answer; None for prose.
        part: what it was asked for.
        answer: what it said.
        messages: what is added to the transcript.
    """

    store: ArtefactStore
    opening: Opening
    form: type[BaseModel] | None
    part: Part
    answer: ChatAnswer
    messages: tuple[Message, ...] = ()

    def thought(self) -> Thought:
        """Return what the model wants; `messages` holds what it said and, if so, what is wrong with it."""
        match self.answer.finish:
            case Finish.REFUSED | Finish.FILTERED:
                return self._problem(
                    "you refused, or a filter did; go on with what you can do, or say in the answer what you cannot"
                )
            case Finish.LENGTH:
                return self._problem("your answer was cut because it was too long; do it in smaller steps")
            case Finish.CALLS | Finish.ANSWERED:
                return self._calls() if self.answer.message.calls else self._said()
            case _ as unreachable:
                assert_never(unreachable)

    def _said(self) -> Thought:
        text = self.answer.message.content.strip()
        if not text:
            return self._problem("your answer was empty; use a tool or write the answer")
        if self.part is Part.PLAN:
            self.messages = (self.answer.message,)
            return Thought(head="")
        if self.form is None:
            return self._answered(text)
        try:
            return self._answered(read_answer(self.form, text).model_dump_json())
        except NoAnswer as error:
            if self.part is Part.EXECUTE and self.opening.offers:
                # Prose when the work is done is no mistake: the form is asked for in the next turn.
                self.messages = (self.answer.message,)
                return Thought(head="")
            return self._problem(f"this is no {self.form.__name__}: {error}")

    def _answered(self, text: str) -> Thought:
        self.messages = (self.answer.message,)
        return Thought(head="", answer=self._kept(text), text=text[:TEXT_CHARACTERS])

    def _calls(self) -> Thought:
        if self.part is not Part.EXECUTE:
            return self._problem("no tools in this turn; answer in words")
        calls = tuple(
            call.model_copy(update={"id": f"{call.id}-{index}"})
            if any(call.id == other.id for other in self.answer.message.calls[:index])
            else call
            for index, call in enumerate(self.answer.message.calls)
        )
        self.messages = (self.answer.message.model_copy(update={"calls": calls}),)
        planned: list[PlannedCall] = []
        answer = Thought(head="")
        for index, call in enumerate(calls):
            if call.name == self.opening.finish and self.form is not None and not answer.answer:
                try:
                    text = read_answer(self.form, call.arguments).model_dump_json()
                    answer = Thought(head="", answer=self._kept(text), text=text[:TEXT_CHARACTERS], ends=call.id)
                except NoAnswer as error:
                    planned.append(self._refused(index, call, str(error)))
            else:
                planned.append(self._planned(index, call))
        return answer.model_copy(update={"calls": tuple(planned)})

    def _kept(self, text: str) -> str:
        return self.store.put(text.encode())

    def _planned(self, index: int, call: ToolCall) -> PlannedCall:
        if index >= CALLS_AT_ONCE:
            return self._refused(index, call, f"not done: at most {CALLS_AT_ONCE} calls in one answer")
        offers = {offer.name: offer for offer in self.opening.offers}
        if call.name not in offers:
            return self._refused(index, call, unknown_tool(call.name, list(offers)))
        offer = offers[call.name]
        brief = ""
        if offer.queue:
            try:
                brief = self._brief(call)
            except Unreadable as error:
                return self._refused(index, call, str(error))
        return PlannedCall(
            id=call.id,
            index=index,
            tool=offer.name,
            summary=self._summary(call),
            reads_only=offer.reads_only,
            idempotent=offer.idempotent,
            approval=offer.approval,
            seconds=offer.seconds,
            alone=offer.alone,
            queue=offer.queue,
            brief=brief,
        )

    def _brief(self, call: ToolCall) -> str:
        """Return the artefact id of a sub-agent's brief. Raises Unreadable."""
        brief = parse(call.arguments).get("brief")
        if not isinstance(brief, str) or not brief.strip():
            raise Unreadable("brief: expected string, the whole task in words")
        return self.store.put(brief.encode())

    def _refused(self, index: int, call: ToolCall, why: str) -> PlannedCall:
        return PlannedCall(
            id=call.id,
            index=index,
            tool="refused",
            summary=f"{self._summary(call)}: {why}",
            reads_only=True,
            idempotent=True,
            approval=False,
            seconds=0,
            refused=self.store.put(why.encode()),
        )

    def _problem(self, why: str) -> Thought:
        said = AssistantMessage(content=self.answer.message.content.strip() or "(nothing)")
        self.messages = (said, UserMessage(content=why))
        return Thought(head="", problem=why)

    def _summary(self, call: ToolCall) -> str:
        """Return a call in one line for people."""
        try:
            arguments = ", ".join(f"{name}={json.dumps(value)}" for name, value in parse(call.arguments).items())
        except Unreadable:
            arguments = call.arguments
        line = " ".join(f"{self.opening.agent}: {call.name}({arguments})".split())
        return line if len(line) <= SUMMARY_CHARACTERS else f"{line[: SUMMARY_CHARACTERS - 3]}..."
