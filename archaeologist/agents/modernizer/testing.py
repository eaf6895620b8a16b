"""The modernizer's tool that runs the project's tests on its edits, in the same sandbox as a run does."""

from __future__ import annotations

from dataclasses import replace

from archaeologist.agents.steps.editing import desk_of
from archaeologist.agents.steps.observing import observed
from archaeologist.agents.steps.trying import trial_of
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.tools import tool
from archaeologist.documents import TestOutcomes, load
from archaeologist.errors import EditRefused
from archaeologist.wording import first_of
from archaeologist_tools.checks.compare import compare
from archaeologist_tools.checks.plan import TestLimits
from archaeologist_tools.checks.tests import run_tests as run_plan

NAMED = 10
SECONDS = 2_400.0
"""For the tool; the time that one test run may take is the run's own limit."""


@tool(read_only=True, seconds=SECONDS, alone=True)
def run_tests(*, context: ToolContext) -> ToolResult:
    """Run the project's tests on your edits so far, and compare with how they ran before. Slow: run the gates first."""
    desk = desk_of(context)
    workspace = desk.workspace
    if not workspace.baseline:
        raise EditRefused("the project's tests cannot be run here; the gates are all there is")
    if not workspace.changed:
        raise EditRefused("there is no edit yet")
    before = load(context.artefacts, workspace.baseline, TestOutcomes)
    limits = TestLimits(seconds=workspace.tests.seconds)
    with trial_of(desk) as trial:
        ran = run_plan(before.plan, trial.worktree, limits=limits, scratch=trial.scratch)
    comparison = compare(before.ran, ran)
    broken = comparison.lost
    if not comparison.worse:
        return ToolResult(f"no test is worse: {len(ran.outcomes)} ran")
    if not broken:
        return ToolResult(f"the test run as a whole fails now, exit code {ran.exit_code}", ok=False)
    shown = observed("\n".join(first_of(broken, NAMED)), "tests", note="tests that passed before do not now")
    return replace(shown, ok=False)
