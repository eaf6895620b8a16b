"""One file on its way through the rounds of a rewrite."""

from __future__ import annotations

import gc
from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Span
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
    from archaeologist_tools.engine.sieve import Sieve
    from archaeologist_tools.engine.trial import Outcome
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module

# Refusals that rest on how long the lines of a file are, which other edits may change.
_OF_LAYOUT = frozenset({"too-long", "hard-to-read", "nested-legacy", "check-failed"})


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
        self._chosen = sieve.rules
        self._target = target
        self._facts = facts
        self._order = [rule.code for rule in sieve.rules].index
        self._lasting: dict[tuple[str, int, int], Refusal] = {}
        self._sheets: list[Sheet] = []

    def run(self, awake: Sequence[AnyRule], diagnostics: Sequence[Diagnostic]) -> bool:
        """Let rules look at the file once, make all edits that fit together; tell whether others may come.

        Args:
            awake: the rules that may find something in the file as it is.
            diagnostics: what ruff says of it.
        """
        before = self.module
        found = self._found(awake, View(before, self._target, self._facts), diagnostics)
        self.refusals = [refusal for each in found for refusal in each.refusals]
        if not any(each.edits for each in found):
            return False
        outcome = self._tried([each.edits for each in found], Checked(before))
        self.refusals += outcome.refusals
        self._sheets += parted(outcome.edits, self._order, before.encoding)
        self.module = outcome.checked.module
        if len(outcome.edits) == sum(len(each.edits) for each in found) and self._is_settled(outcome.edits, before):
            self.refusals = [_moved(refusal, before, self.module) for refusal in self.refusals]
            return False
        self._lasting = self._still_holding(outcome.edits, before)
        return bool(outcome.edits)

    def _is_settled(self, edits: Sequence[Edit], before: Module) -> bool:
        """Whether another round would find what this one did: nothing but comments above it all went."""
        quiet = [rule for rule in self._chosen if rule.only_comments]
        if any(edit.rule not in {rule.code for rule in quiet} for edit in edits):
            return False
        last = max(before.position(edit.span.end)[0] for edit in edits)
        behind = all(refusal.code not in _OF_LAYOUT and refusal.span.line > last for refusal in self.refusals)
        return behind and not any(rule.only_comments for rule in self._sieve.through(self.module))

    def _still_holding(self, edits: Sequence[Edit], before: Module) -> dict[tuple[str, int, int], Refusal]:
        """The refusals that the next round need not think about again, by rule and place in its text."""
        keeping = {rule.code for rule in self._chosen if rule.keeps_values}
        if any(edit.rule not in keeping for edit in edits):
            return {}
        sizes = [(edit.span.start, edit.span.end, len(edit.after.encode(before.encoding))) for edit in edits]
        touched = {line for start, end, _ in sizes for line in _lines(start, end, before)}
        shifts = [0, *accumulate(size - (end - start) for start, end, size in sorted(sizes))]
        starts = sorted(start for start, _, _ in sizes)
        found = {}
        for refusal in self.refusals:
            start, end = refusal.span.start, refusal.span.end
            if (
                refusal.rule in keeping
                and refusal.code not in _OF_LAYOUT
                and touched.isdisjoint(_lines(start, end, before))
            ):
                shift = shifts[bisect_right(starts, start)]
                found[refusal.rule, start + shift, end + shift] = refusal
        return found

    def _found(self, awake: Sequence[AnyRule], view: View, diagnostics: Sequence[Diagnostic]) -> list[Candidates]:
        told: dict[str, list[Diagnostic]] = {}
        for diagnostic in diagnostics:
            told.setdefault(diagnostic.code, []).append(diagnostic)
        return [
            adopted_candidates(rule, view, told.get(rule.adopts, ()))
            if rule.adopts
            else own_candidates(rule, view, self._lasting)
            for rule in awake
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
        return written(settled(self._sheets, self._order), *self._original)


def _moved(refusal: Refusal, before: Module, after: Module) -> Refusal:
    """A refusal at its place in a file that has become shorter above it."""
    shift = len(after.data) - len(before.data)
    start, end = refusal.span.start + shift, refusal.span.end + shift
    return replace(refusal, span=Span(start, end, *after.position(start)))


def _lines(start: int, end: int, module: Module) -> range:
    """The numbers of the lines that a place touches."""
    return range(module.position(start)[0], module.position(end)[0] + 1)


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
