"""The phases of a run that other agents work in: a brief, a share of the budget, maybe a person's yes. Replayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.orchestrator.opinions import OpinionatedWorkflow
    from archaeologist.domain.briefs import ChangesMade, DigBrief, DocumentBrief, RewriteBrief
    from archaeologist.domain.names import Role
    from archaeologist.domain.sweeps import Surveyed

if TYPE_CHECKING:
    from archaeologist.domain.briefs import Plan, Thinking
    from archaeologist.domain.judgement import WorkPlan
    from archaeologist.domain.run import RunRequest
    from archaeologist.domain.steps import Opened, TestsRan


@dataclass(frozen=True)
class Ground:
    """What rewriting and documenting stand on.

    Attributes:
        opened: the files in scope.
        surveyed: what the archaeologist found.
        plan: which rules are used.
        work_plan: what to care for.
        agreed: whether the plan may be carried out.
    """

    opened: Opened
    surveyed: Surveyed
    plan: Plan
    work_plan: WorkPlan
    agreed: bool


class PhasedWorkflow(OpinionatedWorkflow):
    """An agent that leads others through the phases of a run."""

    async def dig(self, request: RunRequest, opened: Opened, plan: Plan) -> Surveyed:
        """Have the code surveyed."""
        brief = DigBrief(
            run=request.run,
            goal=plan.goals.get(Role.ARCHAEOLOGIST, ""),
            opening=opened.opening,
            batches=opened.batches,
            target=request.target,
            limits=request.limits,
            thinking=self.thinking(request, Role.ARCHAEOLOGIST, opened.skills),
        )
        surveyed = await self.delegate(request, Role.ARCHAEOLOGIST, brief, Surveyed)
        self.account(surveyed.judged)
        return surveyed

    async def survey_and_plan(self, request: RunRequest, opened: Opened) -> Ground:
        """Have the code surveyed, plan from the survey, and ask a person where the run was told to."""
        plan = await self.plan(request, opened)
        surveyed = await self.dig(request, opened, plan)
        work_plan = await self.work_plan(request, surveyed, plan)
        agreed = await self._agreed(request, "plan", f"{work_plan.modernizer}; {work_plan.documenter}")
        return Ground(opened, surveyed, plan, work_plan, agreed)

    async def rewrite(self, request: RunRequest, ground: Ground, before: TestsRan | None) -> ChangesMade:
        """Have the code rewritten; nothing is when a person says no."""
        goal = ground.work_plan.modernizer
        if not ground.agreed or not await self._agreed(request, "rewrite", goal):
            return ChangesMade.nothing(request.run.base)
        brief = RewriteBrief(
            run=request.run,
            goal=goal,
            survey=ground.surveyed.survey,
            rules=ground.plan.rules,
            target=request.target,
            limits=request.limits,
            thinking=self._thinking(request, Role.MODERNIZER, ground, before),
        )
        made = await self.delegate(request, Role.MODERNIZER, brief, ChangesMade)
        self.account(made.judged)
        return made

    async def document(
        self, request: RunRequest, ground: Ground, rewritten: ChangesMade, before: TestsRan | None
    ) -> ChangesMade:
        """Have the branch documented; nothing is when a person says no."""
        goal = ground.work_plan.documenter
        if not ground.agreed or not await self._agreed(request, "document", goal):
            return ChangesMade.nothing(rewritten.tip)
        brief = DocumentBrief(
            run=request.run,
            goal=goal,
            survey=ground.surveyed.survey,
            tip=rewritten.tip,
            target=request.target,
            tests=before.command if before else "",
            limits=request.limits,
            thinking=self._thinking(request, Role.DOCUMENTER, ground, before),
        )
        made = await self.delegate(request, Role.DOCUMENTER, brief, ChangesMade)
        self.account(made.judged)
        return made

    async def _agreed(self, request: RunRequest, what: str, summary: str) -> bool:
        """Ask a person where the run was told to; a phase that is refused is left out."""
        asks = request.judgement.approve
        if asks == "none" or (asks == "plan" and what != "plan"):
            return True
        return (await self.approved(what, summary)).granted

    def _thinking(self, request: RunRequest, role: Role, ground: Ground, before: TestsRan | None) -> Thinking:
        thinking = self.thinking(request, role, ground.opened.skills, before)
        findings = ground.surveyed.workspace if role is Role.MODERNIZER else ""
        return thinking.model_copy(update={"first": ground.work_plan.first, "findings": findings})
