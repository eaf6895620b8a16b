"""The modernizer: sweeps the rules over the files and commits one layer a rule."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.judging import JudgingWorkflow
    from archaeologist.domain.briefs import ChangesMade, RewriteBrief
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.sweeps import BatchRewritten, PlanSweep, RewriteBatch, SweepPlanned


@workflow.defn(name=Role.MODERNIZER.value)
class ModernizerWorkflow(JudgingWorkflow):
    """The mechanical sweep, and with a model the judgement loop for what rules left over."""

    @workflow.run
    async def run(self, brief: RewriteBrief) -> ChangesMade:
        """Return what was rewritten and committed."""
        made = brief.thinking.made or await self._sweep(brief)
        return await self.judge(brief, made, Role.MODERNIZER)

    async def _sweep(self, brief: RewriteBrief) -> ChangesMade:
        brief = await self._planned(brief)
        done = await self.batches(
            brief.batches,
            brief.rewritten,
            brief.limits,
            work=lambda batch: self._rewrite(brief, batch),
            brief_after=lambda done: brief.model_copy(update={"rewritten": done}),
        )
        return await self.commit_layers(brief.run, done, "rewrite", brief.run.base, Role.MODERNIZER)

    async def _planned(self, brief: RewriteBrief) -> RewriteBrief:
        if brief.batches >= 0:
            return brief
        planned = await self.step(
            Step.PLAN_SWEEP,
            PlanSweep(run=brief.run, survey=brief.survey, rules=brief.rules, limits=brief.limits),
            SweepPlanned,
            name="plan-sweep",
            summary="choose the files that rules can rewrite",
            queue=Role.MODERNIZER,
        )
        return brief.model_copy(update={"sweep": planned.sweep, "batches": planned.batches})

    async def _rewrite(self, brief: RewriteBrief, batch: int) -> str:
        rewritten = await self.step(
            Step.REWRITE_BATCH,
            RewriteBatch(run=brief.run, sweep=brief.sweep, batch=batch, target=brief.target),
            BatchRewritten,
            name=f"rewrite-{batch + 1}",
            summary=f"apply the rules, batch {batch + 1} of {brief.batches}",
            queue=Role.MODERNIZER,
        )
        return rewritten.artefact
