"""The judgement loop of the modernizer and the documenter: work items, one conversation and one commit each.

Conversations go on side by side, as many as `Thinking.parallel` says; items are settled one after the other, in their
order. An item begins as soon as those are settled that it waits for (`ItemLine.after`, made by `steps/ordering.py`, and
whoever is so many places before it), on the branch as it is just then, unless its kind keeps failing. So what an agent
is told does not depend on who was faster either. Replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.conversation import Conversation
    from archaeologist.agents.workflows.item import Item, end_all
    from archaeologist.agents.workflows.purse import Purse
    from archaeologist.agents.workflows.settling import SettlingWorkflow
    from archaeologist.domain.briefs import DocumentBrief, RewriteBrief
    from archaeologist.domain.conversation import LoopState
    from archaeologist.domain.items import BeginItem, Briefed, ChooseItems, ItemsChosen
    from archaeologist.domain.judgement import JudgedWork
    from archaeologist.domain.names import Role, Step

if TYPE_CHECKING:
    from archaeologist.domain.briefs import ChangesMade, Thinking
    from archaeologist.domain.conversation import Conclusion

BriefT = TypeVar("BriefT", RewriteBrief, DocumentBrief)

BREAKER = 3
"""Items of one kind in a row that may come to nothing before no others of the kind are begun."""


class JudgingWorkflow(SettlingWorkflow):
    """An agent that works on items after its sweep."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: dict[int, Item | None] = {}

    async def judge(self, brief: BriefT, made: ChangesMade, role: Role) -> ChangesMade:
        """Work on all items and return what the sweep and the items made together."""
        if not brief.thinking.model:
            return made
        self.agent = role
        self.purse = Purse(brief.thinking.budget, brief.thinking.spent, brief.thinking.before)
        brief = await self._chosen(_thinking(brief, made=made), made, role)
        try:
            while brief.thinking.next < len(brief.thinking.lines):
                self._begin_all(brief, role)
                brief = await self._next(brief)
        finally:
            await end_all(item for item in self._begun.values() if item is not None)
        work = _work(brief).model_copy(update={"spent": self.purse.spent})
        return made.model_copy(
            update={
                "tip": work.tip,
                "commits": made.commits + work.commits,
                "edits": made.edits + work.edits,
                "judged": work,
            }
        )

    async def _chosen(self, brief: BriefT, made: ChangesMade, role: Role) -> BriefT:
        thinking = brief.thinking
        if thinking.chosen:
            return brief
        chosen = await self.step(
            Step.CHOOSE_ITEMS,
            ChooseItems(
                run=brief.run,
                role=role,
                survey=brief.survey,
                layers=made.layers,
                commit=made.tip,
                findings=thinking.findings,
                first=thinking.first,
                most=thinking.items,
            ),
            ItemsChosen,
            name="choose-items",
            summary="choose what needs judgement",
            queue=role,
        )
        return _thinking(brief, chosen=chosen.items, lines=chosen.lines, judged=JudgedWork(tip=made.tip))

    def _begin_all(self, brief: RewriteBrief | DocumentBrief, role: Role) -> None:
        """Begin all items that wait for none that is not settled; those of a kind that keeps failing are left alone."""
        thinking = brief.thinking
        for number in range(thinking.next + 1, len(thinking.lines) + 1):
            open_ones = {other for other, begun in (thinking.talks | self._begun).items() if begun is not None}
            if number in self._begun or not (number in thinking.talks or _may_begin(thinking, number, open_ones)):
                continue
            state = _state(thinking, number)
            if state is None:
                self._begun[number] = None
                continue
            talk = Conversation(self, brief.run.run_id, state, brief.limits.history_events)
            item = self._begun[number] = Item(role, number, thinking.lines[number - 1], talk)
            item.go_on(self._talk(brief, item))

    async def _talk(self, brief: RewriteBrief | DocumentBrief, item: Item) -> Conclusion | None:
        if not item.talk.state.head:
            await self._begin(brief, item)
        return await item.talk.go_on()

    async def _begin(self, brief: RewriteBrief | DocumentBrief, item: Item) -> None:
        begun = await self.step(
            Step.BEGIN_ITEM,
            BeginItem(
                run=brief.run,
                role=item.role,
                items=brief.thinking.chosen,
                index=item.number - 1,
                survey=brief.survey,
                commit=_work(brief).tip,
                target=brief.target,
                goal=brief.goal,
                tests=brief.thinking.tests,
                baseline=brief.thinking.baseline,
            ),
            Briefed,
            name=f"{item.name}-begin",
            summary=f"item {item.number} of {len(brief.thinking.lines)}: {item.line.title}",
            queue=item.role,
        )
        item.talk.work_on(begun.workspace, suspicions=begun.suspicions)
        await item.talk.open(begun.brief, kept=True)

    async def _next(self, brief: BriefT) -> BriefT:
        """Settle the next item and return the brief to go on with."""
        number = brief.thinking.next + 1
        item = self._begun[number]
        changes = _stopped(brief) if item is None else await self._settled(brief, item)
        del self._begun[number]
        talks = {other: talk for other, talk in brief.thinking.talks.items() if other != number}
        return _thinking(brief, **changes, next=number, talk=None, talks=talks)

    async def _settled(self, brief: BriefT, item: Item) -> dict[str, object]:
        before, kind = _work(brief), item.line.kind
        settled = await self.settle(brief, item, before)
        if settled is None:
            return await self._continue(brief)
        failures = brief.thinking.failures
        judged = settled.work.model_copy(
            update={
                "redacted": before.redacted + item.talk.state.redacted,
                "suspicions": before.suspicions + item.talk.state.suspicions,
            }
        )
        return {"judged": judged, "failures": {**failures, kind: failures.get(kind, 0) + 1 if settled.failed else 0}}

    async def _continue(self, brief: BriefT) -> NoReturn:
        """Continue as new once every conversation stands between two turns."""
        for item in self._begun.values():
            if item is not None:
                await item.ending()
        await workflow.wait_condition(workflow.all_handlers_finished)
        talks = {number: item.talk.rest() if item else None for number, item in self._begun.items()}
        workflow.continue_as_new(
            _thinking(brief, talk=None, talks=talks, budget=self.purse.budget, spent=self.purse.spent)
        )


