from __future__ import annotations

from dataclasses import replace

from archaeologist.domain.controls import Health
from archaeologist.domain.names import PAUSE_ASKED
from archaeologist.domain.run import RunState
from archaeologist_tui.reading.alarms import LASTS_SECONDS, Alarm, Watch, ended, waits
from archaeologist_tui.reading.trouble import trouble_of_runs
from support.panes import RUN
from support.pictures import picture_of

ASKS = replace(RUN, paused="item-3 waits for an approval: commit it", state=RunState.PAUSED)
GONE = Health(worker=False)


def test_what_a_run_waits_for_is_told_with_repository_and_run_but_not_what_a_person_asked_for() -> None:
    assert waits(ASKS, ASKS.paused) == Alarm("x waits for you", "run 7f3a: item 3: commit it")
    assert waits(ASKS, PAUSE_ASKED) is None
    assert waits(ASKS, "") is None


async def test_the_end_of_a_run_is_told_with_what_came_of_it() -> None:
    picture = await picture_of("finished")
    alarm = ended(picture)
    assert alarm.title == f"{picture.run.name}: DONE"
    assert alarm.body.startswith(f"run {picture.run.run_id}: ")
    assert alarm.body.endswith(f"commits on {picture.run.branch}")


def test_a_list_tells_what_changed_in_it_and_nothing_of_what_was_so_before() -> None:
    watch = Watch()
    assert watch.heard([RUN, replace(ASKS, workflow_run="second")], None, (), 0) == []
    assert watch.heard([ASKS], None, (), 2) == [Alarm("x waits for you", "run 7f3a: item 3: commit it")]
    assert watch.heard([ASKS], None, (), 4) == []
    done = replace(RUN, state=RunState.DONE)
    assert watch.heard([done], None, (), 6) == [Alarm("x: DONE", "run 7f3a: its branch is modern")]
    watch.begin_anew()
    assert watch.heard([ASKS], None, (), 8) == []


def test_a_trouble_is_told_once_when_it_has_lasted_and_again_when_it_comes_back() -> None:
    watch, trouble = Watch(), trouble_of_runs([RUN], GONE)
    assert watch.heard([RUN], trouble, (), 0) == []
    assert watch.heard([RUN], trouble, (), LASTS_SECONDS - 1) == []
    (alarm,) = watch.heard([RUN], trouble, (), LASTS_SECONDS)
    assert alarm.title == "x cannot go on"
    assert alarm.body.startswith("x 7f3a: no worker is alive")
    assert watch.heard([RUN], trouble, (), 2 * LASTS_SECONDS) == []
    assert watch.heard([RUN], None, (), 3 * LASTS_SECONDS) == []
    assert watch.heard([RUN], trouble, (), 3 * LASTS_SECONDS) == []
    assert len(watch.heard([RUN], trouble, (), 4 * LASTS_SECONDS)) == 1


def test_code_that_fails_is_told_with_its_run_when_it_has_lasted() -> None:
    watch = Watch()
    assert watch.heard([RUN], None, {"first"}, 0) == []
    assert watch.heard([RUN], None, {"first"}, LASTS_SECONDS) == [Alarm("x cannot go on", "run 7f3a: its code fails")]
