"""The documenter: module docstrings and the README section that tells a newcomer what is where."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.judging import JudgingWorkflow
    from archaeologist.domain.briefs import ChangesMade, DocumentBrief
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.sweeps import BatchRewritten, DocumentBatch, PlanDocuments, SweepPlanned, WriteReadme


@workflow.defn(name=Role.DOCUMENTER.value)
class DocumenterWorkflow(JudgingWorkflow):
    """Documents what the modernizer left on the branch."""

    @workflow.run
    async def run(self, brief: DocumentBrief) -> ChangesMade:
        """Return what was documented and committed."""
        made = brief.thinking.made or await self._sweep(brief)
        return await self.judge(brief, made, Role.DOCUMENTER)

    async def _sweep(self, brief: DocumentBrief) -> ChangesMade:
        brief = await self._planned(brief)
        done = await self.batches(
            brief.batches,
            brief.rewritten,
            brief.limits,
            work=lambda batch: self._document(brief, batch),
            brief_after=lambda done: brief.model_copy(update={"rewritten": done}),
        )
        readme = await self._readme(brief)
        return await self.commit_layers(brief.run, (*done, readme), "document", brief.tip, Role.DOCUMENTER)

    async def _planned(self, brief: DocumentBrief) -> DocumentBrief:
        if brief.batches >= 0:
            return brief
        planned = await self.step(
            Step.PLAN_DOCUMENTS,
            PlanDocuments(run=brief.run, survey=brief.survey, tip=brief.tip, limits=brief.limits),
            SweepPlanned,
            name="plan-documents",
            summary="choose the files that need a docstring",
            queue=Role.DOCUMENTER,
        )
        return brief.model_copy(update={"sweep": planned.sweep, "batches": planned.batches})

    async def _document(self, brief: DocumentBrief, batch: int) -> str:
        documented = await self.step(
            Step.DOCUMENT_BATCH,
            DocumentBatch(run=brief.run, sweep=brief.sweep, batch=batch),
            BatchRewritten,
            name=f"document-{batch + 1}",
            summary=f"write module docstrings, batch {batch + 1} of {brief.batches}",
            queue=Role.DOCUMENTER,
        )
        return documented.artefact

    async def _readme(self, brief: DocumentBrief) -> str:
        written = await self.step(
            Step.WRITE_README,
            WriteReadme(run=brief.run, survey=brief.survey, tip=brief.tip, target=brief.target, tests=brief.tests),
            BatchRewritten,
            name="write-readme",
            summary="write the README section",
            queue=Role.DOCUMENTER,
        )
        return written.artefact
