"""Where the edits of a commit are told: in the artefacts of the run, or in the ledger that the branch carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist.documents import LayerOfRule, Layers, load
from archaeologist.domain.items import ItemDrafted
from archaeologist.domain.names import Step
from archaeologist.domain.sweeps import Committed, LayersGathered
from archaeologist.reporting.ledger import Ledger, read_ledger
from archaeologist_tools.errors import ArchaeologistError
from archaeologist_tools.git.notes import LEDGER, read_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.view import RunView
    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.git.command import Git

GONE = "the evidence of this commit is gone: the state directory was cleaned, and the branch carries no ledger"
UNKNOWN = "the record of the run does not tell what made this commit"
UNREADABLE = (ArchaeologistError, OSError, ValueError)
"""What reading may raise that somebody has cleaned, or spoiled."""
_COMMIT = "commit-"


@dataclass
class EvidenceReader:
    """Reads the edits of commits.

    Args:
        git: the repository.
        store: the artefacts.
        view: what the run's histories tell.
        tip: the commit that may carry the ledger.
    """

    git: Git
    store: ArtefactStore
    view: RunView
    tip: str
    _ledger: Ledger | None = field(default=None, repr=False)
    _layers: dict[str, str] | None = field(default=None, repr=False)

    def edits(self, commit: str) -> tuple[tuple[Edit, ...], str]:
        """Give the edits of a commit in the order in which they were made, or none and why."""
        layer = self._layer_of(commit)
        if layer:
            try:
                changes = load(self.store, layer, LayerOfRule).changes
            except UNREADABLE:
                pass
            else:
                return tuple(edit for change in changes for edit in change.edits), ""
        if edits := self.ledger.edits.get(commit):
            return edits, ""
        return (), GONE if layer or commit in self.view.commits else UNKNOWN

    @property
    def ledger(self) -> Ledger:
        """The ledger of the branch; an empty one when it carries none, or one that cannot be read."""
        if self._ledger is None:
            self._ledger = self._read_ledger()
        return self._ledger

    def _read_ledger(self) -> Ledger:
        try:
            note = read_note(self.git, self.tip, LEDGER)
            return read_ledger(note) if note else Ledger()
        except UNREADABLE:
            return Ledger()

    def _layer_of(self, commit: str) -> str:
        if self._layers is None:
            self._layers = dict(self._named())
        return self._layers.get(commit, "")

    def _named(self) -> Iterator[tuple[str, str]]:
        """Yield the artefact of the layer that became each commit."""
        sweeps = self._sweeps()
        for step in self.view.steps.values():
            if step.kind == Step.DRAFT_ITEM and step.result:
                drafted = ItemDrafted.model_validate(step.result)
                yield drafted.commit, drafted.layer
            elif step.kind == Step.COMMIT_LAYER and step.result:
                layer = sweeps.get((step.agent, step.name.removeprefix(_COMMIT)), "")
                yield Committed.model_validate(step.result).commit, layer

    def _sweeps(self) -> dict[tuple[str, str], str]:
        """Give the artefacts of the layers of rules, by agent and the name of the layer's step."""
        found: dict[tuple[str, str], str] = {}
        for step in self.view.steps.values():
            if step.kind != Step.GATHER_LAYERS or not step.result:
                continue
            gathered = LayersGathered.model_validate(step.result)
            try:
                layers = load(self.store, gathered.layers, Layers).layers
            except UNREADABLE:
                continue
            found |= {(step.agent, line.step): layer for line, layer in zip(gathered.lines, layers, strict=False)}
        return found
