"""The provider that needs no model: plans and summaries from rules and templates, the same every time."""

from __future__ import annotations

from typing import assert_never

from archaeologist.domain.briefs import Plan
from archaeologist.domain.facts import PlanFacts, ReportFacts, ReportText
from archaeologist.domain.names import Role
from archaeologist.domain.run import Verdict
from archaeologist.domain.steps import ModelAnswer, ModelOrder
from archaeologist.wording import counted, spoken


class OfflineProvider:
    """Answers from templates; costs nothing and never fails."""

    name = "offline"

    async def answer(self, order: ModelOrder) -> ModelAnswer:
        """Return the answer to one order."""
        match order.task:
            case "plan":
                content = plan(PlanFacts.model_validate_json(order.facts)).model_dump_json()
            case "report":
                content = report(ReportFacts.model_validate_json(order.facts)).model_dump_json()
            case _ as unreachable:
                assert_never(unreachable)
        return ModelAnswer(content=content, provider=self.name)


def plan(facts: PlanFacts) -> Plan:
    """Return the plan that uses every rule that is allowed, in the order of their codes."""
    where = f"`{facts.scope}`" if facts.scope else "the repository"
    files, rules = counted(facts.files, "file"), counted(len(facts.rules), "rule")
    return Plan(
        rules=facts.rules,
        goals={
            Role.ARCHAEOLOGIST: f"report what is outdated in {files} of {where}",
            Role.MODERNIZER: f"rewrite for Python {spoken(facts.target)} what {rules} can prove",
            Role.DOCUMENTER: f"say in {where} what each module is for",
        },
    )


def report(facts: ReportFacts) -> ReportText:
    """Return the two sentences a report opens with."""
    done = (
        f"{counted(facts.edits, 'edit')} in {counted(facts.commits, 'commit')} modernize "
        f"{counted(facts.files, 'file')} ({counted(facts.lines, 'line')}, {counted(facts.findings, 'finding')})"
        if facts.commits
        else f"Nothing to modernize in {counted(facts.files, 'file')} ({counted(facts.lines, 'line')})"
    )
    return ReportText(summary=f"{done}. {_proof(facts)}.")


def _proof(facts: ReportFacts) -> str:
    match facts.verdict:
        case Verdict.GOOD:
            return "Every test that passed before passes on the branch"
        case Verdict.WORSE:
            return f"The branch is not good: {counted(len(facts.broken), 'test')} passed before and fails now"
        case Verdict.UNVERIFIED:
            return "No tests were run, so the branch rests on the rules' own proofs alone"
        case Verdict.UNCHANGED:
            return "No branch was made"
        case _ as unreachable:
            assert_never(unreachable)
