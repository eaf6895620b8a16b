from __future__ import annotations

import pytest

from archaeologist.domain.facts import PlanFacts, ReportFacts
from archaeologist.domain.names import Role
from archaeologist.domain.run import Verdict
from archaeologist.errors import UsageError
from archaeologist.models.offline import plan, report
from archaeologist.models.provider import provider_of

FACTS = ReportFacts(files=2, lines=1200, findings=3, edits=1, commits=1, left_alone=0, verdict=Verdict.GOOD, broken=())


def test_the_plan_uses_the_rules_that_are_allowed_and_briefs_every_agent() -> None:
    made = plan(PlanFacts(files=1, bytes=9, scope="app", target="py311", rules=("AR001", "AR020")))
    assert made.rules == ("AR001", "AR020")
    assert set(made.goals) == set(Role) - {Role.ORCHESTRATOR}
    assert "1 file of `app`" in made.goals[Role.ARCHAEOLOGIST]
    assert "Python 3.11" in made.goals[Role.MODERNIZER]


def test_the_report_is_two_true_sentences() -> None:
    assert report(FACTS).summary == (
        "1 edit in 1 commit modernize 2 files (1,200 lines, 3 findings). "
        "Every test that passed before passes on the branch."
    )


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.WORSE, "not good: 2 tests"),
        (Verdict.UNVERIFIED, "rests on the rules' own proofs alone"),
        (Verdict.UNCHANGED, "No branch was made"),
    ],
)
def test_the_report_does_not_call_good_what_is_not(verdict: Verdict, words: str) -> None:
    facts = FACTS.model_copy(update={"verdict": verdict, "broken": ("a", "b"), "commits": 0})
    assert words in report(facts).summary


def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(UsageError, match="clever"):
        provider_of("clever")
