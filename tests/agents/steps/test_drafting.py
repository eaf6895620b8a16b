from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.documenter.tools import write_document
from archaeologist.agents.modernizer.tools import rewrite_function
from archaeologist.agents.steps.bench import Bench
from archaeologist.agents.steps.drafting import draft_item
from archaeologist.documents import CodePlace, WorkItem, WorkItems, Workspace, keep, load
from archaeologist.domain.items import DraftItem, ItemDrafted
from archaeologist.domain.judgement import ItemReport
from archaeologist.domain.names import Role
from support.repositories import git
from support.workspaces import Agent, agent_at_work

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "one.py": "def f(x):\n    return '%s!' % x\n",
    "two.py": "def f(x):\n    return '%s!' % x\n\n\ndef g(x):\n    return x\n",
}


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    at = agent_at_work(tmp_path, FILES)
    for path in FILES:
        at.use(rewrite_function, path=path, qualname="f", source="return f'{x}!'")
    return at


def meanwhile(tmp_path: Path, path: str, text: str) -> str:
    """Change a file on the branch, and return the commit."""
    root = tmp_path / "project"
    (root / path).write_text(text)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "Do other work")
    return git(root, "rev-parse", "HEAD")


def drafted(tmp_path: Path, agent: Agent, parent: str) -> ItemDrafted:
    bench = Bench.below(tmp_path)
    item = WorkItem(kind="AR001", places=(CodePlace(path="one.py", qualname="f"),), title="one.py", notes=())
    report = ItemReport(outcome="done", title="Edit", reason="it is the same")
    order = DraftItem(
        run=agent.workspace.run,
        role=Role.MODERNIZER,
        items=keep(bench.artefacts, WorkItems(items=(item,))),
        index=0,
        workspace=agent.context.workspace,
        answer=keep(bench.artefacts, report),
        parent=parent,
        target="py38",
        model="m",
        version="v",
    )
    return draft_item(bench, order)


def test_a_draft_on_the_commit_that_it_was_made_from_leaves_the_workspace_alone(agent: Agent, tmp_path: Path) -> None:
    done = drafted(tmp_path, agent, agent.workspace.commit)
    assert (done.refused, done.workspace, done.edits) == ("", "", 2)


def test_a_draft_lies_on_top_of_what_was_done_meanwhile(agent: Agent, tmp_path: Path) -> None:
    tip = meanwhile(tmp_path, "three.py", "")
    done = drafted(tmp_path, agent, tip)
    assert (done.refused, done.edits) == ("", 2)
    assert git(tmp_path / "project", "rev-parse", f"{done.commit}^") == tip
    assert load(agent.context.artefacts, done.workspace, Workspace).commit == tip


def test_edits_of_a_file_that_changed_meanwhile_are_withdrawn_and_the_others_stay(agent: Agent, tmp_path: Path) -> None:
    tip = meanwhile(tmp_path, "two.py", FILES["two.py"].replace("return x", "return 2 * x"))
    done = drafted(tmp_path, agent, tip)
    assert "these files changed on the branch meanwhile" in done.refused
    assert (done.quoted, done.blameless, done.commit) == ("two.py", True, "")
    after = load(agent.context.artefacts, done.workspace, Workspace)
    assert (after.commit, list(after.changed), [edit.path for edit in after.edits]) == (tip, ["one.py"], ["one.py"])


@pytest.mark.parametrize("before", [{}, {"notes.md": "# Notes\n"}], ids=["new", "there"])
def test_a_document_that_others_wrote_meanwhile_is_not_overwritten(tmp_path: Path, before: dict[str, str]) -> None:
    at = agent_at_work(tmp_path, {**FILES, **before})
    more = {"section": "More"} if before else {"based_on": ""}
    assert at.use(write_document, path="notes.md", text="Of a model.", **more).ok
    done = drafted(tmp_path, at, meanwhile(tmp_path, "notes.md", "Of somebody else.\n"))
    assert (done.quoted, done.blameless) == ("notes.md", True)
    assert not load(at.context.artefacts, done.workspace, Workspace).changed
