"""Trying the edits of one rule on one file, and finding those to leave out when they do not pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline, Evidence
from archaeologist_tools.engine.candidates import refuse
from archaeologist_tools.engine.guard import Allowed, Checked, check
from archaeologist_tools.engine.imports import additions, removals
from archaeologist_tools.engine.layers import OverlapError, splice
from archaeologist_tools.engine.proof import same_module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Refusal
    from archaeologist_tools.project.models import ProjectFacts


@dataclass(frozen=True)
class Outcome:
    """What became of a rule's edits.

    Attributes:
        checked: the file with those that passed.
        edits: those that passed, with the edits of imports that go with them.
        refusals: why the others did not.
        own: the rule's own among `edits`.
    """

    checked: Checked
    edits: tuple[Edit, ...]
    refusals: tuple[Refusal, ...]
    own: tuple[Edit, ...] = ()


class Trial:
    """One rule on one file.

    Args:
        rule: the rule.
        before: the file without the edits.
        facts: what is known of the project.
    """

    def __init__(self, rule: AnyRule, before: Checked, facts: ProjectFacts) -> None:
        self._rule = rule
        self._before = before
        self._facts = facts

    def run(self, edits: Sequence[Edit]) -> Outcome:
        """Apply as many of the edits as pass together, halving a set that fails until those to blame stand alone.

        Args:
            edits: edits that do not overlap.
        """
        if not edits:
            return Outcome(self._before, (), ())
        result = self._attempt(edits)
        if isinstance(result, Outcome):
            return result
        if len(edits) == 1:
            return Outcome(self._before, (), (self._refusal(edits[0], result),))
        return self._joined(self.run(edits[: len(edits) // 2]), self.run(edits[len(edits) // 2 :]))

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
        """Apply edits with the imports they need, then take out the imports they orphaned."""
        before, code = self._before, self._rule.code
        whole = [*edits, *additions(code, edits, before.module)]
        result = self._applied(whole)
        if isinstance(result, str):
            return result
        orphaned = removals(code, (before.module, before.index), result.index, self._facts, whole)
        # An edit that replaces an import with what is around it has decided on it already.
        orphaned = [edit for edit in orphaned if not any(_overlap(edit, other) for other in whole)]
        if orphaned:
            without = self._applied([*whole, *orphaned])
            if isinstance(without, Checked):
                result, whole = without, [*whole, *orphaned]
        return Outcome(result, tuple(whole), (), tuple(edits))

    def _applied(self, edits: Sequence[Edit]) -> Checked | str:
        before = self._before
        try:
            data = splice(before.module.data, edits, before.module.encoding)
        except UnicodeEncodeError:
            return f"the new text cannot be written in {before.module.encoding}"
        except OverlapError as error:
            return str(error)
        rule = self._rule
        allowed = Allowed(rule.removes_comments, rule.removes_code, rule.redefines)
        after = check(before, data, edits, allowed)
        if isinstance(after, Checked) and self._rule.adopts and self._rule.evidence is Evidence.IDENTICAL:
            same = before.code is not None and after.code is not None and same_module(before.code, after.code)
            return after if same else "the compiler makes other code of it"
        return after

    def _refusal(self, edit: Edit, problem: str) -> Refusal:
        return refuse(self._rule, edit.path, edit.span, Decline("check-failed", problem))


def _overlap(one: Edit, other: Edit) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end
