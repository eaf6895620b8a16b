"""The archaeologist: digs through the code at the base commit and reports what is there."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.conversation import Conversation
    from archaeologist.agents.workflows.purse import Purse
    from archaeologist.agents.workflows.steering import SteeredWorkflow
    from archaeologist.domain.briefs import DigBrief
    from archaeologist.domain.conversation import LoopState
    from archaeologist.domain.items import BriefAgent, Briefed
    from archaeologist.domain.judgement import JudgedWork
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.sweeps import BatchSurveyed, GatherSurvey, SurveyBatch, Surveyed


@workflow.defn(name=Role.ARCHAEOLOGIST.value)
class ArchaeologistWorkflow(SteeredWorkflow):
    """Surveys the code batch by batch; with a model it then reads what rules cannot see."""

    @workflow.run
    async def run(self, brief: DigBrief) -> Surveyed:
        """Return the survey of everything in scope."""
        surveyed = brief.swept or await self._sweep(brief)
        return await self._judge(brief, surveyed) if brief.thinking.model else surveyed

    async def _sweep(self, brief: DigBrief) -> Surveyed:
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

    async def _judge(self, brief: DigBrief, surveyed: Surveyed) -> Surveyed:
        """Have the model read the code, and return the survey with what it found."""
        thinking = brief.thinking
        self.agent = Role.ARCHAEOLOGIST
        self.purse = Purse(thinking.budget, thinking.spent, thinking.before)
        state = thinking.talk or LoopState(
            name="dig", model=thinking.model, record=thinking.record, skills=thinking.skills
        )
        talk = Conversation(self, brief.run.run_id, state, brief.limits.history_events)
        if thinking.talk is None:
            begun = await self._begin(brief, surveyed)
            talk.work_on(begun.workspace, suspicions=begun.suspicions)
            await talk.open(begun.brief, kept=True)
        conclusion = await talk.go_on()
        if conclusion is None:
            rest = thinking.model_copy(
                update={"talk": talk.rest(), "budget": self.purse.budget, "spent": self.purse.spent}
            )
            workflow.continue_as_new(brief.model_copy(update={"swept": surveyed, "thinking": rest}))
        judged = JudgedWork(
            tip=brief.run.base,
            given_up=(conclusion.given_up,) if conclusion.given_up else (),
            redacted=conclusion.redacted,
            suspicions=conclusion.suspicions,
            spent=self.purse.spent,
        )
        return surveyed.model_copy(
            update={"judged": judged, "workspace": conclusion.workspace, "told": conclusion.text}
        )

    async def _begin(self, brief: DigBrief, surveyed: Surveyed) -> Briefed:
        return await self.step(
            Step.BRIEF_AGENT,
            BriefAgent(
                run=brief.run,
                role=Role.ARCHAEOLOGIST,
                goal=brief.goal,
                survey=surveyed.survey,
                commit=brief.run.base,
                target=brief.target,
            ),
            Briefed,
            name="dig-begin",
            summary="write the archaeologist's brief",
            queue=Role.ARCHAEOLOGIST,
        )
