"""What failed and is tried again is told at once, and not over and over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import PendingStep, StepScheduled
from archaeologist.domain.names import Role
from archaeologist.domain.table import Table
from archaeologist.reporting.retries import EVERY, Retries
from archaeologist.reporting.text import clock, waiting_line
from archaeologist_tui.reading.log import LogBook
from archaeologist_tui.reading.retries import standstill, tries_of
from support.pictures import picture_of

if TYPE_CHECKING:
    from archaeologist.reporting.lines import Line
    from archaeologist_tui.picture import Picture

REFUSED = "no connection to http://127.0.0.1:9: [Errno 111]\nand more"
FIRST = PendingStep(Role.ARCHAEOLOGIST, "dig-2", "think", 1, "run", "", None, "", 20)
FAILS = replace(FIRST, attempt=4, state="wait", last_failure=REFUSED)


async def picture(*pending: PendingStep) -> Picture:
    found = await picture_of("judged", lambda e: isinstance(e, StepScheduled) and e.step == "dig-2")
    return replace(found, pending=pending)


def lines(retries: Retries, picture: Picture) -> list[Line]:
    """Return what is told at the moment of a picture."""
    return retries.lines(picture.pending, picture.view, picture.now)


async def test_a_failure_is_told_once_a_minute_with_the_next_attempt_and_another_one_at_once() -> None:
    now = await picture(FAILS)
    begins = now.now + timedelta(seconds=8)
    retries, fails = Retries(), replace(FAILS, again=begins)
    (line,) = lines(retries, replace(now, pending=(fails,)))
    assert line.state == "FAIL"
    assert line.text.startswith("archaeologist: think (turn 2, ")
    assert line.text.endswith(
        f"failed: no connection to http://127.0.0.1:9: [Errno 111]; attempt 4 of 20 begins at {clock(begins)}"
    )
    soon = replace(now, now=now.now + EVERY / 2)
    assert not lines(retries, replace(soon, pending=(replace(fails, attempt=5),)))
    assert not lines(retries, replace(soon, pending=(replace(fails, last_failure=REFUSED.replace("111", "112")),)))
    for other in (
        replace(fails, last_failure="status 500"),
        replace(fails, agent=Role.MODERNIZER),
        replace(fails, kind="run-tests"),
    ):
        assert lines(retries, replace(soon, pending=(other,)))
    late = replace(now, now=now.now + EVERY)
    assert lines(retries, replace(late, pending=(replace(fails, attempt=9),)))
    assert not lines(retries, replace(late, now=late.now + EVERY / 2))


async def test_a_failure_is_told_by_what_people_call_its_step_and_its_agent() -> None:
    now = await picture(FAILS)
    agents = {"archaeologist": replace(now.view.agents["archaeologist"], name="scout")}
    step = now.view.steps["archaeologist", "dig-2"]
    other = replace(step, agent=Role.DOCUMENTER, summary="of another one")
    earlier = replace(step, summary="of an earlier execution")
    steps = Table.of({("one", step.name): earlier, ("two", step.name): step, ("three", other.name): other})
    named = replace(now, view=replace(now.view, agents=agents, steps=steps))
    (line,) = lines(Retries(), named)
    assert line.text.startswith(f"{step.summary} failed: ")
    (line,) = lines(Retries(), replace(named, pending=(replace(FAILS, step="dig-99"),)))
    assert line.text.startswith("reading the code, turn 99 failed: ")
    assert line.agent == "scout"
    assert standstill(named)[0] == "scout reading the code, turn 2: attempt 4 of 20"


async def test_a_first_attempt_and_one_that_waits_for_a_worker_are_no_failures() -> None:
    assert not lines(Retries(), await picture(FIRST, replace(FIRST, state="wait")))


async def test_a_row_about_a_failure_is_among_the_failures_and_keeps_its_place_in_the_log() -> None:
    book, now = LogBook(), await picture(FAILS)
    (row,) = book.add(lines(Retries(), now))
    assert (row.number, row.failed, row.step) == (0, True, None)
    (again,) = book.add(lines(Retries(), now))
    assert again.number == 1


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ((FAILS,), "archaeologist reading the code, turn 2: attempt 4 of 20"),
        (
            (FAILS, replace(FAILS, step="dig-3", attempt=7)),
            "archaeologist reading the code, turn 3 and 1 more: attempt 7 of 20",
        ),
        ((FAILS, FIRST), ""),
        ((replace(FAILS, state="run", attempt=2),), ""),
        ((replace(FAILS, state="run", attempt=3),), "archaeologist reading the code, turn 2: attempt 3 of 20"),
        ((), ""),
    ],
)
async def test_nothing_comes_on_when_all_that_is_in_flight_has_failed(
    steps: tuple[PendingStep, ...], what: str
) -> None:
    told, failure = standstill(await picture(*steps))
    assert told == what
    assert failure == ("no connection to http://127.0.0.1:9: [Errno 111]" if what else "")


async def test_the_next_attempt_is_told_in_seconds_on_a_screen_and_by_the_clock_in_a_line() -> None:
    now = await picture(FAILS)
    fails = replace(FAILS, again=now.now + timedelta(seconds=8))
    assert tries_of(fails, now.now) == "attempt 4 of 20 in 8 s"
    assert tries_of(fails, now.now + timedelta(minutes=1)) == "attempt 4 of 20 in 0 s"
    assert tries_of(FIRST, now.now) == ""
    line = waiting_line([fails], now.view)
    begins = clock(now.now + timedelta(seconds=8))
    assert f"reading the code, turn 2 (attempt 4 of 20 begins at {begins} after: no connection" in line
    assert "and more" not in line
