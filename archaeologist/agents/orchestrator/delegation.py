"""How the orchestrator hands briefs to the other agents: a child workflow each, and a share of the budget. Replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError, is_cancelled_exception

if TYPE_CHECKING:
    from archaeologist.domain.judgement import JudgedWork
    from archaeologist.domain.run import RunRequest
    from archaeologist.domain.steps import TestsRan

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.cancelling import heeding_cancel
    from archaeologist.agents.workflows.loop import TASK_TIMEOUT
    from archaeologist.agents.workflows.steering import SteeredWorkflow
    from archaeologist.domain.briefs import AgentBrief, Thinking
    from archaeologist.domain.names import MEMO_RUN, MEMO_VERSION, Role, agent_id
    from archaeologist.domain.payload import Payload

ResultT = TypeVar("ResultT", bound=Payload)


class DelegatingWorkflow(SteeredWorkflow):
    """An agent that hands briefs to others and waits for what they hand back."""

    async def delegate(self, request: RunRequest, role: Role, brief: AgentBrief, result: type[ResultT]) -> ResultT:
        """Hand a brief to an agent and wait for its result; an agent that fails is started again after a resume."""
        while True:
            await workflow.wait_condition(lambda: not self._paused)
            child = await workflow.start_child_workflow(
                role.value,
                brief,
                id=agent_id(request.run.run_id, role),
                result_type=result,
                task_queue=role.queue,
                task_timeout=TASK_TIMEOUT,
                static_summary=f"{role}: {brief.goal}",
                memo={MEMO_RUN: request.run.run_id, MEMO_VERSION: request.version},
            )
            self.children[role] = child
            try:
                with heeding_cancel():
                    return cast("ResultT", await child)
            except ChildWorkflowError as error:
                if is_cancelled_exception(error):
                    raise
                await self._pause_for(f"the {role} failed: {error.cause or error}")
            finally:
                del self.children[role]

    def thinking(self, request: RunRequest, role: Role, skills: str = "", before: TestsRan | None = None) -> Thinking:
        """Return what an agent is told of its model, with all that is left of the budget; nothing without a model."""
        judgement = request.judgement
        model = judgement.model_of(role)
        if not model:
            return Thinking()
        return Thinking(
            model=model,
            budget=self.purse.share(1),
            before=self.purse.spent,
            approve_items=judgement.approve == "item",
            items=judgement.items,
            parallel=judgement.parallel,
            record=judgement.record,
            skills=skills,
            tests=request.tests,
            baseline=before.artefact if before is not None and not before.problem else "",
        )

    def account(self, judged: JudgedWork | None) -> None:
        """Count what an agent spent."""
        if judged is not None:
            self.purse.spend(judged.spent)
