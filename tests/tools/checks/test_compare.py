from __future__ import annotations

from dataclasses import replace

import pytest

from archaeologist_tools.checks.compare import compare
from archaeologist_tools.checks.plan import TestRun
from archaeologist_tools.errors import TestsUnusable

BEFORE = TestRun({"a": "passed", "b": "failed", "c": "passed", "s": "skipped"}, 1, 1.0, timed_out=False, log="")


def after(**outcomes: str) -> TestRun:
    return replace(BEFORE, outcomes={**BEFORE.outcomes, **outcomes})


def test_the_same_is_not_worse() -> None:
    same = compare(BEFORE, after())
    assert (same.broken, same.missing, same.fixed, same.new, same.worse) == ((), (), (), (), False)


@pytest.mark.parametrize("outcome", ["failed", "error", "skipped", "xfailed"])
def test_a_test_that_no_longer_passes_is_broken(outcome: str) -> None:
    worse = compare(BEFORE, after(a=outcome))
    assert worse.broken == ("a",)
    assert worse.worse


def test_a_test_that_no_longer_runs_is_missing() -> None:
    outcomes = {name: outcome for name, outcome in BEFORE.outcomes.items() if name != "c"}
    worse = compare(BEFORE, replace(BEFORE, outcomes=outcomes))
    assert (worse.broken, worse.missing, worse.worse) == ((), ("c",), True)


def test_fixed_and_new_tests_are_no_harm() -> None:
    better = compare(BEFORE, after(b="passed", d="passed", e="failed"))
    assert (better.fixed, better.new, better.worse) == (("b",), ("d", "e"), False)


def test_a_failing_test_that_is_gone_is_no_harm() -> None:
    outcomes = {name: outcome for name, outcome in BEFORE.outcomes.items() if name != "b"}
    assert not compare(BEFORE, replace(BEFORE, outcomes=outcomes)).worse


def test_the_run_as_a_whole_can_be_worse() -> None:
    green = replace(BEFORE, exit_code=0)
    assert compare(green, replace(green, exit_code=1)).worse
    assert compare(BEFORE, replace(BEFORE, timed_out=True)).worse
    counted = replace(BEFORE, outcomes={"command": "passed"}, exit_code=0, counted=12)
    assert compare(counted, replace(counted, counted=11)).worse
    assert compare(counted, replace(counted, counted=None)).worse
    assert not compare(counted, replace(counted, counted=13)).worse


@pytest.mark.parametrize(
    "nothing",
    [
        replace(BEFORE, outcomes={}),
        replace(BEFORE, outcomes={"a": "skipped"}),
        replace(BEFORE, outcomes={"a": "error"}),
        replace(BEFORE, outcomes={"command": "passed"}, counted=0),
        replace(BEFORE, timed_out=True),
    ],
)
def test_nothing_can_be_measured_against_nothing(nothing: TestRun) -> None:
    with pytest.raises(TestsUnusable):
        compare(nothing, nothing)
