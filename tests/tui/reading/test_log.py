from __future__ import annotations

from datetime import timedelta

from archaeologist.domain.budget import Budget
from archaeologist.domain.events import (
    BudgetRaised,
    Decided,
    ResumeAsked,
    RunEvent,
    RunPaused,
    RunResumed,
    StepFailed,
    StepScheduled,
    StepStarted,
)
from archaeologist.domain.names import PAUSE_ASKED, Role, Step
from archaeologist.domain.view import RunView, viewed
from archaeologist_tui.reading.log import LogBook, LogRow, details
from support.panes import NOON, RECORDED, recorded, step


def call(number: int, name: str, *, ok: bool = True) -> list[RunEvent]:
    return step(number, name, Step.USE_TOOL, summary=f"modernizer: {name}(...)", result={"ok": ok})


def rows_of(events: list[RunEvent]) -> list[LogRow]:
    taken = LogBook().take(events, viewed(events))
    return [*taken.new]


def test_the_tool_calls_of_a_turn_are_one_row_even_with_others_in_between() -> None:
    events = [
        *call(1, "item-1-1-1-read"),
        *call(2, "item-2-1-1-read"),
        *call(3, "item-1-1-2-read"),
        *call(4, "item-1-1-3-rewrite_function", ok=False),
        *call(5, "item-1-2-1-read"),
    ]
    rows = rows_of(events)
    assert [row.text for row in rows] == [
        "3 tool calls: read 2 times, rewrite_function; 1 refused",
        "item-2-1-1-read(...)",
        "item-1-2-1-read(...)",
    ]
    assert [call.line.step for call in rows[0].calls] == [
        "item-1-1-1-read",
        "item-1-1-2-read",
        "item-1-1-3-rewrite_function",
    ]
    assert rows[0].failed
    assert not rows[1].failed


def test_a_row_that_grows_later_is_told_apart_from_new_ones() -> None:
    events = [*call(1, "item-1-1-1-read"), *call(2, "item-1-1-2-read")]
    book, view = LogBook(), viewed(events)
    first, second = book.take(events[:3], view), book.take(events[3:], view)
    assert ([row.number for row in first.new], first.grown) == ([0], ())
    assert (second.new, [(row.number, len(row.calls)) for row in second.grown]) == ((), [(0, 2)])


def test_a_pause_that_a_person_asks_for_is_told_once_and_not_after_its_end() -> None:
    agent, orchestrator = (Role.MODERNIZER, "second"), (Role.ORCHESTRATOR, "first")
    events = [
        RunPaused(NOON, *agent, 5, reason=PAUSE_ASKED),
        RunPaused(NOON, *orchestrator, 9, reason=PAUSE_ASKED),
        ResumeAsked(NOON, *orchestrator, 11),
        RunResumed(NOON, *orchestrator, 12),
        RunPaused(NOON, *agent, 7, reason=PAUSE_ASKED),
        RunResumed(NOON, *agent, 9),
    ]
    taken = LogBook().take(events, RunView())
    assert [row.text for row in taken.new] == [f"paused: {PAUSE_ASKED}", "resumed"]


def test_a_pause_that_orchestrator_and_agent_tell_is_one_row_also_when_it_is_long_over() -> None:
    agent, orchestrator = (Role.MODERNIZER, "second"), (Role.ORCHESTRATOR, "first")
    events = [
        RunPaused(NOON, *agent, 5, reason="disk full"),
        RunPaused(NOON, *orchestrator, 9, reason="disk full"),
        ResumeAsked(NOON, *orchestrator, 11),
        RunResumed(NOON, *agent, 7),
        RunResumed(NOON, *orchestrator, 12),
        RunPaused(NOON, *agent, 9, reason="disk full"),
    ]
    taken = LogBook().take(events, RunView())
    assert [row.text for row in taken.new] == ["paused: disk full", "resumed", "paused: disk full"]


