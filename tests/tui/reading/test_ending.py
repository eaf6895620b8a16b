from __future__ import annotations

from dataclasses import replace

import pytest

from archaeologist.domain.events import StepEnded
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist_tui.reading.ending import ending_of
from support.pictures import made_worse, picture_of, recorded_events


async def test_a_failed_run_says_why_what_helps_and_what_is_kept_and_can_go_on() -> None:
    view = (await picture_of("interrupted")).view
    failed = replace(view, state=RunState.FAILED, message="no room left to write (hint: free some space)")
    ending = ending_of(failed)
    assert ending is not None
    assert ending.what == "the run failed: no room left to write"
    assert ending.details == ("hint: free some space", "what is done is kept: 66 edits made, 0 committed, 0 commits")
    assert (ending.goes_on, ending.failed) == (True, True)
    ending = ending_of(replace(failed, message=""))
    assert ending is not None
    assert ending.what == "the run failed"
    assert ending.details == ("what is done is kept: 66 edits made, 0 committed, 0 commits",)


async def test_a_run_that_was_given_up_is_no_failure_and_can_go_on() -> None:
    view = replace((await picture_of("interrupted")).view, state=RunState.CANCELLED)
    ending = ending_of(view)
    assert ending is not None
    assert (ending.what, ending.goes_on, ending.failed) == ("the run was given up", True, False)
    assert ending.details == ("what is done is kept: 66 edits made, 0 committed, 0 commits",)


@pytest.mark.parametrize(
    ("step", "kept"),
    [("rewrite-AR035", "120 edits made, 3 committed, 2 commits"), ("rewrite-AR034", "120 edits, 14 commits")],
)
async def test_edits_that_are_not_committed_are_not_said_to_be(step: str, kept: str) -> None:
    picture = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == f"commit-{step}")
    ending = ending_of(replace(picture.view, state=RunState.CANCELLED))
    assert ending is not None
    assert ending.details == (f"what is done is kept: {kept}",)


async def test_a_branch_that_is_not_good_names_the_tests_and_cannot_go_on() -> None:
    view = viewed(made_worse(await recorded_events("finished")))
    assert view.result is not None
    ending = ending_of(view)
    assert ending is not None
    assert ending.what == "the branch is NOT GOOD: 1 test that passed before fails"
    assert not ending.goes_on
    again = replace(view, tests={**view.tests, "tests-again": {"broken": ["test_a", "test_b"]}})
    ending = ending_of(again)
    assert ending is not None
    assert ending.what.endswith("2 tests that passed before fail")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("abc", "3 tests that passed before fail: a, b, c"),
        ("abcde", "5 tests that passed before fail: a, b, c and 2 more"),
    ],
)
async def test_a_few_of_the_tests_that_fail_are_named(broken: str, told: str) -> None:
    view = viewed(made_worse(await recorded_events("finished")))
    assert view.result is not None
    named = replace(view, result=view.result.model_copy(update={"broken": tuple(broken)}))
    ending = ending_of(named)
    assert ending is not None
    assert ending.what == f"the branch is NOT GOOD: {told}"


async def test_nothing_is_said_of_a_run_that_ended_well_or_goes_on() -> None:
    assert ending_of((await picture_of("finished")).view) is None
    assert ending_of((await picture_of("interrupted")).view) is None
