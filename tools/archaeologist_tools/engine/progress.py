"""One file on its way through the rounds of a rewrite."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist_tools.engine.candidates import adopted_candidates, own_candidates
from archaeologist_tools.engine.grafts import graft
from archaeologist_tools.engine.guard import Checked
from archaeologist_tools.engine.layers import parted, settled, written
from archaeologist_tools.engine.outlook import ALL_OPEN, outlook
from archaeologist_tools.engine.selection import fitting
from archaeologist_tools.engine.trial import Trial
from archaeologist_tools.engine.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Refusal
    from archaeologist_tools.engine.candidates import Candidates
    from archaeologist_tools.engine.layers import Layer, Sheet
    from archaeologist_tools.engine.ruff import Diagnostic
    from archaeologist_tools.engine.sieve import Sieve
    from archaeologist_tools.engine.trial import Outcome
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module


class Progress:
    """The edits put on a file so far, and what was left alone in the last round.

    Args:
        module: the file.
        sieve: the rules, in the order of their layers.
        target: the lowest Python that the result has to run on.
        facts: what is known of the project.

    Attributes:
        path: of the file.
        module: the file with all edits so far.
        refusals: what was left alone in the last round.
    """

    def __init__(self, module: Module, sieve: Sieve, target: tuple[int, int], facts: ProjectFacts) -> None:
        self.path = module.path
        self.module = module
        self.refusals: list[Refusal] = []
        self._original = (module.data, module.path, module.encoding)
        self._sieve = sieve
        self._target = target
        self._facts = facts
        self._order = sieve.order.__getitem__
        self._outlook = ALL_OPEN
        self._sheets: list[Sheet] = []

    def run(self, awake: Sequence[AnyRule], diagnostics: Sequence[Diagnostic]) -> bool:
        """Let rules look at the file once, make all edits that fit together; tell whether others may come.

        Args:
            awake: the rules that may find something in the file as it is, in the order of the sieve.
            diagnostics: what ruff says of it.
        """
        view = View(self.module, self._target, self._facts)
        found = self._found(awake, view, diagnostics)
        self.refusals = [refusal for each in found.values() for refusal in each.refusals]
        edits = [each.edits for each in found.values()]
        if not any(edits):
            return False
        outcome = self._tried(edits, Checked(view.module))
        self.refusals += outcome.refusals
        if not outcome.edits:
            return False
        self._sheets += parted(outcome.edits, self._order, view.module.encoding)
        self.module = outcome.checked.module
        self._outlook = outlook(self._sieve, found, outcome, view)
        if outcome.checked.changed and self._outlook.reads_tree and "index" in vars(view.module):
            graft(view.module, self.module, outcome.checked.changed)
        if self._outlook.is_over:
            self.refusals = [refusal for each in self._outlook.kept.values() for refusal in each.refusals]
        return not self._outlook.is_over

    def _found(self, awake: Sequence[AnyRule], view: View, diagnostics: Sequence[Diagnostic]) -> dict[str, Candidates]:
        """What each rule would do, as far as the round before left that open."""
        told: dict[str, list[Diagnostic]] = {}
        for diagnostic in diagnostics:
            told.setdefault(diagnostic.code, []).append(diagnostic)
        found: dict[str, Candidates] = {}
        asked, kept = self._outlook.asked, self._outlook.kept
        awake_now = frozenset(awake)
        for rule in self._sieve.rules if kept else awake:
            if rule.adopts in told:
                found[rule.code] = adopted_candidates(rule, view, told[rule.adopts])
            elif asked is not None and rule.code not in asked:
                found |= {rule.code: kept[rule.code]} if rule.code in kept else {}
            elif rule.nodes and rule in awake_now:
                mine = adopted_candidates(rule, view, ()) if rule.adopts else None
                found[rule.code] = mine or own_candidates(rule, view, self._outlook.lasting)
        return found

    def _tried(self, found: Sequence[Sequence[Edit]], checked: Checked) -> Outcome:
        """Make all edits that fit together; where one fails, those that it was in the way of get a chance."""
        trial = Trial(self._sieve.rules, checked, self._facts)
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
    def awake(self) -> tuple[AnyRule, ...] | None:
        """The rules that may find something in the file as it is; None where that is not known."""
        return self._outlook.awake

    @property
    def layers(self) -> list[Layer]:
        """The layers, one a rule wherever one rule's edits need not wait for those of a later one."""
        return written(settled(self._sheets, self._order), *self._original)


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
