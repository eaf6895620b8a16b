"""How a work item is settled: gates, tests, a person's word and the commit, on top of what is on the branch by then.

One item at a time, in the order of the items: so a branch depends on what models say, and not on who was faster.
Until then nothing of an item is on any branch; one that comes to nothing is given up and recorded. Replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.sweep import SweepWorkflow
    from archaeologist.domain.items import CommitItem, DraftItem, ItemDrafted
    from archaeologist.domain.names import Step
    from archaeologist.domain.steps import RunTests, TestLabel, TestsRan
    from archaeologist.domain.sweeps import Committed
    from archaeologist.wording import first_of

if TYPE_CHECKING:
    from archaeologist.agents.workflows.item import Item
    from archaeologist.domain.briefs import DocumentBrief, RewriteBrief
    from archaeologist.domain.conversation import Conclusion
    from archaeologist.domain.judgement import JudgedWork

    Brief = RewriteBrief | DocumentBrief

NAMED = 3
_BROKEN = "tests that passed before fail with this edit; mend or withdraw it"


class Settled(NamedTuple):
    """What items came to.

    Attributes:
        work: of all items that are settled by now.
        failed: whether the last one came to nothing.
    """

    work: JudgedWork
    failed: bool = False


class SettlingWorkflow(SweepWorkflow):
    """An agent whose work items become commits."""

    async def settle(self, brief: Brief, item: Item, work: JudgedWork) -> Settled | None:
        """Wait until all is said of an item, and make a commit of it, or say why there is none.

        Returns:
            what there is with this item; None when the workflow has to continue as new first.
        """
        while True:
            conclusion = await item.ending()
            if conclusion is None:
                return None
            if conclusion.given_up:
                return _given_up(work, item, conclusion.given_up)
            drafted = await self._draft(brief, item, work, conclusion)
            if drafted.workspace:
                item.talk.work_on(drafted.workspace)
            if drafted.left_alone:
                return Settled(work.model_copy(update={"left_alone": work.left_alone + 1}))
            problem, quoted = drafted.refused, drafted.quoted
            if not problem and (broken := await self._broken(brief, item, drafted)):
                problem, quoted = _BROKEN, "\n".join(broken)
            if not problem:
                return await self._approved(brief, item, work, drafted)
            if not item.talk.hear(problem, quoted, blameless=drafted.blameless):
                return _given_up(work, item, f"{problem}: {quoted}" if quoted else problem)
            item.go_on()

    async def _approved(self, brief: Brief, item: Item, work: JudgedWork, drafted: ItemDrafted) -> Settled:
        """Commit a draft, unless a person is to be asked and says no."""
        if brief.thinking.approve_items:
            decision = await self.approved(item.name, f"commit {drafted.subject}")
            if not decision.granted:
                refused = _given_up(work, item, f"a person said no: {decision.reason or 'no reason given'}")
                return Settled(refused.work)
        return Settled(await self._commit(brief, item, work, drafted))

    async def _draft(self, brief: Brief, item: Item, work: JudgedWork, conclusion: Conclusion) -> ItemDrafted:
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

    async def _broken(self, brief: Brief, item: Item, drafted: ItemDrafted) -> list[str]:
        """Return which tests the draft breaks, twice in a row; the first ones of many."""
        if not brief.thinking.baseline:
            return []
        first = await self._test(brief, item, drafted, "item")
        if not first.worse:
            return []
        again = await self._test(brief, item, drafted, "item-again")
        return first_of([test for test in first.broken if test in again.broken], NAMED)

    async def _test(self, brief: Brief, item: Item, drafted: ItemDrafted, label: TestLabel) -> TestsRan:
        thinking = brief.thinking
        async with self.alone:
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

    async def _commit(self, brief: Brief, item: Item, work: JudgedWork, drafted: ItemDrafted) -> JudgedWork:
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


def _given_up(work: JudgedWork, item: Item, why: str) -> Settled:
    return Settled(
        work.model_copy(update={"given_up": (*work.given_up, f"{item.line.title}: {why}"[:300])}), failed=True
    )
