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
    failed = replace(picture.view, state=RunState.FAILED, message="no room left")
    alarm = ended(replace(picture, view=failed))
    assert (alarm.title, alarm.body) == (
        f"{picture.run.name}: FAILED",
        f"run {picture.run.run_id}: the run failed: no room left",
    )


def test_a_list_tells_what_changed_in_it_and_nothing_of_what_was_so_before() -> None:
    watch = Watch()
    assert watch.happened([RUN, replace(ASKS, workflow_run="second")]) == []
    assert watch.happened([ASKS]) == [Alarm("x waits for you", "run 7f3a: item 3: commit it")]
    assert watch.happened([ASKS]) == []
    done = replace(RUN, state=RunState.DONE)
    assert watch.happened([done]) == [Alarm("x: DONE", "run 7f3a: its branch is modern")]
    assert watch.happened([done]) == []
    watch.begin_anew()
    assert watch.heard([done], None, (), 0) == []
    assert watch.happened([ASKS]) == []


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
    watch, failing = Watch(), {"first", "second", "third"}
    ended = replace(RUN, run_id="1d2e", state=RunState.CANCELLED, workflow_run="second")
    lines = [RUN, ended, replace(RUN, run_id="8b5c", workflow_run="third"), replace(RUN, workflow_run="well")]
    assert watch.heard(lines, None, failing, 0) == []
    assert watch.heard(lines, None, failing, LASTS_SECONDS) == [
        Alarm("x cannot go on", "run 7f3a: its code fails"),
        Alarm("x cannot go on", "run 8b5c: its code fails"),
    ]


def test_the_runs_that_stand_still_are_named_and_another_trouble_is_told_anew() -> None:
    watch, lines = Watch(), [ASKS, RUN, replace(RUN, run_id="8b5c", workflow_run="second")]
    gone = trouble_of_runs(lines, Health(server=False, worker=False))
    assert watch.heard(lines, gone, (), 0) == []
    told = Alarm("runs cannot go on", "x 7f3a, x 8b5c: the server is gone, and no run goes on; what is done is kept")
    assert watch.heard(lines, gone, (), LASTS_SECONDS) == [told]
    alone = trouble_of_runs(lines, GONE)
    assert watch.heard(lines, alone, (), LASTS_SECONDS) == []
    assert len(watch.heard(lines, alone, (), 2 * LASTS_SECONDS)) == 1


def test_a_server_that_is_gone_while_nothing_is_at_work_names_no_run() -> None:
    watch, gone = Watch(), trouble_of_runs([ASKS], Health(server=False, worker=False))
    assert watch.heard([ASKS], gone, (), 0) == []
    assert watch.heard([ASKS], gone, (), LASTS_SECONDS) == [
        Alarm("runs cannot go on", "the server is gone, and no run goes on; what is done is kept")
    ]
