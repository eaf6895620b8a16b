"""The line at the top: what matters is left out last, and only as far as there is no room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.content import Content

from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.events import BudgetRaised, StepEnded
from archaeologist.domain.run import RunState
from archaeologist.domain.view import advance, viewed
from archaeologist_tui.widgets.headline import Headline, Part, fitted
from support.pictures import made_worse, picture_of, recorded_events


def line(picture: object, width: int) -> str:
    return Headline().line(picture, width).plain  # type: ignore[arg-type]  # a picture


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (21, "one   second   third!"),
        (19, "one  second  third!"),
        (18, "one  2  third!"),
        (9, "one  2  3"),
        (8, "1  2  3"),
        (6, "one  3"),
        (3, "one"),
    ],
)
def test_parts_are_shortened_and_left_out_one_by_one_by_their_rank(width: int, told: str) -> None:
    first = Part(0, [Content("one"), Content("1")])
    second = Part(2, [Content("second"), Content("2")])
    third = Part(1, [Content("third!"), Content("3")])
    assert fitted([first, second, third], width).plain == told


async def test_id_edits_money_and_tests_stay_longer_than_the_time_since_the_last_event() -> None:
    picture = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == "commit-rewrite-AR021")
    picture = replace(picture, now=picture.now + timedelta(seconds=22))
    assert picture.view.request is not None
    wide = line(picture, 200)
    assert "22 s ago" in wide
    for width in range(40, len(wide)):
        shown = line(picture, width)
        assert len(shown) <= width
        for part in (picture.run.run_id, f"{picture.view.edits} edits", " tok"):
            assert part in shown or "ago" not in shown, shown
    shown = line(picture, 58)
    assert picture.run.run_id in shown
    assert " edits" in shown
    assert " tok" in shown


async def test_name_state_and_time_stay_longest_and_a_long_name_is_cut() -> None:
    picture = await picture_of("finished")
    named = replace(picture, run=replace(picture.run, repository="/srv/a-rather-long-name\x1b"))
    assert line(named, 200).startswith("a-rather-long-name\\x1b   run ")
    assert line(named, 34).split("  ") == ["a-rather-long-…", "✓ DONE", "00:06"]
    assert line(named, 15) == "✓ DONE  00:06"
    assert " ago" not in line(named, 200), "it has ended"


async def test_time_is_counted_from_the_first_to_the_last_event() -> None:
    picture, hour = await picture_of("finished"), timedelta(hours=1)
    run = replace(picture.run, started=picture.run.started - hour, ended=picture.now + hour)
    assert "✓ DONE   00:06" in line(replace(picture, run=run, now=picture.now + 2 * hour), 200)


async def test_the_edits_of_a_run_that_ended_unfinished_are_those_that_are_committed() -> None:
    picture = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == "commit-rewrite-AR035")
    for state, told in {RunState.RUNNING: 120, RunState.FAILED: 3, RunState.CANCELLED: 3}.items():
        assert f"{told} edits   2 commits" in line(replace(picture, view=replace(picture.view, state=state)), 200)


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ({}, ""),
        ({"tests-base": {}}, "tests before: 9 passed"),
        ({"tests-base": {}, "tests-branch": {"failed": 2}}, "tests on the branch: 9 passed, 2 failed"),
        ({"tests-branch": {"failed": 2}, "tests-again": {}}, "tests on the branch: 9 passed   "),
        ({"tests-base": {"problem": "none found"}}, "tests unusable"),
    ],
)
async def test_how_tests_went_the_last_time_is_told(tests: dict[str, dict[str, object]], told: str) -> None:
    ran = {"problem": "", "passed": 9, "failed": 0, "worse": False}
    picture = await picture_of("finished")
    view = replace(picture.view, tests={name: {**ran, **each} for name, each in tests.items()})
    shown = f"{line(replace(picture, view=view), 200)}   "
    assert told in shown
    assert ("tests" in shown) is bool(told)


async def test_tests_that_are_worse_are_told_in_the_narrowest_line() -> None:
    view = viewed(made_worse(await recorded_events("finished")))
    picture = replace(await picture_of("finished"), view=view)
    assert "1 failed" in line(picture, 45)


async def test_a_limit_that_a_person_raised_is_shown() -> None:
    picture = await picture_of("judged")
    raised = BudgetRaised(picture.now, "orchestrator", "orchestrator", 9_999, Budget(usd=0.5))
    view = replace(advance(picture.view, [raised]), spent=Spent(turns=1, usd=0.07))
    assert "$0.07 of $0.50" in line(replace(picture, view=view), 200)


async def test_money_is_told_from_the_beginning_and_left_out_where_no_price_is_known() -> None:
    picture = await picture_of("judged")
    assert picture.view.request is not None
    judgement = picture.view.request.judgement.model_copy(update={"budget": Budget(tokens=2_000_000, usd=0.25)})
    view = replace(picture.view, request=picture.view.request.model_copy(update={"judgement": judgement}))
    spent = {
        Spent(): "0 of 2M tokens   $0.00 of $0.25",
        Spent(turns=2, unpriced=1, usd=0.07): "0 of 2M tokens   $0.07 of $0.25",
        Spent(turns=2, unpriced=2, input_tokens=12_000): "12k of 2M tokens",
    }
    for each, told in spent.items():
        shown = line(replace(picture, view=replace(view, spent=each)), 200)
        assert told in shown
        assert ("$" in shown) is ("$" in told)
