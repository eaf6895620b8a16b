"""Examples that the documenter writes are run, and kept only when they are so, whatever they try."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.agents.documenter.tools import set_docstring, write_document
from archaeologist.agents.modernizer.tools import run_gates
from archaeologist.documents import TestOutcomes, keep
from archaeologist.domain.run import TestOptions
from archaeologist_tools.checks.plan import TestPlan, TestRun
from support.workspaces import Agent, agent_at_work

if TYPE_CHECKING:
    from pathlib import Path

STOCK = '''\
import os

token = "AKIA" + "IOSFODNN7ABCDEFG"


def add(name, count=1):
    return {name: count}


def old(x):
    """Do it.

    >>> print x
    >>> old(1)
    'wrong'
    """
    return x


def names():
    return {"bolt", "nut", "screw", "washer", "rivet", "nail", "pin"}


def write(path):
    with open(path, "w") as stream:
        return stream.write("x")
'''
FILES: dict[str, str | bytes] = {
    "app/__init__.py": "",
    "app/stock.py": STOCK,
    "app/heavy.py": "import not_there\n\n\ndef two():\n    return 2\n",
    "README.md": "# App\n\n## Old\n\n>>> 1 +\n",
}


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return consented(agent_at_work(tmp_path, FILES))


def consented(agent: Agent, *, run: bool = True, baseline: str = "") -> Agent:
    """Set whether the user agreed to have code of the project run."""
    workspace = agent.workspace.model_copy(
        update={"tests": TestOptions(run=run, python=sys.executable), "baseline": baseline}
    )
    object.__setattr__(agent.context, "workspace", keep(agent.context.artefacts, workspace))
    return agent


def say(example: str, qualname: str = "add", **more: Any) -> dict[str, object]:
    return {"path": "app/stock.py", "qualname": qualname, "text": f"Do it.\n\n{example}", **more}


def test_an_example_that_is_so_is_kept(agent: Agent) -> None:
    done = agent.use(set_docstring, **say(">>> add('nut')\n{'nut': 1}\n>>> sorted(names())[0]\n'bolt'"))
    assert done.ok, done.content
    assert "    >>> add('nut')\n    {'nut': 1}\n" in agent.text("app/stock.py")
    assert agent.use(run_gates).content == "all gates pass"
    assert not (agent.context.state / "worktrees" / "run" / "checkout").exists()


def test_an_example_that_is_not_so_comes_back_with_what_it_gives(agent: Agent) -> None:
    told = agent.refused(
        set_docstring, **say(">>> add('nut')\n{'nut': 2}\n>>> add('bolt')\n{'bolt': 1}\n>>> token\n'x'")
    )
    assert "not kept" in told
    assert "line 3: >>> add('nut')\nexpected: {'nut': 2}\ngot: {'nut': 1}\n" in told
    assert "bolt" not in told
    assert "AKIA" not in told
    assert "[REDACTED" in told


def test_what_is_told_is_short(agent: Agent) -> None:
    told = agent.refused(set_docstring, **say("\n".join(f">>> add('x' * 5_000)\n{number}" for number in range(9))))
    assert "and 6 more" in told
    assert len(told) < 2_000


def test_examples_that_were_there_are_not_the_models_to_answer_for(agent: Agent) -> None:
    text = ">>> print x\n>>> old(1)\n'wrong'\n>>> old(2)\n"
    assert agent.use(set_docstring, **say(f"{text}2", "old", replace_existing=True)).ok
    assert "got: 2" in agent.refused(set_docstring, **say(f"{text}3", "old", replace_existing=True))


@pytest.mark.parametrize(
    ("example", "power"),
    [
        ("import os; os.system('touch {here}/x')", "os.system"),
        ("os.system('touch {here}/x')", "os.system"),
        ("__import__('os').system('touch {here}/x')", "__import__"),
        ("open('{here}/x', 'w')", "open"),
        ("add.__globals__['os'].system('touch {here}/x')", "__globals__"),
    ],
)
def test_an_example_with_a_power_is_not_even_run(agent: Agent, tmp_path: Path, example: str, power: str) -> None:
    told = agent.refused(set_docstring, **say(f">>> {example.format(here=tmp_path)}"))
    assert f"an example must not use `{power}`" in told
    assert not (tmp_path / "x").exists()


def test_what_an_example_has_the_project_do_stays_in_the_checkout(agent: Agent, tmp_path: Path) -> None:
    told = agent.refused(set_docstring, **say(f">>> write('{tmp_path}/x')\n1"))
    assert "which is not in the project" in told
    assert "leave new examples out" in told
    assert not (tmp_path / "x").exists()
    assert agent.use(set_docstring, **say(">>> write('x')\n1")).ok


def test_without_consent_no_example_is_run_or_kept(agent: Agent) -> None:
    consented(agent, run=False)
    told = agent.refused(set_docstring, **say(">>> add('nut')\n{'nut': 1}"))
    assert "nobody agreed to have code of the project run" in told
    assert agent.use(set_docstring, **say("No example.")).ok


def test_examples_that_cannot_be_run_are_left_out(agent: Agent) -> None:
    told = agent.refused(set_docstring, **say(">>> two()\n2", "two", path="app/heavy.py"))
    assert "No module named 'not_there'" in told
    assert "leave new examples out" in told
    lost = TestOutcomes(
        plan=TestPlan("pytest", (), "/nonexistent/python"),
        ran=TestRun({"a": "passed"}, 0, 0.1, timed_out=False, log=""),
    )
    consented(agent, baseline=keep(agent.context.artefacts, lost))
    assert "cannot be started" in agent.refused(set_docstring, **say(">>> add('nut')\n{'nut': 1}"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("```python\n>>> from app.stock import add\n>>> add(1)\n{1: 1}\n```\n", ""),
        ("```pycon\n>>> from app.stock import add\n>>> add(1)\n{1: 2}\n```\n", "expected: {1: 2}\ngot: {1: 1}"),
        (">>> add(1)\n{1: 1}\n", "got: NameError: name 'add' is not defined"),
        (">>> from app.stock import os\n>>> os.system('true')\n0\n", "an example must not use `app.stock.os.system`"),
        (">>> 1  # doctest: +SKIP\n2\n", "is skipped where it is run; leave it out"),
    ],
)
def test_examples_of_documents_are_run_as_well(agent: Agent, text: str, reason: str) -> None:
    arguments = {"path": "README.md", "section": "Usage", "text": text}
    if reason:
        assert reason in agent.refused(write_document, **arguments)
    else:
        assert agent.use(write_document, **arguments).ok
