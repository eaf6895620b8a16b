from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli.telling.attention import Attention
from archaeologist.domain.controls import Health
from archaeologist.domain.events import CodeFailed, PendingStep, RunPaused, RunResumed
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, Role
from archaeologist.domain.view import advance
from support.pictures import picture_of

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture

FLYING = PendingStep(Role.MODERNIZER, "commit-rewrite-AR020", "commit-layer", 2, "wait", "", None, attempts=5)


@pytest.fixture
async def picture() -> Picture:
    return await picture_of("interrupted")


def paused(picture: Picture, reason: str) -> Picture:
    event = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_998, reason)
    return replace(picture, view=advance(picture.view, [event]))


def resumed(picture: Picture) -> Picture:
    event = RunResumed(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999)
    return replace(picture, view=advance(picture.view, [event]))


def attention(*, answerable: bool = True, ends: bool = False, paced: bool = False) -> Attention:
    return Attention(answerable, ends=ends, paced=paced)


def said(attention: Attention, picture: Picture, *, quiet: bool = True) -> list[str]:
    return list(attention.lines(picture, quiet=quiet))


@pytest.mark.parametrize(
    ("reason", "asked", "answer"),
    [
        (PAUSE_ASKED, "the run is paused, as a person asked for it", "`archaeologist resume RUN` goes on"),
        (
            f"rewrite {PAUSE_APPROVAL}: rewrite for Python 3.8",
            "rewrite: rewrite for Python 3.8",
            "`archaeologist approve RUN` allows it, `archaeologist approve RUN --deny REASON` does not",
        ),
        (
            f"{PAUSE_BUDGET}90 of 80 tokens",
            "the budget is used up: 90 of 80 tokens",
            "`archaeologist budget RUN --tokens N` lets it use more; what is done so far is on the branch",
        ),
        (
            "no room left (hint: free some space)",
            "no room left",
            "`archaeologist resume RUN` tries again, `archaeologist cancel RUN` gives the run up",
        ),
    ],
)
def test_a_question_is_said_once_with_what_to_type(picture: Picture, reason: str, asked: str, answer: str) -> None:
    speaker, asking = attention(), paused(picture, reason)
    lines = said(speaker, asking)
    assert lines[0] == f"the run waits for you: {asked}"
    assert lines[-1] == f"to answer: {answer}".replace("RUN", picture.run.run_id)
    assert said(speaker, asking) == []
    assert said(speaker, resumed(asking)) == []
    assert said(speaker, asking) == lines, "the same question may come again"


def test_a_question_of_the_past_is_not_asked(picture: Picture) -> None:
    speaker = attention()
    assert said(speaker, paused(picture, PAUSE_ASKED), quiet=False) == []
    assert said(speaker, paused(picture, PAUSE_ASKED)) != []


def test_a_recorded_question_was_answered_and_a_command_that_ends_says_itself_how_to_answer(picture: Picture) -> None:
    asking = paused(picture, f"rewrite {PAUSE_APPROVAL}: rewrite for Python 3.8")
    assert said(attention(answerable=False), asking)[-1] == "it was answered when this was recorded"
    context = said(attention(ends=True), asking)
    assert context[0] == "phase rewrite: rewrite what is outdated; refused, it is left out"
    assert not any("archaeologist approve" in line for line in context)


def test_what_is_missing_is_told_once_with_what_to_type_when_it_lasts(picture: Picture) -> None:
    speaker = attention()
    ill = replace(picture, health=Health(worker=False, logs=("/state/worker.log",)), pending=(FLYING,))
    assert said(speaker, ill) == []
    assert said(speaker, ill) == [
        "trouble: no worker is alive; in flight: modernizer commit-rewrite-AR020, attempt 2 of 5",
        "log: /state/worker.log",
        f"to help: `archaeologist resume {picture.run.run_id}` starts one",
    ]
    again = replace(ill, pending=(replace(FLYING, attempt=3),))
    assert [said(speaker, each) for each in (again, again)] == [[], []]
    assert [said(speaker, picture) for _ in range(3)] == [[], ["the trouble is over: the run goes on"], []]


def test_a_server_that_is_gone_is_told_from_a_worker_that_is(picture: Picture) -> None:
    speaker = attention()
    gone = replace(picture, health=Health(server=False, worker=False))
    lines = [said(speaker, gone) for _ in range(2)][1]
    assert lines[0].startswith("trouble: the server is gone; what is done is kept: ")
    assert lines[-1] == f"to help: `archaeologist resume {picture.run.run_id}` starts it again"


def test_code_that_fails_over_and_over_is_told_with_what_to_type(picture: Picture) -> None:
    failed = CodeFailed(picture.now, Role.MODERNIZER, "modernizer", 9_999, "Nondeterminism error\nlong story")
    stuck = replace(picture, view=advance(picture.view, [failed]))
    speaker = attention()
    lines = [said(speaker, stuck) for _ in range(2)][1]
    assert lines[0] == "trouble: the code of the modernizer fails: Nondeterminism error"
    assert f"`archaeologist cancel --force {picture.run.run_id}` gives the run up" in lines[-1]


def test_progress_is_told_once_a_minute_and_not_while_a_person_is_waited_for(picture: Picture) -> None:
    speaker = attention(paced=True)
    spoken = [
        said(speaker, replace(picture, now=picture.now + timedelta(seconds=seconds)), quiet=False)
        for seconds in range(0, 150, 10)
    ]
    assert [place * 10 for place, lines in enumerate(spoken) if lines] == [60, 120]
    assert spoken[6][0].startswith("progress: phase 4 of 7, rewrite, ")
    late = replace(paused(picture, PAUSE_ASKED), now=picture.now + timedelta(seconds=900))
    assert not any(line.startswith("progress") for line in said(speaker, late))
    ill = replace(late, view=picture.view, health=Health(worker=False))
    for _ in range(2):
        said(speaker, ill)
    assert said(speaker, replace(ill, now=ill.now + timedelta(hours=1))) == [], "what is in trouble makes no progress"
    quiet = attention()
    assert [said(quiet, replace(picture, now=picture.now + timedelta(hours=each))) for each in range(3)] == [[], [], []]
