"""What the orchestrator asks a model, or its rules where it has none: the plan, and the report's opening. Replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow

if TYPE_CHECKING:
    from archaeologist.domain.payload import Payload
    from archaeologist.domain.run import RunRequest
    from archaeologist.domain.sweeps import Surveyed

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.orchestrator.delegation import DelegatingWorkflow
    from archaeologist.agents.workflows.conversation import Conversation
    from archaeologist.domain.briefs import Plan
    from archaeologist.domain.conversation import LoopState
    from archaeologist.domain.facts import PlanFacts, ReportFacts, ReportText
    from archaeologist.domain.items import BriefAgent, Briefed
    from archaeologist.domain.judgement import WorkPlan
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.steps import ModelAnswer, ModelOrder, ModelTask, Opened

REPORTER = "orchestrator-report"
"""The orchestrator with another prompt: what it writes at the end has another form than its plan."""

_ENOUGH_EVENTS = 1_000_000
"""A conversation of a plan or a report is a few turns: it never continues as new."""


class OpinionatedWorkflow(DelegatingWorkflow):
    """An agent that plans and reports."""

    async def plan(self, request: RunRequest, opened: Opened) -> Plan:
        """Return which rules are used and what each agent is asked, from rules: the mechanical part has no model."""
        facts = PlanFacts(
            files=opened.files, bytes=opened.bytes, target=request.target, rules=opened.rules, scope=request.run.scope
        )
        answer = await self._ask(request, "plan", facts)
        return Plan.model_validate_json(answer.content)

    async def work_plan(self, request: RunRequest, surveyed: Surveyed, plan: Plan) -> WorkPlan:
        """Return what the model makes of the survey; what rules would say where there is no model or no good answer."""
        by_rules = WorkPlan(
            modernizer=plan.goals.get(Role.MODERNIZER, ""), documenter=plan.goals.get(Role.DOCUMENTER, ""), first=()
        )
        if not request.judgement.model_of(Role.ORCHESTRATOR):
            return by_rules
        begun = await self.step(
            Step.BRIEF_AGENT,
            BriefAgent(
                run=request.run,
                role=Role.ORCHESTRATOR,
                goal="",
                survey=surveyed.survey,
                commit=request.run.base,
                target=request.target,
                findings=surveyed.workspace,
            ),
            Briefed,
            name="plan-begin",
            summary="write the orchestrator's brief",
            queue=Role.ORCHESTRATOR,
        )
        text = await self._say(request, Role.ORCHESTRATOR, "plan", begun.brief, kept=True)
        return WorkPlan.model_validate_json(text) if text else by_rules

    async def report(self, request: RunRequest, facts: ReportFacts, told: str) -> str:
        """Return the report's opening."""
        if request.judgement.model_of(Role.ORCHESTRATOR):
            quoted = f"What the run did:\n{facts.model_dump_json(indent=1)}\n\nWhat the archaeologist says:\n{told}"
            text = await self._say(request, REPORTER, "report", "What there is to report:", quoted=quoted)
            if text:
                return ReportText.model_validate_json(text).summary
        answer = await self._ask(request, "report", facts)
        return ReportText.model_validate_json(answer.content).summary

    async def _say(
        self, request: RunRequest, agent: str, name: str, brief: str, *, kept: bool = False, quoted: str = ""
    ) -> str:
        judgement = request.judgement
        state = LoopState(name=name, model=judgement.model_of(Role.ORCHESTRATOR), record=judgement.record)
        talk = Conversation(self, request.run.run_id, state, _ENOUGH_EVENTS, name=agent)
        await talk.open(brief, kept=kept, quoted=quoted)
        conclusion = await talk.go_on()
        return conclusion.text if conclusion else ""

    async def _ask(self, request: RunRequest, task: ModelTask, facts: Payload) -> ModelAnswer:
        return await self.step(
            Step.CALL_MODEL,
            ModelOrder(
                run=request.run,
                provider="offline",
                role=Role.ORCHESTRATOR,
                task=task,
                facts=facts.model_dump_json(),
            ),
            ModelAnswer,
            name=f"ask-{task}",
            summary=f"write the {task} by rules",
            queue=Role.ORCHESTRATOR,
        )
