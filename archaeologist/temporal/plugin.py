"""The one plugin that clients, workers and the replayer share: converter, sandbox and failure types."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import NondeterminismError

PASSED_THROUGH = ("archaeologist", "archaeologist_tools", "pydantic", "pydantic_core", "annotated_types")
"""Modules that the workflow sandbox does not load again: pure models, or held free of effects by tests."""


def plugin(*, replaying: bool = False) -> SimplePlugin:
    """Return the plugin.

    Args:
        replaying: for the replayer, which reports a changed workflow by itself; in a worker one fails its run loudly
            instead of leaving it hanging in Running.
    """
    runner = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
    return SimplePlugin(
        "code-archaeologist",
        data_converter=pydantic_data_converter,
        workflow_runner=runner,
        workflow_failure_exception_types=[] if replaying else [NondeterminismError],
    )
