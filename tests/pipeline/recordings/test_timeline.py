"""The time of a played run: quiet stretches are cut short, and every moment is found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archaeologist.pipeline.recordings.timeline import Timeline

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


TIMELINE = Timeline([after(0), after(1), after(1), after(101), after(103)], quiet=4)


def test_a_long_stretch_takes_as_long_as_is_allowed_and_a_short_one_its_time() -> None:
    assert TIMELINE.length == 1 + 0 + 4 + 2
    assert [TIMELINE.position(moment) for moment in TIMELINE.moments] == [0, 1, 1, 5, 7]


@pytest.mark.parametrize(
    ("position", "past"), [(0, 0), (0.5, 0.5), (1, 1), (3, 51), (5, 101), (6, 102), (7, 103), (70, 103)]
)
def test_within_a_shortened_stretch_time_goes_by_faster(position: float, past: float) -> None:
    assert TIMELINE.past(position) == after(past)


def test_the_next_moment_is_one_that_has_not_come_yet() -> None:
    assert [TIMELINE.next(position) for position in (0, 0.5, 1, 4, 5, 7)] == [1, 1, 5, 5, 7, None]


def test_events_of_one_moment_come_together() -> None:
    assert [TIMELINE.due(position) for position in (0, 0.99, 1, 4.99, 5, 7)] == [1, 1, 3, 3, 4, 5]


def test_a_run_of_one_moment_has_no_length() -> None:
    assert Timeline([BEGIN], quiet=4).length == 0
    assert Timeline([BEGIN], quiet=4).past(0) == BEGIN
