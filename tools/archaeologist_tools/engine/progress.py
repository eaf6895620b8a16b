"""One file on its way through the rounds of a rewrite."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist_tools.engine.candidates import Candidates, adopted_candidates, own_candidates
from archaeologist_tools.engine.guard import Checked
from archaeologist_tools.engine.layers import parted, settled, written
from archaeologist_tools.engine.selection import fitting
from archaeologist_tools.engine.trial import Trial
from archaeologist_tools.engine.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Refusal
    from archaeologist_tools.engine.layers import Layer, Sheet
    from archaeologist_tools.engine.ruff import Diagnostic
    from archaeologist_tools.engine.trial import Outcome
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module


class Progress:
    """The edits put on a file so far, and what was left alone in the last round.

    Args:
        module: the file.
        chosen: the rules, in the order of their layers.
        target: the lowest Python that the result has to run on.
        facts: what is known of the project.
    """

    def __init__(self, module: Module, chosen: Sequence[AnyRule], target: tuple[int, int], facts: ProjectFacts) -> None:
        self.module = module
        self.refusals: list[Refusal] = []
        self._original = module
        self._chosen = chosen
        self._target = target
        self._facts = facts
        self._order = [rule.code for rule in chosen].index
        self._checked: Checked | None = None
        self._sheets: list[Sheet] = []

    def run(self, diagnostics: Sequence[Diagnostic]) -> bool:
        """Let every rule look at the file once, make all edits that fit together; tell whether something changed.

        Args:
            diagnostics: what ruff says of the file as it is.
        """
        checked = self._checked or Checked(self.module)
        view = View(checked.module, self._target, self._facts, checked.index)
        found = self._found(view, diagnostics)
        outcome = self._tried([each.edits for each in found], checked)
        self.refusals = [*(refusal for each in found for refusal in each.refusals), *outcome.refusals]
        self._sheets += parted(outcome.edits, self._order, self.module.encoding)
        self.module = outcome.checked.module
        # Only a file that changed is looked at again; the indexes of all others would fill the memory.
        self._checked = outcome.checked if outcome.edits else None
        return bool(outcome.edits)

    def _found(self, view: View, diagnostics: Sequence[Diagnostic]) -> list[Candidates]:
        told: dict[str, list[Diagnostic]] = {}
        for diagnostic in diagnostics:
            told.setdefault(diagnostic.code, []).append(diagnostic)
        return [
            adopted_candidates(rule, view, told.get(rule.adopts, ())) if rule.adopts else own_candidates(rule, view)
            for rule in self._chosen
            if rule.nodes or rule.adopts in told
        ]

    def _tried(self, found: Sequence[Sequence[Edit]], checked: Checked) -> Outcome:
        """Make all edits that fit together; where one fails, those that it was in the way of get a chance."""
        trial = Trial(self._chosen, checked, self._facts)
        refused: list[Refusal] = []
        while True:
            edits = fitting(found, checked.module)
            outcome = trial.run(edits)
            failed = {edit.id for edit in edits} - {edit.id for edit in outcome.own}
            found = [[edit for edit in each if edit.id not in failed] for each in found]
            refused += outcome.refusals
            if not failed or len(fitting(found, checked.module)) == len(outcome.own):
                return replace(outcome, refusals=tuple(refused))

    @property
    def layers(self) -> list[Layer]:
        """The layers, one a rule wherever one rule's edits need not wait for those of a later one."""
        module = self._original
        return written(settled(self._sheets, self._order), module.data, module.path, module.encoding)


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
