"""A run that was done and left a branch on which tests fail that passed before looks like what it is."""

from __future__ import annotations

from dataclasses import replace

from archaeologist.domain.names import Phase, Role
from archaeologist.domain.view import viewed
from archaeologist_tui.reading.log import LogBook
from archaeologist_tui.reading.marks import run_mark, run_word
from archaeologist_tui.reading.phases import mark_of
from archaeologist_tui.reading.runs import outcome_of
from archaeologist_tui.reading.work import WorkBook
from support.pictures import made_worse, picture_of, recorded_events


async def test_a_branch_that_is_not_good_is_no_success_anywhere() -> None:
    events = made_worse(await recorded_events("finished"))
    view = viewed(events)
    assert (run_mark(view), run_word(view)) == ("FAIL", "NOT GOOD")
    assert {phase: mark_of(view, phase) for phase in (Phase.DOCUMENT, Phase.VERIFY, Phase.SYNTHESIZE)} == {
        Phase.DOCUMENT: "ok",
        Phase.VERIFY: "FAIL",
        Phase.SYNTHESIZE: "ok",
    }
    assert outcome_of(view).is_worse
    failed = [row for row in LogBook().take(events, view).new if row.line.state == "FAIL"]
    assert [row.line.step for row in failed] == ["tests-branch"]
    assert failed[0].text.endswith("1 test that passed before fails")
    picture = replace(await picture_of("finished"), view=view)
    lines = [line for line in WorkBook().lines(picture) if line.mark == "FAIL"]
    assert [(line.agent, line.depth, line.detail) for line in lines] == [
        (Role.ORCHESTRATOR, 0, "the branch is NOT GOOD"),
        (Role.ORCHESTRATOR, 1, "1 test that passed before fails"),
    ]


async def test_tests_that_failed_once_and_passed_the_second_time_are_not_held_against_a_branch() -> None:
    view = viewed(made_worse(await recorded_events("finished"), again=False))
    assert (run_mark(view), run_word(view), mark_of(view, Phase.VERIFY)) == ("ok", "DONE", "ok")
    assert not outcome_of(view).is_worse


async def test_what_tests_say_counts_before_the_run_has_ended() -> None:
    events = made_worse(await recorded_events("finished"))
    view = viewed(events[:-1])
    assert view.state.is_open
    assert view.is_worse
    assert run_mark(view) == "run"
