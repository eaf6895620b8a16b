from __future__ import annotations

from dataclasses import replace

import pytest

from archaeologist.domain.controls import Health
from archaeologist.domain.events import CodeFailed, CodeWorks, PauseAsked, PendingStep, ResumeAsked, RunPaused
from archaeologist.domain.names import PAUSE_ASKED, Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import advance
from archaeologist_tui.feed import first_view
from archaeologist_tui.reading.trouble import Trouble, stalled, trouble_of, trouble_of_runs
from support.panes import RUN
from support.pictures import picture_of

COMMITTING = PendingStep(Role.MODERNIZER, "commit-rewrite-AR020", "commit-layer", 2, "wait", "", None, attempts=5)
THINKING = PendingStep(Role.ARCHAEOLOGIST, "dig-1", "think", 3, "wait", "no line to http://h:9", None, attempts=20)


async def test_a_run_at_work_has_no_trouble() -> None:
    assert trouble_of(await picture_of("interrupted")) is None


async def test_a_run_that_has_ended_needs_nobody() -> None:
    assert trouble_of(await picture_of("finished", health=Health(server=False, worker=False))) is None


async def test_a_missing_worker_is_told_with_what_is_in_flight_and_what_to_press() -> None:
    health = Health(worker=False, logs=("/state/worker.log",))
    picture = replace(await picture_of("interrupted", health=health), pending=(COMMITTING,))
    trouble = trouble_of(picture)
    assert trouble is not None
    in_flight = "modernizer commit-rewrite-AR020, attempt 2 of 5"
    assert trouble == Trouble(
        f"no worker is alive; in flight: {in_flight}",
        ("log: /state/worker.log",),
        "press {run.revive} to start one",
        f"`archaeologist resume {picture.run.run_id}` starts one",
    )


@pytest.mark.parametrize(("number", "told"), [(0, "nothing"), (3, "{}, {}, {}"), (5, "{}, {}, {} and 2 more")])
async def test_of_what_is_in_flight_a_few_steps_are_named(number: int, told: str) -> None:
    pending = tuple(replace(COMMITTING, step=f"commit-{nth}") for nth in range(number))
    trouble = trouble_of(replace(await picture_of("interrupted", health=Health(worker=False)), pending=pending))
    assert trouble is not None
    shown = told.format(*(f"modernizer {step.step}, attempt 2 of 5" for step in pending))
    assert trouble.what == f"no worker is alive; in flight: {shown}"


async def test_a_server_that_does_not_answer_is_told_with_what_is_kept() -> None:
    trouble = trouble_of(replace(await picture_of("interrupted"), unread="Timeout expired"))
    assert trouble is not None
    assert trouble.what == "the server does not answer (Timeout expired); what is done is kept"
    assert trouble.answer == "it is asked again every second"


@pytest.mark.parametrize(
    ("states", "health", "told"),
    [
        ([RunState.RUNNING], Health(), None),
        ([RunState.PAUSED, RunState.DONE], Health(worker=False), None),
        (
            [RunState.RUNNING, RunState.PAUSED, RunState.RUNNING],
            Health(worker=False, logs=("/w",)),
            Trouble(
                "no worker is alive, and 2 runs cannot go on; what is done is kept",
                ("log: /w",),
                "press {run.revive} to start one",
                "`archaeologist resume` starts one",
            ),
        ),
        (
            [],
            Health(server=False, worker=False, logs=("/s",)),
            Trouble(
                "the server is gone, and no run goes on; what is done is kept",
                ("log: /s",),
                "press {run.revive} to start it again",
                "`archaeologist resume` starts it again",
            ),
        ),
    ],
)
def test_what_keeps_the_runs_of_a_list_from_going_on_is_told(
    states: list[RunState], health: Health, told: Trouble | None
) -> None:
    assert trouble_of_runs([replace(RUN, state=state) for state in states], health) == told


async def test_a_missing_server_is_told_with_what_is_kept() -> None:
    picture = await picture_of("interrupted", health=Health(server=False, worker=False, logs=("/state/server.log",)))
    assert trouble_of(picture) == Trouble(
        "the server is gone; what is done is kept: 8 steps, 0 commits",
        ("log: /state/server.log",),
        "press {run.revive} to start it again",
        f"`archaeologist resume {picture.run.run_id}` starts it again",
    )


