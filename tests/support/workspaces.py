"""A repository with an agent's workspace on it, and tools that are called as a model calls them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.agents.steps.editing import desk_of
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.artefacts import ArtefactStore
from archaeologist.documents import Workspace, keep, load
from archaeologist.domain.run import RunScope
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archaeologist.agents.tooling.tools import Tool

SNAPSHOT_DATE = "1331737766 +0000"


@dataclass
class Agent:
    """An agent at work: what it does goes on from what it did before.

    Attributes:
        context: of its next call.
    """

    context: ToolContext

    @property
    def workspace(self) -> Workspace:
        """What it works on."""
        return load(self.context.artefacts, self.context.workspace, Workspace)

    def text(self, path: str) -> str:
        """A file as it is by now."""
        return desk_of(self.context).snapshot.text(path)

    def hash_of(self, path: str) -> str:
        """What an edit of a file has to name."""
        return desk_of(self.context).snapshot.oid(path)[:12]

    def use(self, tool: Tool, **arguments: object) -> ToolResult:
        """Call a tool; where it wants to know what a file was like, it is told, unless that is among the arguments."""
        if "based_on" in tool.schema.parameters["properties"] and "based_on" not in arguments:
            arguments["based_on"] = self.hash_of(str(arguments["path"]))
        done = asyncio.run(tool.use(json.dumps(arguments), self.context))
        assert not done.traceback, done.traceback
        if done.workspace is not None:
            self.context = ToolContext(
                self.context.agent, self.context.key, self.context.artefacts, self.context.state, done.workspace
            )
        return done

    def refused(self, tool: Tool, **arguments: object) -> str:
        """Call a tool that must refuse, and give the reason."""
        before = self.context.workspace
        done = self.use(tool, **arguments)
        assert not done.ok, done.content
        assert self.context.workspace == before
        return done.content


def agent_at_work(folder: Path, files: Mapping[str, str | bytes], *, scope: str = "", target: str = "py38") -> Agent:
    """Commit files, and give an agent that works on them."""
    root = folder / "project"
    for path, content in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(root, "init", "--quiet", "-b", "main")
    git(root, "config", "core.autocrlf", "false")
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "-m", "Import")
    commit = git(root, "rev-parse", "HEAD")
    run = RunScope(
        run_id="run",
        root=str(root),
        git_dir=str(root / ".git"),
        scope=scope,
        base=commit,
        branch="modernized",
        date=SNAPSHOT_DATE,
        author_name="Grace",
        author_email="grace@example.com",
    )
    store = ArtefactStore(folder / "artefacts")
    workspace = keep(store, Workspace(run=run, commit=commit, target=target))
    return Agent(ToolContext("modernizer", "key", store, folder, workspace))
