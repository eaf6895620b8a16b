"""The judgement loop of the modernizer and the documenter: work items, one conversation and one commit each.

What comes of an item becomes a commit only after every gate and the project's tests; until then it is on no branch.
An item that comes to nothing is given up and recorded, and the run goes on. Replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.conversation import Conversation
    from archaeologist.agents.workflows.purse import Purse
    from archaeologist.agents.workflows.sweep import SweepWorkflow
    from archaeologist.domain.briefs import DocumentBrief, RewriteBrief
    from archaeologist.domain.conversation import LoopState
    from archaeologist.domain.judgement import ItemLine, JudgedWork
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.steps import (
        BeginItem,
        Briefed,
        ChooseItems,
        CommitItem,
        Committed,
        DraftItem,
        ItemDrafted,
        ItemsChosen,
        RunTests,
        TestLabel,
        TestsRan,
    )

if TYPE_CHECKING:
    from archaeologist.domain.briefs import ChangesMade
    from archaeologist.domain.conversation import Conclusion

BriefT = TypeVar("BriefT", RewriteBrief, DocumentBrief)

BREAKER = 3
"""Items of one kind in a row that may come to nothing before the others of the kind are left alone."""

NAMED = 3
_BROKEN = "tests that passed before fail with this edit; mend or withdraw it"


class JudgingWorkflow(SweepWorkflow):
    """An agent that works on items one by one, after its sweep."""

    async def judge(self, brief: BriefT, made: ChangesMade, role: Role) -> ChangesMade:
        """Work on all items and return what the sweep and the items made together."""
        if not brief.thinking.model:
            return made
        self.agent = role
        self.purse = Purse(brief.thinking.budget, brief.thinking.spent)
        brief = await self._chosen(_thinking(brief, made=made), made, role)
        while brief.thinking.next < len(brief.thinking.lines):
            brief = await self._next(brief, role)
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

    async def _next(self, brief: BriefT, role: Role) -> BriefT:
        """Work on the next item and return the brief to go on with."""
        thinking = brief.thinking
        work: JudgedWork = _work(brief)
        line = thinking.lines[thinking.next]
        after = thinking.next + 1
        if thinking.failures.get(line.kind, 0) >= BREAKER:
            stopped = tuple(dict.fromkeys((*work.stopped, line.kind)))
            return _thinking(brief, next=after, judged=work.model_copy(update={"stopped": stopped}))
        item = Item(self, role, brief, after, line)
        done, failed = await self._one(brief, item, work)
        failures = {**thinking.failures, line.kind: thinking.failures.get(line.kind, 0) + 1 if failed else 0}
        done = done.model_copy(
            update={
                "redacted": work.redacted + item.talk.state.redacted,
                "suspicions": work.suspicions + item.talk.state.suspicions,
            }
        )
        return _thinking(brief, next=after, failures=failures, judged=done, talk=None)

    async def _one(self, brief: BriefT, item: Item, work: JudgedWork) -> tuple[JudgedWork, bool]:
        """Talk until there is a commit or nothing more to say; return the work and whether it came to nothing."""
        if brief.thinking.talk is None:
            await self._begin(brief, item, work)
        while True:
            conclusion = await item.talk.go_on()
            if conclusion is None:
                self._continue(brief, item)
            if conclusion.given_up:
                return _given_up(work, item, conclusion.given_up), True
            drafted = await self._draft(brief, item, work, conclusion)
            if drafted.left_alone:
                return work.model_copy(update={"left_alone": work.left_alone + 1}), False
            problem, quoted = drafted.refused, drafted.quoted
            if not problem and (broken := await self._broken(brief, item, drafted)):
                problem, quoted = _BROKEN, "\n".join(broken)
            if problem:
                if item.talk.hear(problem, quoted):
                    continue
                return _given_up(work, item, f"{problem}: {quoted}" if quoted else problem), True
            if brief.thinking.approve_items:
                decision = await self.approved(item.name, f"commit {drafted.subject}")
                if not decision.granted:
                    return _given_up(work, item, f"a person said no: {decision.reason or 'no reason given'}"), False
            return await self._commit(brief, item, work, drafted), False

    async def _begin(self, brief: BriefT, item: Item, work: JudgedWork) -> None:
        begun = await self.step(
            Step.BEGIN_ITEM,
            BeginItem(
                run=brief.run,
                role=item.role,
                items=brief.thinking.chosen,
                index=item.number - 1,
                survey=brief.survey,
                commit=work.tip,
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

    async def _draft(self, brief: BriefT, item: Item, work: JudgedWork, conclusion: Conclusion) -> ItemDrafted:
        manners = item.talk.state.manners
        return await self.step(
            Step.DRAFT_ITEM,
            DraftItem(
                run=brief.run,
                role=item.role,
                items=brief.thinking.chosen,
                index=item.number - 1,
                workspace=conclusion.workspace,
                answer=conclusion.answer,
                parent=work.tip,
                target=brief.target,
                model=manners.model,
                version=manners.version,
            ),
            ItemDrafted,
            name=f"{item.name}-draft-{conclusion.turns}",
            summary=f"check what came of item {item.number}",
            queue=item.role,
        )

    async def _broken(self, brief: BriefT, item: Item, drafted: ItemDrafted) -> list[str]:
        """Return which tests the draft breaks, twice in a row; the first ones of many."""
        if not brief.thinking.baseline:
            return []
        first = await self._test(brief, item, drafted, "item")
        if not first.worse:
            return []
        again = await self._test(brief, item, drafted, "item-again")
        broken: list[str] = [test for test in first.broken if test in again.broken]
        more: list[str] = [f"and {len(broken) - NAMED} more"] if len(broken) > NAMED else []
        return [*broken[:NAMED], *more]

    async def _test(self, brief: BriefT, item: Item, drafted: ItemDrafted, label: TestLabel) -> TestsRan:
        thinking = brief.thinking
        return await self.step(
            Step.RUN_TESTS,
            RunTests(
                run=brief.run, commit=drafted.commit, label=label, options=thinking.tests, against=thinking.baseline
            ),
            TestsRan,
            name=f"{item.name}-{label}-tests-{item.talk.state.turn}",
            summary=f"run the project's tests ({label} {item.number})",
            queue=item.role,
            seconds=thinking.tests.seconds + 300,
        )

    async def _commit(self, brief: BriefT, item: Item, work: JudgedWork, drafted: ItemDrafted) -> JudgedWork:
        committed = await self.step(
            Step.COMMIT_ITEM,
            CommitItem(run=brief.run, layer=drafted.layer, draft=drafted.commit, parent=work.tip),
            Committed,
            name=f"{item.name}-commit",
            summary=f"commit: {drafted.subject}",
            queue=item.role,
        )
        return work.model_copy(
            update={
                "tip": committed.commit,
                "commits": work.commits + 1,
                "edits": work.edits + drafted.edits,
                "layers": (*work.layers, drafted.layer),
            }
        )

    def _continue(self, brief: BriefT, item: Item) -> NoReturn:
        """Continue as new in the middle of an item."""
        workflow.continue_as_new(
            _thinking(brief, talk=item.talk.rest(), budget=self.purse.budget, spent=self.purse.spent)
        )


class Item:
    """One work item that is worked on.

    Args:
        agent: the workflow.
        role: whose item it is.
        brief: what the agent was told.
        number: of the item, 1-based.
        line: what it is about.
    """

    def __init__(
        self, agent: JudgingWorkflow, role: Role, brief: RewriteBrief | DocumentBrief, number: int, line: ItemLine
    ) -> None:
        thinking = brief.thinking
        self.role = role
        self.number = number
        self.line = line
        self.name = f"item-{number}"
        state = thinking.talk or LoopState(
            name=self.name, model=thinking.model, record=thinking.record, skills=thinking.skills
        )
        self.talk = Conversation(agent, brief.run.run_id, state, brief.limits.history_events)


def _work(brief: RewriteBrief | DocumentBrief) -> JudgedWork:
    assert brief.thinking.judged is not None  # noqa: S101 - set when the items were chosen
    return brief.thinking.judged


def _thinking(brief: BriefT, **changes: object) -> BriefT:
    return brief.model_copy(update={"thinking": brief.thinking.model_copy(update=changes)})


def _given_up(work: JudgedWork, item: Item, why: str) -> JudgedWork:
    return work.model_copy(update={"given_up": (*work.given_up, f"{item.line.title}: {why}"[:300])})
