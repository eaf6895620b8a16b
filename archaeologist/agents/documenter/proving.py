"""Examples that the documenter writes are run before they are kept, on the project's code, where its tests run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.agents.steps.observing import observed
from archaeologist.agents.steps.trying import trial_of
from archaeologist.agents.tooling.observations import shortened
from archaeologist.documents import TestOutcomes, load
from archaeologist.errors import TestsUnusable
from archaeologist_tools.checks.examples import ExampleRunner
from archaeologist_tools.checks.interpreter import choose_python
from archaeologist_tools.checks.plan import TestLimits, TestPlan
from archaeologist_tools.documentation.examples import new_examples
from archaeologist_tools.gates.powers import powers_of_examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archaeologist.agents.steps.editing import Desk
    from archaeologist.agents.tooling.context import ToolResult
    from archaeologist_tools.checks.examples import ExamplesRan
    from archaeologist_tools.documentation.examples import Example
    from archaeologist_tools.source.module import Module

LIMITS = TestLimits(seconds=20.0, output_bytes=64 << 10)
"""For all examples of a text, twice."""
SECONDS = 600.0
"""For a tool that runs examples; a checkout of a large repository takes a while."""
UNCONSENTED = "examples are run before they are kept, and nobody agreed to have code of the project run"
_LEAVE_OUT = "not kept, the file is as it was; leave new examples out"
_TOLD = 3
_CHARACTERS = 300


def unproved(desk: Desk, text: str, before: str, module: Module | None = None) -> ToolResult | None:
    """Run the examples that a text brings, and return what the model is told when they are not as it says.

    Args:
        desk: where the files are.
        text: the docstring or the document; its examples parse.
        before: what it takes the place of, whose examples are not the model's.
        module: the file of the docstring; None for a document.

    Returns:
        What is wrong; None when all is well, or there is no new example.

    Raises:
        GitFailed: the files cannot be checked out.
        DiskFull: nothing more can be written.
    """
    new = new_examples(text, before)
    if not new:
        return None
    powers = powers_of_examples([each.source for each in new.values()], module)
    if powers:
        names = ", ".join(f"`{name}`" for name in powers)
        return _refused(f"an example must not use {names}", "not kept, the file is as it was")
    if not desk.workspace.tests.run:
        return _refused(UNCONSENTED, _LEAVE_OUT)
    try:
        plan = _plan(desk)
    except TestsUnusable as error:
        return _refused(str(error), _LEAVE_OUT)
    with trial_of(desk) as trial:
        runner = ExampleRunner(plan, trial.worktree, LIMITS, trial.scratch)
        ran = runner.run(text, module.path if module else "")
    if ran.problem or ran.refused:
        return _refused("\n".join((ran.problem, *dict.fromkeys(ran.refused))).strip(), _LEAVE_OUT)
    wrong = [*_failures(new, ran)]
    return _refused("\n".join(wrong), "not kept, the file is as it was; these examples are not so") if wrong else None


def _plan(desk: Desk) -> TestPlan:
    """Return what runs the project's code: what ran its tests, or its Python where there are none."""
    workspace = desk.workspace
    if workspace.baseline:
        return load(desk.context.artefacts, workspace.baseline, TestOutcomes).plan
    root = Path(workspace.run.root)
    return TestPlan("command", (), choose_python(workspace.tests.python, root), checkout=str(root.resolve()))


def _failures(new: Mapping[int, Example], ran: ExamplesRan) -> Iterator[str]:
    wrong = [(each, ran.got.get(number, "not run")) for number, each in new.items() if number not in ran.passed]
    for example, got in wrong[:_TOLD]:
        yield f"line {example.line}: >>> {shortened(example.source.strip(), _CHARACTERS)}"
        yield f"expected: {shortened(example.want.strip(), _CHARACTERS) or 'nothing'}"
        yield f"got: {shortened(got.strip(), _CHARACTERS) or 'nothing'}"
    if len(wrong) > _TOLD:
        yield f"and {len(wrong) - _TOLD} more"


def _refused(what: str, note: str) -> ToolResult:
    return replace(observed(what, "what came of the examples", note=note), ok=False)
