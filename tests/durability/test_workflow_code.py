"""Workflow code is replayed: nothing in it may differ from one execution to the next, and its names are for ever."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import archaeologist.agents
from archaeologist.agents.steps.bench import step_functions
from archaeologist.agents.steps.catalog import CATALOG
from archaeologist.domain.names import Role, Step
from archaeologist.pipeline.workflows import WORKFLOWS

AGENTS = Path(archaeologist.agents.__file__).parent
SHARED = (
    "calls",
    "cancelling",
    "conversation",
    "durable",
    "item",
    "judging",
    "loop",
    "purse",
    "settling",
    "steering",
    "sweep",
    "words",
)
ORCHESTRATOR = ("delegation", "opinions", "phases")
REPLAYED = sorted(
    [
        *AGENTS.glob("*/workflow.py"),
        *(AGENTS / "workflows" / f"{name}.py" for name in SHARED),
        *(AGENTS / "orchestrator" / f"{name}.py" for name in ORCHESTRATOR),
    ]
)

ALLOWED = {
    "__future__",
    "asyncio",
    "collections.abc",
    "contextlib",
    "dataclasses",
    "datetime",
    "temporalio",
    "temporalio.common",
    "temporalio.exceptions",
    "typing",
}
OURS = (
    "archaeologist.domain",
    "archaeologist.wording",
    *(f"archaeologist.agents.orchestrator.{name}" for name in ORCHESTRATOR),
    "archaeologist.agents.orchestrator.phases",
    *(f"archaeologist.agents.workflows.{name}" for name in SHARED),
)
FORBIDDEN_CALLS = {
    "asyncio.sleep",
    "asyncio.to_thread",
    "asyncio.wait_for",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "open",
    "print",
    "input",
}


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def violations(source: str) -> list[str]:
    tree = ast.parse(source)
    found = [name for name in imported(tree) if name not in ALLOWED and not name.startswith(OURS)]
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(found) + sorted(call for call in calls if call in FORBIDDEN_CALLS)


@pytest.mark.parametrize("path", REPLAYED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_workflow_modules_use_no_clock_no_random_and_no_io(path: Path) -> None:
    assert violations(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import random", "random"),
        ("import time", "time"),
        ("from pathlib import Path", "pathlib"),
        ("from archaeologist.pipeline import runs", "archaeologist.pipeline"),
        ("import libcst", "libcst"),
        ("from datetime import datetime\nx = datetime.now()", "datetime.now"),
        ("x = open('f')", "open"),
    ],
)
def test_the_check_sees_what_it_forbids(source: str, what: str) -> None:
    assert violations(source) == [what]


def test_there_are_four_workflows_to_check() -> None:
    assert len(REPLAYED) == len(Role) + len(SHARED) + len(ORCHESTRATOR)


def test_names_are_pinned() -> None:
    """A history refers to workflows, steps and queues by these names; changing one breaks every open run."""
    assert {role.value: role.queue for role in WORKFLOWS} == {
        "orchestrator": "archaeologist-orchestrator",
        "archaeologist": "archaeologist-archaeologist",
        "modernizer": "archaeologist-modernizer",
        "documenter": "archaeologist-documenter",
    }
    assert {step.value for step in Step} == {
        "open-run",
        "call-model",
        "survey-batch",
        "gather-survey",
        "plan-sweep",
        "rewrite-batch",
        "gather-layers",
        "commit-layer",
        "plan-documents",
        "document-batch",
        "write-readme",
        "run-tests",
        "close-run",
        "clean-up",
        "brief-agent",
        "choose-items",
        "begin-item",
        "draft-item",
        "commit-item",
        "open-conversation",
        "think",
        "use-tool",
    }


def test_every_step_is_hosted_and_every_step_but_asking_models_has_a_function() -> None:
    assert {kind.step for kind in CATALOG} == set(Step)
    assert set(step_functions()) == set(Step) - {Step.CALL_MODEL, Step.THINK}


def test_the_worker_loads_none_of_the_heavy_libraries() -> None:
    """LibCST, GitPython and openai belong into the child processes: the worker must stay light and beat in time."""
    code = (
        "import sys, archaeologist.pipeline.worker; "
        "print(sorted({'libcst', 'git', 'openai', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