async def test_of_a_run_that_was_never_read_nothing_is_counted() -> None:
    picture = await picture_of("interrupted", health=Health(server=False, worker=False))
    trouble = trouble_of(replace(picture, view=first_view(picture.run)))
    assert trouble is not None
    assert trouble.what == "the server is gone; what is done is kept"


async def test_a_paused_run_needs_no_worker_until_it_is_answered() -> None:
    picture = await picture_of("interrupted", health=Health(worker=False))
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, PAUSE_ASKED)
    waiting = replace(picture, view=advance(picture.view, [paused]))
    assert trouble_of(waiting) is None
    trouble = trouble_of(replace(waiting, pending=(COMMITTING,)))
    assert trouble is not None, "what is in flight does not come to its end"
    assert trouble.what.startswith("no worker is alive")


async def test_a_pause_that_is_due_once_there_is_a_worker_is_told_until_the_run_is_told_to_go_on() -> None:
    picture = replace(await picture_of("interrupted", health=Health(worker=False)), pending=(COMMITTING,))
    usual = trouble_of(picture)
    orchestrator = (picture.now, Role.ORCHESTRATOR, "orchestrator")
    asked = advance(picture.view, [PauseAsked(*orchestrator, 9_998)])
    trouble = trouble_of(replace(picture, view=asked))
    assert trouble is not None
    assert trouble.details[0] == "it was told to pause, and does so as soon as a worker is there"
    assert trouble.answer == "press {run.revive} to start one, {run.go-on} to start one and go on without a pause"
    assert trouble.typed.endswith("starts one, and the run goes on without a pause")
    on_again = advance(asked, [ResumeAsked(*orchestrator, 9_999)])
    assert trouble_of(replace(picture, view=on_again)) == usual
    whole = replace(picture, view=asked, health=Health())
    assert trouble_of(whole) is None, "it has heard of it in a moment"


async def test_code_that_fails_over_and_over_is_told_with_what_to_type_until_it_works() -> None:
    picture = await picture_of("interrupted")
    failed = CodeFailed(picture.now, Role.MODERNIZER, "modernizer", 9_999, "Nondeterminism error\nlong story")
    stuck = replace(picture, view=advance(picture.view, [failed]))
    trouble = trouble_of(stuck)
    assert trouble is not None
    assert trouble.what == "the code of the modernizer fails: Nondeterminism error"
    assert "`archaeologist doctor`" in trouble.details[-1]
    assert trouble.answer.startswith(f"`archaeologist cancel --force {picture.run.run_id}` ")
    works = CodeWorks(picture.now, Role.MODERNIZER, "modernizer", 10_000)
    assert trouble_of(replace(stuck, view=advance(stuck.view, [works]))) is None


async def test_a_model_that_fails_again_and_again_is_told_with_what_can_be_done() -> None:
    picture = replace(await picture_of("interrupted"), pending=(THINKING,))
    told = stalled(picture)
    assert told is not None
    assert told.what == "the model does not answer: archaeologist reading the code, turn 1"
    assert told.details == (
        "no line to http://h:9",
        "attempt 3 of 20: it is tried again by itself, and what is done is kept",
    )
    assert told.answer.startswith("see that the model answers there; {run.pause} pauses")
    assert trouble_of(picture) is None, "nobody is told of it who is elsewhere: it may go on by itself"


async def test_another_step_that_fails_is_told_without_words_about_models() -> None:
    failing = replace(COMMITTING, attempt=3, last_failure="no space left on device\nat length")
    told = stalled(replace(await picture_of("interrupted"), pending=(failing,)))
    assert told is not None
    assert told.what == "a step fails: modernizer commit-rewrite-AR020"
    assert told.details[0] == "no space left on device"
    assert told.answer == "{run.pause} pauses the run meanwhile, {run.cancel} gives it up"


async def test_one_failure_is_none_to_speak_of_and_neither_is_one_beside_a_step_that_goes_on() -> None:
    picture = await picture_of("interrupted")
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, PAUSE_ASKED)
    going_on = replace(THINKING, step="dig-2", attempt=1, state="run", last_failure="")
    assert stalled(replace(picture, pending=())) is None
    assert stalled(replace(picture, pending=(replace(THINKING, attempt=2),))) is None
    assert stalled(replace(picture, pending=(THINKING, going_on))) is None
    assert stalled(replace(picture, pending=(THINKING,), view=advance(picture.view, [paused]))) is None
    ended = await picture_of("finished")
    assert stalled(replace(ended, pending=(THINKING,))) is None
