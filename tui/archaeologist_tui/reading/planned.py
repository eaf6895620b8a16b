"""What a run will do, rule by rule: what each rule found in the survey, and who deals with it. Reads artefacts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.briefs import Plan
from archaeologist.domain.names import Role
from archaeologist.wording import counted
from archaeologist_tools.engine.base import Fixer
from archaeologist_tui.reading.plan import answer_of
from archaeologist_tui.reading.rules import rule_fixer
from archaeologist_tui.reading.survey import read_survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.view import RunView


@dataclass(frozen=True)
class PlannedRule:
    """One rule of a plan.

    Attributes:
        code: of the rule.
        files: in which it found something, and how much in each, most first.
    """

    code: str
    files: Sequence[tuple[str, int]] = ()

    @property
    def findings(self) -> int:
        """Places that it found."""
        return sum(count for _, count in self.files)


@dataclass(frozen=True)
class PlannedGroup:
    """Rules with whose findings the same is done.

    Attributes:
        key: the same for the same group at another moment.
        title: what is done, in words.
        rules: the rules, those that found most first.
    """

    key: str
    title: str
    rules: Sequence[PlannedRule]

    @property
    def size(self) -> str:
        """How much it is, in words; nothing where nothing is found."""
        findings = sum(rule.findings for rule in self.rules)
        files = len({path for rule in self.rules for path, _ in rule.files})
        told = f"{counted(findings, 'finding')} in {counted(files, 'file')}"
        return f"{counted(len(self.rules), 'rule')}, {told}" if findings else counted(len(self.rules), "rule")


def planned(view: RunView, store: ArtefactStore) -> list[PlannedGroup]:
    """Return the rules of a plan by what is done with what they find; nothing before there is a plan.

    Raises ArtefactMissing.
    """
    content = answer_of(view, "ask-plan")
    if not content:
        return []
    codes = Plan.model_validate_json(content).rules
    survey = read_survey(view, store)
    if not survey.done:
        title = "what each of them finds is known when the survey is done"
        return [PlannedGroup("planned.all", title, [PlannedRule(code) for code in codes])]
    where: dict[str, Counter[str]] = {}
    for file in survey.files:
        for code, count in file.by_rule.items():
            where.setdefault(code, Counter())[file.file.path] += count
    rules = [PlannedRule(code, where[code].most_common() if code in where else ()) for code in codes]
    return list(_groups(rules, _titles(view)))


def _titles(view: RunView) -> Mapping[Fixer, str]:
    """Return what is done with the findings of rules, by who can rewrite them."""
    models = view.request.judgement.models if view.request else {}
    judged = "need judgement: agents with a model look at it"
    alone = "need judgement, and no model is asked: docstrings of modules are written, the rest is left to people"
    return {
        Fixer.RULE: "are rewritten where a rule can prove that behaviour stays, a commit for each rule",
        Fixer.AGENT: judged if {Role.MODERNIZER, Role.DOCUMENTER} & models.keys() else alone,
        Fixer.PERSON: "are reported and left to people",
    }


def _groups(rules: Iterable[PlannedRule], titles: Mapping[Fixer, str]) -> Iterator[PlannedGroup]:
    ranked = sorted(rules, key=lambda rule: (-rule.findings, rule.code))
    for fixer, title in titles.items():
        its = [rule for rule in ranked if rule.files and rule_fixer(rule.code) is fixer]
        if its:
            yield PlannedGroup(f"planned.{fixer}", title, its)
    nothing = [rule for rule in ranked if not rule.files]
    if nothing:
        yield PlannedGroup("planned.nothing", "find nothing here", nothing)
