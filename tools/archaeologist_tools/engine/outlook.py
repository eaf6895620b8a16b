"""What a round of edits leaves for the next one to find out.

Edits that keep values change nothing for the rules on other lines than they touch: what a rule that keeps values itself
refused there it would refuse again, and where a rule found nothing it would find nothing. On the lines that they touch,
an excerpt of the file shows whether there is anything to find. A rule of which all is known so is not asked again, and
the file is not read again for it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Span
from archaeologist_tools.engine.candidates import Candidates
from archaeologist_tools.engine.excerpt import Excerpt
from archaeologist_tools.engine.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Refusal
    from archaeologist_tools.engine.sieve import Sieve
    from archaeologist_tools.engine.trial import Outcome
    from archaeologist_tools.source.module import Module

Place: TypeAlias = tuple[str, int, int]
"""The code of a rule, and where it found something: byte offsets."""

# Refusals that rest on how long the lines of a file are, and those that rest on other edits.
_OF_LINES = frozenset({"too-long", "hard-to-read"})
_OF_EDITS = frozenset({"nested-legacy", "check-failed"})


@dataclass(frozen=True)
class Outlook:
    """What the next round need not find out.

    Attributes:
        asked: the codes of the rules that have to be asked; None for all. What ruff finds is looked at in any case.
        kept: what the others would say, by code, as far as that is anything.
        lasting: the refusals of all rules that still hold, by place in the text of the next round.
        reads_tree: a rule that has to be asked looks at the tree of the file.
        is_over: nothing is left to be found out, by ruff neither.
        awake: the rules that the sieve lets through then; None where it was not asked.
    """

    asked: frozenset[str] | None = None
    kept: Mapping[str, Candidates] = field(default_factory=dict)
    lasting: Mapping[Place, Refusal] = field(default_factory=dict)
    reads_tree: bool = True
    is_over: bool = False
    awake: tuple[AnyRule, ...] | None = None


ALL_OPEN = Outlook()
"""Everything is to be found out."""


class _Touched:
    """The lines that edits touch, and where what they do not touch has moved.

    Args:
        edits: edits of one text that do not overlap.
        before: the file without them.
        after: the file with them.
    """

    def __init__(self, edits: Sequence[Edit], before: Module, after: Module) -> None:
        ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
        sizes = [len(edit.after.encode(before.encoding)) for edit in ordered]
        grown = [size - (edit.span.end - edit.span.start) for edit, size in zip(ordered, sizes, strict=True)]
        self._before, self._after = before, after
        self._starts = [edit.span.start for edit in ordered]
        self._shifts = [0, *accumulate(grown)]
        self._lines = {line for edit in ordered for line in _lines(edit.span.start, edit.span.end, before)}
        places = [edit.span.start + shift for edit, shift in zip(ordered, self._shifts, strict=False)]
        # Where lines went, what they stood in may end with the line above.
        self.new_lines = sorted(
            {
                line
                for start, size in zip(places, sizes, strict=True)
                for line in _lines(start if size else max(start - 1, 0), start + size, after)
            }
        )

    def holds(self, span: Span) -> bool:
        """Whether a place before the edits is on one of the lines."""
        return not self._lines.isdisjoint(_lines(span.start, span.end, self._before))

    def moved(self, span: Span) -> Span:
        """Where a place that no edit touches is after them."""
        shift = self._shifts[bisect_right(self._starts, span.start)]
        start, end = span.start + shift, span.end + shift
        return Span(start, end, *self._after.position(start))


def outlook(sieve: Sieve, found: Mapping[str, Candidates], outcome: Outcome, view: View) -> Outlook:
    """Look ahead after a round.

    Args:
        sieve: the rules.
        found: what they found in this round, by code.
        outcome: what became of it; some edits were made.
        view: the file before the edits.
    """
    codes = {edit.rule for edit in outcome.edits}
    makers = [rule for rule in sieve.rules if rule.code in codes]
    if all(rule.only_comments for rule in makers):
        return _Round(found, outcome, view, only_comments=True).outlook(sieve)
    if all(rule.keeps_values for rule in makers):
        return _Round(found, outcome, view, only_comments=False).outlook(sieve)
    return ALL_OPEN


class _Round:
    """A round whose edits keep values.

    Args:
        found: what rules found, by code.
        outcome: what became of it.
        view: the file before the edits.
        only_comments: the edits took out nothing but comments.
    """

    def __init__(self, found: Mapping[str, Candidates], outcome: Outcome, view: View, *, only_comments: bool) -> None:
        self._found = found
        self._outcome = outcome
        self._view = view
        self._only_comments = only_comments
        self._after = outcome.checked.module
        self._touched = _Touched(outcome.edits, view.module, self._after)
        self._made = {edit.id for edit in outcome.edits}

    def outlook(self, sieve: Sieve) -> Outlook:
        """What the next round need not find out."""
        found = [(rule, self._found[rule.code]) for rule in sieve.rules if rule.code in self._found]
        holding = {rule.code: [*self._holding(rule, each)] for rule, each in found}
        lasting = {place: refusal for triples in holding.values() for place, _, refusal in triples}
        asked = {rule.code for rule, each in found if not self._is_done(each, len(holding[rule.code]))}
        awake = sieve.through(self._after)
        silent = [rule for rule in awake if rule.nodes and rule.code not in asked]
        asked |= {rule.code for rule in silent if self._may_find_more(rule)}
        kept = {
            rule.code: Candidates(
                refusals=[replace(lasting[place], span=span) for place, span, _ in holding[rule.code]]
            )
            for rule, _ in found
            if rule.code not in asked
        }
        reads_tree = any(rule.code in asked and not rule.only_comments for rule in sieve.rules)
        is_over = self._only_comments and not asked
        return Outlook(frozenset(asked), kept, lasting, reads_tree=reads_tree, is_over=is_over, awake=awake)

    def _holding(self, rule: AnyRule, found: Candidates) -> Iterator[tuple[Place, Span, Refusal]]:
        """The refusals of a rule that still hold, and where they are after the edits."""
        for refusal in found.refusals:
            if self._is_firm(rule, refusal) and not self._touched.holds(refusal.span):
                span = self._touched.moved(refusal.span)
                yield (rule.code, span.start, span.end), span, refusal

    def _is_firm(self, rule: AnyRule, refusal: Refusal) -> bool:
        """Whether edits on other lines than those of a refusal leave it as it is."""
        if refusal.code in _OF_EDITS or (refusal.code in _OF_LINES and self._limits_changed):
            return False
        return self._only_comments or rule.keeps_values or refusal.code in rule.firm

    @cached_property
    def _limits_changed(self) -> bool:
        after = View(self._after, self._view.target, self._view.facts)
        return (self._view.line_limit, self._view.usual_limit) != (after.line_limit, after.usual_limit)

    def _is_done(self, found: Candidates, holding: int) -> bool:
        """Whether nothing is left of what a rule found but the refusals that still hold."""
        return holding == len(found.refusals) and all(edit.id in self._made for edit in found.edits)

    def _may_find_more(self, rule: AnyRule) -> bool:
        """Whether a rule may find something by itself on the lines that the edits touched."""
        if rule.only_comments or self._only_comments:
            return rule.only_comments
        return self._excerpt is None or self._excerpt.shows(rule)

    @cached_property
    def _excerpt(self) -> Excerpt | None:
        """What the edits touched; None where it cannot be looked at without the rest of the file."""
        changed = self._outcome.checked.changed
        return None if changed is None else Excerpt(self._view, self._after, changed, self._touched.new_lines)


def _lines(start: int, end: int, module: Module) -> range:
    """The numbers of the lines that a place touches."""
    return range(module.position(start)[0], module.position(end)[0] + 1)
