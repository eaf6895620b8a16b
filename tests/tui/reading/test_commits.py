from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.events import RunPaused, StepEnded
from archaeologist.domain.names import PAUSE_APPROVAL, Role, Step
from archaeologist.domain.view import advance, viewed
from archaeologist_tui.reading.commits import wanted_commit

if TYPE_CHECKING:
    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.source import RecordedSource


def until_drafted(run: RecordedSource) -> RunView:
    """Return the run when the first item of the modernizer was drafted."""
    place = next(at for at, e in enumerate(run.recorded) if isinstance(e, StepEnded) and "-draft-" in e.step)
    return viewed(run.recorded[: place + 1])


def test_the_newest_commit_is_shown_when_nothing_else_is_asked_for(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    assert wanted_commit(view, "").commit == view.commits[-1]
    assert wanted_commit(view, Role.ORCHESTRATOR).commit == view.commits[-1]


def test_the_commit_of_a_chosen_work_item_is_shown(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    made = next(s for s in view.steps.values() if s.kind == Step.COMMIT_ITEM and s.agent is Role.MODERNIZER)
    wanted = wanted_commit(view, f"modernizer/{made.name.removesuffix('-commit')}")
    assert wanted.commit == made.result["commit"] != view.commits[-1]
    assert wanted.why == "of the chosen line"


def test_a_draft_that_waits_for_an_answer_goes_before_everything(demo_run: RecordedSource) -> None:
    view = until_drafted(demo_run)
    drafted = next(s for s in view.steps.values() if s.kind == Step.DRAFT_ITEM)
    item = drafted.name.partition("-draft")[0]
    asked = RunPaused(
        drafted.scheduled, Role.ORCHESTRATOR, "orchestrator", 9_999, f"{item} {PAUSE_APPROVAL}: commit it"
    )
    wanted = wanted_commit(advance(view, [asked]), "modernizer/commit-layer")
    assert wanted.commit == drafted.result["commit"]
    assert wanted.commit not in view.commits


def test_a_run_without_commits_says_so() -> None:
    assert wanted_commit(viewed(()), "").why == "nothing is committed yet"
