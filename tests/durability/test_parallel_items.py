"""Work items side by side: one branch, whoever answers first, is killed, or makes a workflow start anew."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.cli import exits
from archaeologist.domain.briefs import RewriteBrief
from archaeologist.domain.names import Role, agent_id
from archaeologist.domain.run import RunLimits
from archaeologist.pipeline.intake import Intake, find_repository, take_in
from archaeologist.pipeline.runs import start_run
from archaeologist.pipeline.spawn import worker_status
from archaeologist.pipeline.workflows import WORKFLOWS
from archaeologist.settings import load_settings
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.replay import replay_failure
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import open_state
from support.embedded import wait_until
from support.model_server import ModelServer, Reply
from support.repositories import git
from support.team import MODULES, PATIENCE, TOGETHER, Team, make_project, module_of, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from temporalio.client import WorkflowHistory

    from archaeologist.domain.conversation import LoopState
    from support.commandline import CommandLine

EVENTS = 40
"""More than a workflow has that has just started, and fewer than it takes to begin three items."""


@dataclass(frozen=True)
class Worked:
    """A run whose items were worked on at the same time."""

    root: Path
    team: Team
    recording: Path
    bodies: list[dict[str, Any]] = field(repr=False)


OPTIONS = ("--no-tests", "--plain", "--branch", "modern")


@pytest.fixture(scope="module")
def worked(program: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Worked:
    folder = tmp_path_factory.mktemp("worked")
    root = make_project(folder / "project")
    team = Team(program.state, root)
    team.may_end.set()
    with ModelServer(team) as server:
        options = (*OPTIONS, "--record", folder / "recording")
        ended = program.run("modernize", root, *options, ARCHAEOLOGIST_MODEL_MODERNIZER=server.model)
    assert ended.code == exits.DONE, ended.stderr
    assert not server.refused, "every call was answered before anything else was said"
    return Worked(root, team, folder / "recording", server.bodies)


async def histories(program: CommandLine, root: Path) -> list[WorkflowHistory]:
    """Return the histories of a project's modernizer, oldest first."""
    client = await connect(ServerSettings(), open_state(program.state), start=False, plugins=[plugin()])
    name = agent_id(run_of(root), Role.MODERNIZER)
    found = [each async for each in client.list_workflows(f"WorkflowId = '{name}'")]
    found.sort(key=lambda each: each.start_time)
    return [await client.get_workflow_handle(name, run_id=each.run_id).fetch_history() for each in found]


def subjects(root: Path) -> list[str]:
    return [line for line in git(root, "log", "--reverse", "--format=%s", "modern").split("\n") if line[:5] == "Edit "]


def tree(root: Path) -> str:
    return git(root, "rev-parse", "modern^{tree}")


def said(bodies: list[dict[str, Any]]) -> list[str]:
    """Return all questions, as the model read them, in no order; ids of calls are of a server's own making."""
    return sorted({re.sub(r"call_[0-9a-f]+", "call", json.dumps(body["messages"])) for body in bodies})


def test_a_pilot_is_settled_before_others_begin_and_these_are_talked_about_together(worked: Worked) -> None:
    """The server holds the answer about each of three items until it was asked about all of them."""
    assert "Edit a" in worked.team.seen["b"]
    assert "Edit b" not in worked.team.seen["d"]


def test_an_item_begins_when_those_are_settled_whose_modules_it_imports(worked: Worked) -> None:
    assert "Edit d" in worked.team.seen["e"]


def test_commits_are_in_the_order_of_the_items_though_the_last_is_answered_first(worked: Worked) -> None:
    assert subjects(worked.root) == [f"Edit {name}" for name in MODULES]


def test_an_edit_of_a_file_that_another_item_changed_is_withdrawn_and_made_anew(worked: Worked) -> None:
    (again,) = [body for body in worked.bodies if len(body["messages"]) > 2]
    assert module_of(again) == "c"
    assert "these files changed on the branch meanwhile" in again["messages"][-1]["content"]
    assert "shared.py" in again["messages"][-1]["content"]
    shared = git(worked.root, "show", "modern:shared.py")
    assert "return 3 - 2" in shared
    assert "return 3 - 1" in shared