def _may_begin(thinking: Thinking, number: int, open_ones: set[int]) -> bool:
    """Return whether an item waits for none that is not settled, and it is not too early to know about its kind.

    Of a kind whose last item came to nothing, only so many go on as may still fail before the others are left alone.
    """
    line = thinking.lines[number - 1]
    if max(line.after, number - thinking.parallel) > thinking.next:
        return False
    failures = thinking.failures.get(line.kind, 0)
    of_kind = sum(thinking.lines[other - 1].kind == line.kind for other in open_ones)
    # The one to be settled next never waits, as all others wait for it.
    return number == thinking.next + 1 or not 0 < failures < BREAKER or failures + of_kind < BREAKER


def _state(thinking: Thinking, number: int) -> LoopState | None:
    """Return where the conversation of an item stands; None when there is to be none, as its kind keeps failing."""
    if number in thinking.talks:
        return thinking.talks[number]
    if thinking.talk is not None and number == thinking.next + 1:
        return thinking.talk  # of a version that had one conversation at a time
    if thinking.failures.get(thinking.lines[number - 1].kind, 0) >= BREAKER:
        return None
    return LoopState(name=f"item-{number}", model=thinking.model, record=thinking.record, skills=thinking.skills)


def _stopped(brief: RewriteBrief | DocumentBrief) -> dict[str, object]:
    """Note that items of the next one's kind are left alone."""
    work, kind = _work(brief), brief.thinking.lines[brief.thinking.next].kind
    stopped = tuple(dict.fromkeys((*work.stopped, kind)))
    return {"judged": work.model_copy(update={"stopped": stopped})}


def _work(brief: RewriteBrief | DocumentBrief) -> JudgedWork:
    assert brief.thinking.judged is not None  # noqa: S101 - set when the items were chosen
    return brief.thinking.judged


def _thinking(brief: BriefT, **changes: object) -> BriefT:
    return brief.model_copy(update={"thinking": brief.thinking.model_copy(update=changes)})
