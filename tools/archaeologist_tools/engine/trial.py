"""Trying edits on one file, and finding those to leave out when they do not pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline, Evidence
from archaeologist_tools.engine.candidates import refuse
from archaeologist_tools.engine.guard import Checked, check, make_same_code
from archaeologist_tools.engine.imports import additions
from archaeologist_tools.engine.layers import OverlapError, splice
from archaeologist_tools.engine.orphans import orphans, removals, taken, words_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Refusal
    from archaeologist_tools.project.models import ProjectFacts


@dataclass(frozen=True)
class Outcome:
    """What became of edits.

    Attributes:
        checked: the file with those that passed.
        edits: those that passed, with the edits of imports that go with them.
        refusals: why the others did not.
        own: those that passed, without the edits of imports.
    """

    checked: Checked
    edits: tuple[Edit, ...]
    refusals: tuple[Refusal, ...]
    own: tuple[Edit, ...] = ()


class Trial:
    """Edits of some rules on one file.

    Args:
        rules: the rules, in the order of their layers.
        before: the file without the edits.
        facts: what is known of the project.
    """

    def __init__(self, rules: Sequence[AnyRule], before: Checked, facts: ProjectFacts) -> None:
        self._rules = {rule.code: rule for rule in rules}
        self._order = list(self._rules).index
        self._before = before
        self._facts = facts

    def run(self, edits: Sequence[Edit]) -> Outcome:
        """Apply as many of the edits as pass together.

        Args:
            edits: edits that do not overlap, by rule.
        """
        claims = [edit for edit in edits if self._is_claim(self._rules[edit.rule])]
        proved = {edit.id for edit in self._proved(claims)}
        failed = [edit for edit in claims if edit.id not in proved]
        unproved = {edit.id for edit in failed}
        outcome = self._halved([edit for edit in edits if edit.id not in unproved])
        refusals = [self._refusal(edit, "the compiler makes other code of it") for edit in failed]
        return replace(outcome, refusals=(*refusals, *outcome.refusals))

    def _proved(self, claims: Sequence[Edit]) -> Sequence[Edit]:
        """Of edits that claim to make no other code of the file, those that the compiler agrees to."""
        if not claims or make_same_code(self._before.module, claims):
            return claims
        if len(claims) == 1:
            return ()
        first, second = self._proved(claims[: len(claims) // 2]), self._proved(claims[len(claims) // 2 :])
        both = [*first, *second]
        return both if make_same_code(self._before.module, both) else first

    @staticmethod
    def _is_claim(rule: AnyRule) -> bool:
        return rule.adopts is not None and rule.evidence is Evidence.IDENTICAL

    def _halved(self, edits: Sequence[Edit]) -> Outcome:
        """Apply edits, halving a set that fails until those to blame stand alone."""
        if not edits:
            return Outcome(self._before, (), ())
        result = self._attempt(edits)
        if isinstance(result, Outcome):
            return result
        if len(edits) == 1:
            return Outcome(self._before, (), (self._refusal(edits[0], result),))
        return self._joined(self._halved(edits[: len(edits) // 2]), self._halved(edits[len(edits) // 2 :]))

    def _joined(self, first: Outcome, second: Outcome) -> Outcome:
        refusals = first.refusals + second.refusals
        if not first.edits or not second.edits:
            good = first if first.edits else second
            return replace(good, refusals=refusals)
        together = self._attempt(first.own + second.own)
        if isinstance(together, Outcome):
            return replace(together, refusals=refusals)
        return replace(first, refusals=refusals + tuple(self._refusal(edit, together) for edit in second.own))

    def _attempt(self, edits: Sequence[Edit]) -> Outcome | str:
        """Apply edits with the imports they need, and without those they orphaned."""
        before = self._before.module
        whole = [*edits, *additions(edits, before)]
        taking = [edit for edit in whole if not self._rules[edit.rule].only_comments]
        names, facts = taken(taking, before, self._facts), self._facts
        written = words_after(taking) if names else set[str]()
        gone = orphans(names, written, before, facts)
        result = self._without(gone, edits)
        if not isinstance(result, str) and (more := orphans(names & written, result[0].loaded, before, facts)):
            result = self._without(gone | more, edits)
        if isinstance(result, str):
            return result
        return Outcome(result[0], tuple(result[1]), (), tuple(edits))

    def _without(self, names: set[str], own: Sequence[Edit]) -> tuple[Checked, list[Edit]] | str:
        """Apply edits with the imports they need, and take out the imports of some names, where that passes."""
        edits = [*own, *additions(own, self._before.module, names)]
        gone = removals(names, edits, self._before.module, self._order)
        if gone and isinstance(cleaned := self._applied([*edits, *gone]), Checked):
            return cleaned, [*edits, *gone]
        result = self._applied(edits)
        return (result, edits) if isinstance(result, Checked) else result

    def _applied(self, edits: Sequence[Edit]) -> Checked | str:
        module = self._before.module
        try:
            data = splice(module.data, edits, module.encoding)
        except UnicodeEncodeError:
            return f"the new text cannot be written in {module.encoding}"
        except OverlapError as error:
            return str(error)
        return check(self._before, data, edits, self._rules)

    def _refusal(self, edit: Edit, problem: str) -> Refusal:
        return refuse(self._rules[edit.rule], edit.path, edit.span, Decline("check-failed", problem))