def test_a_kill_and_new_workflows_in_the_middle_change_no_conversation_and_ask_nothing_again(
    program: CommandLine, worked: Worked, tmp_path: Path
) -> None:
    """The worker dies when two of three answers are in the journal; every history is as short as it can be."""
    root = make_project(tmp_path / "project")
    team = Team(program.state, root)
    with ModelServer(team) as server:
        run = asyncio.run(begun(program, root, server.model))
        wait_until(lambda: "b" in team.seen and team.answered("c"), "two of three are answered", 60)
        dead = worker_status(open_state(program.state)).pid
        assert dead
        os.kill(dead, signal.SIGKILL)
        team.may_end.set()
        ended = program.run("resume", run)
    assert ended.code == exits.DONE, ended.stderr
    assert tree(root) == tree(worked.root)
    assert said(server.bodies) == said(worked.bodies)
    assert [asked for asked, times in Counter(asked.key for asked in server.requests).items() if times > 1] == []
    chain = asyncio.run(histories(program, root))
    carried = [talks_of(history) for history in chain]
    assert [2, 3, 4] in [sorted(talks) for talks in carried], "three conversations went on in another workflow"
    assert any(talk is not None and talk.answer for talks in carried for talk in talks.values()), "one had ended"
    assert [asyncio.run(replay_failure(history, WORKFLOWS.values())) for history in chain] == [None] * len(chain)


async def begun(program: CommandLine, root: Path, model: str) -> str:
    """Start a run whose workflows start anew as often as they can, and return its id."""
    client = await connect(ServerSettings(), open_state(program.state), start=False, plugins=[plugin()])
    settings = load_settings({"branch": "modern", "model-modernizer": model}, environment={})
    intake = take_in(find_repository(root, init=False), settings, ())
    request = intake.request.model_copy(update={"limits": RunLimits(history_events=EVENTS)})
    line, _ = await start_run(client, Intake(intake.location, request, intake.workflow_id))
    return line.run_id


def talks_of(history: WorkflowHistory) -> dict[int, LoopState | None]:
    """Return the conversations that a workflow went on with."""
    (payload,) = history.events[0].workflow_execution_started_event_attributes.input.payloads
    return RewriteBrief.model_validate_json(payload.data).thinking.talks


def test_a_recorded_run_gives_the_same_tree_when_all_answers_come_at_once(
    program: CommandLine, worked: Worked, tmp_path: Path
) -> None:
    root = make_project(tmp_path / "project")
    model = f"recorded:{worked.recording}"
    ended = program.run("modernize", root, *OPTIONS, ARCHAEOLOGIST_MODEL_MODERNIZER=model)
    assert ended.code == exits.DONE, ended.stderr
    assert tree(root) == tree(worked.root)


@dataclass
class Readers(Team):
    """Look at something and then think for long; nobody is answered before all items have begun that may begin."""

    def __call__(self, body: dict[str, Any]) -> Reply:
        name = module_of(body)
        if name not in TOGETHER:
            return self.reply(name, body)
        if "tool" in {message["role"] for message in body["messages"]}:
            self.seen[name] = str(body["messages"])
            return Reply.slow(Reply.says("I wonder"), PATIENCE)
        log = self.state / "runs" / run_of(self.root) / "log.jsonl"
        wait_until(lambda: opened(log) >= set(TOGETHER), "all have begun", PATIENCE)
        return Reply.calls(("read", {"path": "shared.py", "first_line": None, "last_line": None}))


def opened(log: Path) -> set[str]:
    """Return the items whose conversations have begun."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ended = [str(line["step"]) for line in lines if line["event"] == "step ended"]
    return {MODULES[int(step.split("-")[1]) - 1] for step in ended if re.fullmatch(r"item-\d+-open", step)}


@pytest.fixture(scope="module")
def asking(program: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Readers, ModelServer]]:
    """A run that has a budget of three answers, and stopped when these were used up."""
    root = make_project(tmp_path_factory.mktemp("asking") / "project")
    team = Readers(program.state, root)
    with ModelServer(team) as server:
        limited = replace(program, variables={"ARCHAEOLOGIST_BUDGET_ANSWERS": "3"})
        stopped = limited.run("modernize", root, *OPTIONS, ARCHAEOLOGIST_MODEL_MODERNIZER=server.model)
        assert stopped.code == exits.STOPPED, stopped.stderr
        yield team, server


def test_answers_on_their_way_do_not_spend_the_same_rest_of_a_budget(asking: tuple[Readers, ModelServer]) -> None:
    """The pilot's answer leaves two, and three items could be asked about together."""
    _, server = asking
    assert len(server.requests) == 3


def test_each_conversation_hears_a_person_once_and_is_taken_back_when_the_run_is_cancelled(
    program: CommandLine, asking: tuple[Readers, ModelServer]
) -> None:
    team, server = asking
    run = run_of(team.root)
    assert program.run("tell", run, "modernizer", "mind the umlauts").code == exits.DONE
    assert program.run("budget", run, "--answers", "100").code == exits.DONE
    wait_until(lambda: set(team.seen) == set(TOGETHER), "all are asked", PATIENCE)
    assert {name: text.count("mind the umlauts") for name, text in team.seen.items()} == dict.fromkeys(TOGETHER, 1)
    assert program.run("cancel", run, "--yes").code == exits.DONE
    wait_until(lambda: server.hang_ups == len(TOGETHER), "nobody waits for an answer any more")
    assert subjects(team.root) == ["Edit a"]
