from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.turns.attempt import StepFault
from archaeologist.domain.names import Step
from archaeologist.domain.run import RunRequest, RunScope
from archaeologist.domain.steps import OpenOrder
from archaeologist.pipeline.crew import Crew
from archaeologist.temporal.state import open_state
from support.commandline import CommandLine
from support.plugins import AGENTS, RULE, TOOLS, install
from support.repositories import git, make_repository

if TYPE_CHECKING:
    from pathlib import Path

LOAD = """
from archaeologist.agents.tooling.plugins import load_agents, load_tools
from archaeologist.errors import UsageError

try:
    print(*(f"tool {tool.name}" for tool in load_tools()), sep="\\n")
    print(*(f"agent {agent.name}" for agent in load_agents()), sep="\\n")
except UsageError as error:
    print(f"refused: {error}")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def loaded(site: Path) -> list[str]:
    """Return what a process sees whose Python looks into the folder."""
    line = CommandLine(site / "state", site, {"PYTHONPATH": str(site)})
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOAD], env=line.environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1]


def test_tools_and_agents_of_a_plugin_are_found(site: Path) -> None:
    points = {"archaeologist.tools": "acme_tools:owner_of", "archaeologist.agents": "acme_agents:reviewer"}
    install(site, "acme", points, acme_tools=TOOLS, acme_agents=AGENTS)
    assert loaded(site) == ["tool owner_of", "agent reviewer"]


def test_a_plugin_may_bring_a_list(site: Path) -> None:
    more = f"{TOOLS}\nALL = [owner_of, tool(name='who')(owner_of.function)]\n"
    install(site, "acme", {"archaeologist.tools": "acme_tools:ALL"}, acme_tools=more)
    assert loaded(site)[:2] == ["tool owner_of", "tool who"]


@pytest.mark.parametrize(
    ("source", "value", "why"),
    [
        (TOOLS, "acme_tools:nothing", "AttributeError: module 'acme_tools' has no attribute 'nothing'"),
        (TOOLS, "acme_tools", "module is no tool"),
        (TOOLS, "acme_tools:owner_of.function", "function is no tool"),
        ("ALL = [3]", "acme_tools:ALL", "int is no tool"),
        ("ALL = 'text'", "acme_tools:ALL", "str is no tool"),
        (TOOLS.replace(": str)", ")"), "acme_tools:owner_of", "tool 'owner_of': path: no type hint"),
    ],
)
def test_a_broken_plugin_is_named(source: str, value: str, why: str, site: Path) -> None:
    install(site, "acme", {"archaeologist.tools": value}, acme_tools=source)
    assert loaded(site) == [f"refused: plugin acme 1.0 cannot be used: {why} (archaeologist.tools: mine = {value})"]


def test_two_tools_of_one_name_name_both_plugins(site: Path) -> None:
    install(site, "acme", {"archaeologist.tools": "acme_tools:owner_of"}, acme_tools=TOOLS)
    install(site, "zeta", {"archaeologist.tools": "zeta_tools:owner_of"}, zeta_tools=TOOLS)
    (line,) = loaded(site)
    assert line.startswith("refused: plugin zeta 1.0 cannot be used: acme 1.0 brings a tool named 'owner_of', too")


def test_the_doctor_names_plugins_and_what_is_wrong_with_them(site: Path, tmp_path: Path) -> None:
    archaeologist = CommandLine(tmp_path / "state", tmp_path, {"PYTHONPATH": str(site)})
    assert "  plugins  " not in archaeologist.run("doctor").stdout
    install(site, "acme", {"archaeologist.rules": "acme_rules"}, acme_rules=RULE)
    assert "ok    plugins        acme 1.0\n" in archaeologist.run("doctor").stdout
    install(site, "zeta", {"archaeologist.tools": "zeta_tools"}, zeta_tools=TOOLS)
    done = archaeologist.run("doctor")
    assert "FAIL  plugins        plugin zeta 1.0 cannot be used: module is no tool" in done.stdout
    assert done.code == 3


async def opened(tmp_path: Path) -> list[str]:
    """Return the rules that a child process of the worker would apply."""
    repository = make_repository("inventory", tmp_path / "inventory")
    run = RunScope(
        run_id="r1",
        root=str(repository),
        git_dir=str(repository / ".git"),
        base=git(repository, "rev-parse", "HEAD"),
        branch="modern",
        date="0 +0000",
        author_name="A",
        author_email="a@b.invalid",
    )
    order = OpenOrder(run=run, request=RunRequest(run=run, version="0", target="py38", target_origin="test"))
    state = open_state(tmp_path / "state")
    crew = Crew(state.path, 1, state.worker_log)
    try:
        found: list[str] = json.loads(await crew.do(Step.OPEN, order.model_dump_json()))["rules"]
    finally:
        await crew.close()
    return found


async def test_child_processes_know_the_rules_of_plugins(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "acme", {"archaeologist.rules": "acme_rules"}, acme_rules=RULE)
    monkeypatch.setenv("PYTHONPATH", str(site))
    assert "ACME001" in await opened(tmp_path)


async def test_a_broken_plugin_pauses_a_run_and_kills_no_child(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "acme", {"archaeologist.rules": "acme_rules"}, acme_rules="1 / 0")
    monkeypatch.setenv("PYTHONPATH", str(site))
    with pytest.raises(StepFault) as fault:
        await opened(tmp_path)
    assert fault.value.message.startswith("plugin acme 1.0 cannot be used: ZeroDivisionError: division by zero")
    assert not fault.value.retryable


async def test_child_processes_import_nothing_from_where_the_worker_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    (hostile / "json.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(hostile)
    assert "AR001" in await opened(tmp_path)