def test_a_decision_of_a_person_is_told_with_what_it_was_on_and_going_on_by_itself_is_not() -> None:
    asked, place = "waits for an approval: commit it", (Role.ORCHESTRATOR, "first")
    events = [
        RunPaused(NOON, *place, 1, reason=f"plan {asked}"),
        Decided(NOON, *place, 2, question="", granted=True),
        RunResumed(NOON, *place, 3),
        RunPaused(NOON, *place, 4, reason=f"item-3 {asked}"),
        Decided(NOON, *place, 5, question="item-3", granted=False, reason="too clever"),
        RunResumed(NOON, *place, 6),
        BudgetRaised(NOON, *place, 7, limits=Budget(tokens=9_000, usd=1.5)),
    ]
    told = [row.text for row in LogBook().take(events, RunView()).new if not row.text.startswith("paused")]
    assert told == ["allowed the plan", "refused item 3: too clever", "budget raised to 9,000 tokens, $1.50"]


def test_a_failure_and_what_is_tried_again_are_told_from_what_went_well() -> None:
    place = (Role.MODERNIZER, "first")
    events = [
        StepScheduled(NOON, *place, 1, step="rewrite-1", kind=Step.REWRITE_BATCH, summary="apply the rules"),
        StepStarted(NOON, *place, 2, step="rewrite-1", attempt=2, last_failure="killed"),
        StepFailed(NOON + timedelta(seconds=3), *place, 3, step="rewrite-1", message="no space (hint: make room)"),
        *step(2, "plan-sweep", Step.GATHER_LAYERS),
        *step(3, "item-1-2", Step.THINK, result={"problem": "no answer", "calls": [], "spent": {}}),
    ]
    rows = rows_of(events)
    assert [(row.line.state, row.failed) for row in rows] == [
        ("run", True),
        ("FAIL", True),
        ("ok", False),
        ("FAIL", True),
    ]
    told = {each.name: each.text for each in details(rows[1])}
    assert told["step"] == "rewrite-1 (rewrite-batch)"
    assert (told["attempt"], told["message"], told["hint"]) == ("2", "no space", "make room")


def test_the_oldest_rows_go_and_it_is_known_how_many() -> None:
    book = LogBook(most=100)
    events = [event for number in range(250) for event in step(number, f"survey-{number}", Step.GATHER_LAYERS)]
    view = viewed(events)
    kept = 0
    for start in range(0, len(events), 30):
        taken = book.take(events[start : start + 30], view)
        kept += len(taken.new) - taken.dropped
        assert kept <= 100
    assert (kept + book.dropped, kept > 80) == (250, True)


def test_what_a_terminal_must_not_see_is_shown_as_escapes() -> None:
    (row,) = rows_of(step(1, "gather-layers", Step.GATHER_LAYERS, summary="a\x1b[2Jb\u202ec\nd"))
    assert row.text == "a\\x1b[2Jb\\u202ec d"


async def test_a_recorded_run_with_a_model_has_a_row_for_each_line_and_folds_what_a_turn_used() -> None:
    events, picture = await recorded(RECORDED / "judged")
    rows = [*LogBook().take(events, picture.view).new]
    used = sum(step.kind == Step.USE_TOOL for step in picture.view.steps.values())
    folded = [row for row in rows if row.calls]
    assert folded
    assert sum(len(row.calls) for row in folded) + sum(row.step is not None and row.step.kind == Step.USE_TOOL
                                                       for row in rows) == used  # fmt: skip


def test_a_run_that_is_read_again_is_told_once() -> None:
    events = [event for number in range(5) for event in step(number, f"survey-{number}", Step.GATHER_LAYERS)]
    book, view = LogBook(), viewed(events)
    assert len(book.take(events[:9], view).new) == 3
    assert len(book.take(events, view).new) == 2


def test_a_refused_call_and_tests_that_fail_went_wrong_though_their_steps_did_not() -> None:
    tests = {"passed": 3, "failed": 2, "skipped": 0, "worse": False, "problem": ""}
    (refused,) = rows_of(call(1, "item-1-1-1-read", ok=False))
    (tested,) = rows_of(step(1, "tests-base", Step.RUN_TESTS, result=tests))
    assert (refused.line.state, refused.failed) == ("FAIL", True)
    assert (tested.line.state, tested.failed) == ("ok", True)
