"""The orchestrator: plans and delegates, has no tools of its own, verifies the whole and writes the report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.exceptions import ActivityError, ChildWorkflowError, is_cancelled_exception

if TYPE_CHECKING:
    from archaeologist.domain.briefs import ChangesMade
    from archaeologist.domain.judgement import JudgedWork
    from archaeologist.domain.sweeps import Surveyed

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.orchestrator.phases import PhasedWorkflow
    from archaeologist.agents.workflows.purse import Purse
    from archaeologist.domain.facts import ReportFacts
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.run import RunRequest, RunResult, Verdict
    from archaeologist.domain.steps import (
        CleanedUp,
        CleanUp,
        Closed,
        CloseRun,
        Opened,
        OpenOrder,
        RunTests,
        TestLabel,
        TestsRan,
    )


@dataclass(frozen=True)
class Work:
    """What the agents handed back."""

    opened: Opened
    surveyed: Surveyed
    rewritten: ChangesMade
    documented: ChangesMade
    before: TestsRan | None
    after: TestsRan | None
    broken: tuple[str, ...]

    def judged(self) -> dict[str, JudgedWork]:
        """Return what came of each agent's own judgement, by role; of those that have a model."""
        found = {
            Role.ARCHAEOLOGIST: self.surveyed.judged,
            Role.MODERNIZER: self.rewritten.judged,
            Role.DOCUMENTER: self.documented.judged,
        }
        return {role.value: judged for role, judged in found.items() if judged is not None}


def verdict_of(request: RunRequest, work: Work) -> Verdict:
    """Say what verification proved of the branch.

    A branch is good only when tests passed on it; no tests, or none that passed at the base, prove nothing.
    """
    if work.documented.tip == request.run.base:
        return Verdict.UNCHANGED
    if work.broken:
        return Verdict.WORSE
    if work.before is None or work.after is None or work.before.problem:
        return Verdict.UNVERIFIED
    return Verdict.GOOD


@workflow.defn(name=Role.ORCHESTRATOR.value)
class OrchestratorWorkflow(PhasedWorkflow):
    """One run, from the base commit to the finished branch."""

    def __init__(self) -> None:
        super().__init__()
        self._baseline: asyncio.Task[TestsRan | None] | None = None

    @workflow.run
    async def run(self, request: RunRequest) -> RunResult:
        """Return what the run made and whether it is good."""
        self.agent = Role.ORCHESTRATOR
        self.purse = Purse(request.judgement.budget)
        try:
            result = await self._modernize(request)
        except (asyncio.CancelledError, ActivityError, ChildWorkflowError) as error:
            if is_cancelled_exception(error):
                await asyncio.shield(self._give_up(request))
            raise
        await self._clean_up(request)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return result

    async def _modernize(self, request: RunRequest) -> RunResult:
        opened = await self._open(request)
        # The baseline is not needed before the documenter: a long suite runs while the others are at work.
        self._baseline = asyncio.create_task(self._test(request, request.run.base, "base", None))
        ground = await self.survey_and_plan(request, opened)
        # What a model makes is tested item by item, so it waits for the tests of the base.
        judges = bool(request.judgement.model_of(Role.MODERNIZER))
        rewritten = await self.rewrite(request, ground, await self._baseline if judges else None)
        before = await self._baseline
        documented = await self.document(request, ground, rewritten, before)
        after, broken = await self._verify(request, documented.tip, before)
        work = Work(opened, ground.surveyed, rewritten, documented, before, after, broken)
        return await self._synthesize(request, work)

    async def _open(self, request: RunRequest) -> Opened:
        return await self.step(
            Step.OPEN,
            OpenOrder(run=request.run, request=request),
            Opened,
            name="open",
            summary=f"list the files at {request.run.base[:10]}",
            queue=Role.ORCHESTRATOR,
        )

    async def _give_up(self, request: RunRequest) -> None:
        """Tidy up after a cancellation, which may come while the run is paused and the baseline still runs."""
        self._mark("")
        if self._baseline is not None:
            self._baseline.cancel()
            await workflow.wait([self._baseline])
        await self._clean_up(request)

    async def _clean_up(self, request: RunRequest) -> None:
        await self.step(
            Step.CLEAN_UP,
            CleanUp(run=request.run),
            CleanedUp,
            name="clean-up",
            summary="remove private checkouts",
            queue=Role.ORCHESTRATOR,
        )

    async def _test(self, request: RunRequest, commit: str, label: TestLabel, against: str | None) -> TestsRan | None:
        if not request.tests.run:
            return None
        return await self.step(
            Step.RUN_TESTS,
            RunTests(run=request.run, commit=commit, label=label, options=request.tests, against=against),
            TestsRan,
            name=f"tests-{label}",
            summary=f"run the project's tests ({label})",
            queue=Role.ORCHESTRATOR,
            seconds=request.tests.seconds + 300,
        )

    async def _verify(
        self, request: RunRequest, tip: str, before: TestsRan | None
    ) -> tuple[TestsRan | None, tuple[str, ...]]:
        if before is None or before.problem or tip == request.run.base:
            return None, ()
        after = await self._test(request, tip, "branch", before.artefact)
        if after is None or not after.broken:
            return after, ()
        # A test that fails one time in three is not the branch's fault: only what fails twice is.
        again = await self._test(request, tip, "again", before.artefact)
        return after, tuple(test for test in after.broken if again is None or test in again.broken)

    async def _synthesize(self, request: RunRequest, work: Work) -> RunResult:
        verdict = verdict_of(request, work)
        facts = ReportFacts(
            files=work.surveyed.files,
            lines=work.surveyed.lines,
            findings=work.surveyed.findings,
            edits=work.rewritten.edits + work.documented.edits,
            commits=work.rewritten.commits + work.documented.commits,
            left_alone=work.rewritten.left_alone + work.documented.left_alone,
            verdict=verdict,
            broken=work.broken[:20],
        )
        summary = await self.report(request, facts, work.surveyed.told)
        judged = work.judged()
        closed = await self.step(
            Step.CLOSE,
            CloseRun(
                run=request.run,
                request=request,
                opening=work.opened.opening,
                survey=work.surveyed.survey,
                rewritten=work.rewritten.layers,
                documented=work.documented.layers,
                tip=work.documented.tip,
                verdict=verdict,
                summary=summary,
                broken=work.broken,
                baseline=work.before,
                verified=work.after,
                judged=judged,
                models=request.judgement.models,
                findings=work.surveyed.workspace,
                told=work.surveyed.told,
                spent=self.purse.spent,
            ),
            Closed,
            name="close",
            summary="write the report",
            queue=Role.ORCHESTRATOR,
        )
        return RunResult(
            run_id=request.run.run_id,
            branch=request.run.branch,
            base=request.run.base,
            tip=work.documented.tip,
            verdict=verdict,
            summary=summary,
            commits=facts.commits,
            files=closed.files,
            edits=facts.edits,
            left_alone=facts.left_alone,
            broken=work.broken,
            report=closed.report,
            spent=self.purse.spent,
            given_up=sum(len(each.given_up) for each in judged.values()),
        )
