"""The workflow of an agent that is nothing but a conversation: one task in, one answer out."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.conversation import Conversation
    from archaeologist.agents.workflows.purse import Purse
    from archaeologist.agents.workflows.steering import SteeredWorkflow
    from archaeologist.domain.conversation import AgentReply, AgentTask, LoopState
    from archaeologist.domain.names import DURABLE_AGENT


@workflow.defn(name=DURABLE_AGENT)
class DurableAgentWorkflow(SteeredWorkflow):
    """Any agent of `create_durable_agent`; the worker knows which."""

    @workflow.run
    async def run(self, task: AgentTask) -> AgentReply:
        """Return the agent's answer, or why it gave up."""
        self.agent = task.agent
        self.purse = Purse(task.budget, task.spent)
        conversation = Conversation(
            self,
            task.run_id,
            task.state or LoopState(model=task.model, record=task.record, workspace=task.workspace),
            task.history_events,
        )
        if task.state is None:
            await conversation.open(task.brief, kept=task.kept)
        conclusion = await conversation.go_on()
        if conclusion is None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(self._rest(task, conversation.rest()))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return AgentReply(
            # A parent reads the artefact: what is in two histories is in one too many.
            answer="" if workflow.info().parent else conclusion.text,
            artefact=conclusion.answer,
            given_up=conclusion.given_up,
            cut=conclusion.cut,
            turns=conclusion.turns,
            spent=self.purse.spent,
            transcript=conclusion.head,
            workspace=conclusion.workspace,
        )

    def _rest(self, task: AgentTask, state: LoopState) -> AgentTask:
        """Return the task to continue with."""
        return task.model_copy(
            update={
                "budget": self.purse.budget,
                "spent": self.purse.spent,
                "state": state,
            }
        )
