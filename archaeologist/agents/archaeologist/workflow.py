"""The archaeologist: digs through the code at the base commit and reports what is there."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.loop import AgentWorkflow
    from archaeologist.domain.briefs import DigBrief
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.steps import BatchSurveyed, GatherSurvey, SurveyBatch, Surveyed


@workflow.defn(name=Role.ARCHAEOLOGIST.value)
class ArchaeologistWorkflow(AgentWorkflow):
    """Surveys the code batch by batch; continues as new between groups of batches."""

    @workflow.run
    async def run(self, brief: DigBrief) -> Surveyed:
        """Return the survey of everything in scope."""
        done = await self.batches(
            brief.batches,
            brief.surveyed,
            brief.limits,
            work=lambda batch: self._survey(brief, batch),
            brief_after=lambda done: brief.model_copy(update={"surveyed": done}),
        )
        return await self.step(
            Step.GATHER_SURVEY,
            GatherSurvey(run=brief.run, opening=brief.opening, batches=done),
            Surveyed,
            name="gather-survey",
            summary="put the findings together with the code's history",
            queue=Role.ARCHAEOLOGIST,
        )

    async def _survey(self, brief: DigBrief, batch: int) -> str:
        surveyed = await self.step(
            Step.SURVEY_BATCH,
            SurveyBatch(run=brief.run, opening=brief.opening, batch=batch, target=brief.target),
            BatchSurveyed,
            name=f"survey-{batch + 1}",
            summary=f"look for legacy code, batch {batch + 1} of {brief.batches}",
            queue=Role.ARCHAEOLOGIST,
        )
        return surveyed.artefact
