from __future__ import annotations

from datetime import timedelta

from archaeologist.domain.events import RunPaused, StepEnded
from archaeologist.domain.names import PAUSE_ASKED, Role
from archaeologist.domain.view import advance
from archaeologist_tui.reading.meanwhile import meanwhile
from support.pictures import picture_of


async def test_it_tells_what_was_done_committed_and_begun_since_a_moment_and_how_the_run_ended() -> None:
    at = await picture_of("finished", lambda e: isinstance(e, StepEnded) and e.step == "commit-rewrite-AR001")
    view = (await picture_of("finished")).view
    lines = meanwhile(view, at.now)
    commits = len(view.commits) - len(at.view.commits)
    done = sum(step.state == "ok" for step in view.steps.values()) - sum(
        step.state == "ok" for step in at.view.steps.values()
    )
    assert lines == [
        "the modernizer ended: done",
        "the documenter began",
        "the documenter ended: done",
        f"{done} steps done, {commits} commits",
        "the run ended: done",
    ]


async def test_a_question_that_may_be_answered_while_the_lines_are_read_is_none_of_them() -> None:
    picture = await picture_of("interrupted")
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, PAUSE_ASKED)
    lines = meanwhile(advance(picture.view, [paused]), picture.now - timedelta(hours=1))
    assert lines
    assert not any(PAUSE_ASKED in line for line in lines)


async def test_nothing_happened_after_the_last_event() -> None:
    picture = await picture_of("finished")
    assert meanwhile(picture.view, picture.now) == []
