"""One file on its way through the passes of a rewrite."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.engine.candidates import Candidates, adopted_candidates, own_candidates
from archaeologist_tools.engine.guard import Checked
from archaeologist_tools.engine.layers import Drift, without_overlaps
from archaeologist_tools.engine.trial import Trial
from archaeologist_tools.engine.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Refusal
    from archaeologist_tools.engine.ruff import Diagnostic
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module


@dataclass(frozen=True)
class Layer:
    """The whole file after one rule's edits; spans of the edits are places in the layer before."""

    rule: str
    data: bytes
    edits: tuple[Edit, ...]


class Progress:
    """The layers put on a file so far, and what was left alone in the last pass.

    Args:
        module: the file.
        target: the lowest Python that the result has to run on.
    """

    def __init__(self, module: Module, target: tuple[int, int]) -> None:
        self.module = module
        self.target = target
        self._checked: Checked | None = None
        self.layers: list[Layer] = []
        self.refusals: list[Refusal] = []

    def run(self, chosen: Sequence[AnyRule], facts: ProjectFacts, diagnostics: Sequence[Diagnostic]) -> bool:
        """Run every rule once; tell whether something changed.

        Args:
            chosen: the rules, in the order of their layers.
            facts: what is known of the project.
            diagnostics: what ruff says of the file as it is when the pass begins.
        """
        checked, drift = self._checked or Checked(self.module), Drift()
        view = View(self.module, self.target, facts, checked.index)
        before = len(self.layers)
        self.refusals = []
        for rule in chosen:
            found = _candidates(rule, view, diagnostics, drift)
            outcome = Trial(rule, checked, facts).run(without_overlaps(found.edits))
            self.refusals += [*found.refusals, *outcome.refusals]
            if outcome.edits:
                drift.add(outcome.edits, checked.module.encoding)
                checked = outcome.checked
                view = View(checked.module, self.target, facts, checked.index)
                self.layers.append(Layer(rule.code, checked.module.data, outcome.edits))
        self.module = checked.module
        changed = len(self.layers) > before
        # Only a file that changed is looked at again; the indexes of all others would fill the memory.
        self._checked = checked if changed else None
        return changed


def _candidates(rule: AnyRule, view: View, diagnostics: Sequence[Diagnostic], drift: Drift) -> Candidates:
    if not rule.adopts:
        return own_candidates(rule, view)
    own = [diagnostic for diagnostic in diagnostics if diagnostic.code == rule.adopts]
    return adopted_candidates(rule, view, own, drift)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector: syntax trees hold no cycles, and looking for some doubles the time to parse."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
