"""Events of several histories are given out in the order of time while these are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import RunEvent, StepEnded, StepScheduled, StepStarted
from archaeologist.domain.names import Role, Step
from archaeologist.pipeline.ordering import TimeOrder

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def at(second: int) -> datetime:
    return NOON + timedelta(seconds=second)


def scheduled(run: str, second: int, step: str) -> RunEvent:
    return StepScheduled(at(second), Role.MODERNIZER, run, second, step, Step.THINK, step)


def started(run: str, second: int, step: str) -> RunEvent:
    return StepStarted(at(second), Role.MODERNIZER, run, second, step, 1, "")


def ended(run: str, second: int, step: str) -> RunEvent:
    return StepEnded(at(second), Role.MODERNIZER, run, second, step, {})


@pytest.mark.parametrize("seed", range(20))
def test_a_recorded_run_comes_in_order_however_its_histories_are_read(seed: int, demo_run: RecordedSource) -> None:
    dice, order = Random(seed), TimeOrder()
    histories: dict[str, list[RunEvent]] = {}
    for event in sorted(demo_run.recorded, key=lambda event: event.number):
        histories.setdefault(event.workflow_run, []).append(event)
    for name, events in histories.items():
        order.begin(name, events[0].time)
    given: list[RunEvent] = []
    early = 0
    while histories:
        name = dice.choice(sorted(histories))
        for event in [histories[name].pop(0) for _ in range(min(dice.randint(1, 40), len(histories[name])))]:
            order.read(event)
        if not histories[name]:
            order.caught_up(name)
            del histories[name]
        given += order.due()
        early = len(given) if histories else early
    assert [event.time for event in given] == [event.time for event in demo_run.recorded]
    assert set(map(id, given)) == set(map(id, demo_run.recorded))
    assert early > 0


def test_nothing_overtakes_a_step_of_which_only_the_end_will_tell_when_it_began() -> None:
    order = TimeOrder()
    order.begin("a", NOON)
    order.begin("b", NOON)
    order.read(scheduled("a", 1, "one"))
    order.read(scheduled("b", 3, "two"))
    order.read(scheduled("a", 9, "three"))
    assert [event.number for event in order.due()] == [1]
    order.read(started("a", 2, "one"))
    order.read(ended("a", 8, "one"))
    assert [event.number for event in order.due()] == [2, 3]
    order.read(ended("b", 20, "two"))
    assert [event.number for event in order.due()] == [8, 9]


def test_what_happens_while_the_past_is_read_waits_for_it_and_later_nothing_waits() -> None:
    order = TimeOrder()
    order.begin("a", NOON)
    order.begin("b", NOON)
    order.caught_up("a")
    order.read(scheduled("a", 5, "new"))
    assert not list(order.due())
    assert order.is_past
    order.caught_up("b")
    assert [event.number for event in order.due()] == [5]
    order.read(scheduled("b", 4, "late"))
    assert [event.number for event in order.due()] == [4]
    assert not order.is_past
