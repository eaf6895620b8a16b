"""A run of the real steps in one process, without server, worker or tests: its branch, its artefacts and its view."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from archaeologist.agents.modernizer.steps import rewrite_batch
from archaeologist.agents.steps.bench import Bench
from archaeologist.agents.steps.drafting import commit_item, draft_item
from archaeologist.agents.steps.layers import commit_layer, gather_layers
from archaeologist.documents import CodePlace, FileEntry, Sweep, WorkItem, WorkItems, keep
from archaeologist.domain.conversation import Thought
from archaeologist.domain.events import AgentEnded, AgentStarted, DataPlane, RunEvent, StepEnded, StepScheduled
from archaeologist.domain.items import CommitItem, DraftItem, ItemDrafted, ItemsChosen
from archaeologist.domain.judgement import ItemLine, ItemReport
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunRequest, RunState
from archaeologist.domain.sweeps import CommitLayer, GatherLayers, LayersGathered, RewriteBatch
from archaeologist.domain.view import RunView, viewed
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.objects import list_tree, read_blobs
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, read_module
from support.workspaces import Agent, agent_at_work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archaeologist.domain.payload import Payload
    from archaeologist.domain.run import RunScope

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class SmallRun:
    """A run that goes on when a test says so.

    Args:
        folder: where the repository, `project`, and the artefacts are.
        agent: the modernizer at work, on whose tools items are made.
        scope: where the run works.
    """

    folder: Path
    agent: Agent
    scope: RunScope
    events: list[RunEvent] = field(default_factory=list)
    tip: str = ""
    gathered: LayersGathered | None = None

    @classmethod
    def on(cls, folder: Path, files: Mapping[str, str | bytes]) -> SmallRun:
        """Commit files to a new repository, and begin a run on it."""
        agent = agent_at_work(folder, files)
        run = cls(folder, agent, agent.workspace.run)
        run.tip = run.scope.base
        order = run.request.model_dump(mode="json")
        run.events.append(AgentStarted(_BEGIN, Role.ORCHESTRATOR, "run", 0, order, continued=False))
        run.events.append(AgentStarted(_BEGIN, Role.MODERNIZER, "modernizer", 1, {}, continued=False))
        return run

    @property
    def request(self) -> RunRequest:
        """What it was asked for."""
        return RunRequest(run=self.scope, version="0", target="py38", target_origin="the test says so")

    @property
    def data(self) -> DataPlane:
        """Where its artefacts and git objects are."""
        return DataPlane(self.folder / "artefacts", self.folder / "project" / ".git")

    @property
    def bench(self) -> Bench:
        """Where its steps keep things."""
        return Bench.below(self.folder)

    @property
    def view(self) -> RunView:
        """What its history tells."""
        return viewed(self.events)

    def rewrite(self, *rules: str) -> LayersGathered:
        """Apply rules to all files, and sort what they did into layers."""
        git = Git(self.data.git_dir)
        entries = list_tree(git, self.tip)
        blobs = read_blobs(git, (entry.oid for entry in entries))
        modules = [read_module(entry.path, blobs[entry.oid]) for entry in entries]
        facts = merge(file_facts(module) for module in modules if isinstance(module, Module))
        files = tuple(FileEntry(path=entry.path, mode=entry.mode, oid=entry.oid, size=entry.size) for entry in entries)
        sweep = Sweep(files=files, batches=(tuple(range(len(files))),), rules=rules, facts=facts)
        order = RewriteBatch(run=self.scope, sweep=keep(self.bench.artefacts, sweep), batch=0, target="py38")
        batch = self._ended("rewrite-1", Step.REWRITE_BATCH, rewrite_batch(self.bench, order))
        order_layers = GatherLayers(run=self.scope, batches=(batch["artefact"],), phase="rewrite")
        self.gathered = gather_layers(self.bench, order_layers)
        self._ended("gather-layers", Step.GATHER_LAYERS, self.gathered)
        return self.gathered

    def commit(self, *indexes: int) -> None:
        """Commit some layers, or all of them."""
        assert self.gathered is not None
        for index in indexes or range(len(self.gathered.lines)):
            order = CommitLayer(run=self.scope, layers=self.gathered.layers, index=index, parent=self.tip)
            done = self._ended(
                f"commit-{self.gathered.lines[index].step}", Step.COMMIT_LAYER, commit_layer(self.bench, order)
            )
            self.tip = done["commit"]

    def item(self, paths: tuple[str, ...], *, left_alone: str = "") -> ItemDrafted:
        """Make a commit of what the agent's tools did; or have it leave the code alone, for a reason."""
        kept = self._chosen(paths)
        self._ended("item-1-1", Step.THINK, Thought(head=""))
        outcome = "left-alone" if left_alone else "done"
        report = ItemReport(outcome=outcome, title="Edit by hand", reason=left_alone or "it is the same")
        order = DraftItem(
            run=self.scope,
            role=Role.MODERNIZER,
            items=kept,
            index=0,
            workspace=self.agent.context.workspace,
            answer=keep(self.bench.artefacts, report),
            parent=self.tip,
            target="py38",
            model="http://127.0.0.1/v1#clever-1",
            version="v",
        )
        drafted = draft_item(self.bench, order)
        self._ended("item-1-draft-1", Step.DRAFT_ITEM, drafted)
        if drafted.commit:
            commit = CommitItem(run=self.scope, layer=drafted.layer, draft=drafted.commit, parent=self.tip)
            self.tip = self._ended("item-1-commit", Step.COMMIT_ITEM, commit_item(self.bench, commit))["commit"]
        return drafted

    def strikes(self, paths: tuple[str, ...], problem: str) -> None:
        """Have the agent answer badly until its item is given up, and end."""
        self._chosen(paths)
        for turn in range(1, 7):
            self._ended(f"item-1-{turn}", Step.THINK, Thought(head="", problem=problem))
        time = self.events[-1].time
        self.events.append(
            AgentEnded(time, Role.MODERNIZER, "modernizer", len(self.events), state=RunState.DONE, result={})
        )

    def _chosen(self, paths: tuple[str, ...]) -> str:
        """Choose one item; return the artefact id of the items."""
        places = tuple(CodePlace(path=path, qualname="") for path in paths)
        items = WorkItems(items=(WorkItem(kind="AR001", places=places, title="an item", notes=()),))
        kept = keep(self.bench.artefacts, items)
        chosen = ItemsChosen(items=kept, lines=(ItemLine(kind="AR001", title="an item"),), beyond=0)
        self._ended("choose-items", Step.CHOOSE_ITEMS, chosen)
        return kept

    def _ended(self, name: str, kind: Step, result: Payload) -> dict[str, Any]:
        number = len(self.events)
        time = _BEGIN + timedelta(seconds=number)
        told = result.model_dump(mode="json")
        self.events.append(StepScheduled(time, Role.MODERNIZER, "modernizer", number, name, kind, name))
        self.events.append(StepEnded(time, Role.MODERNIZER, "modernizer", number + 1, name, told))
        return told
