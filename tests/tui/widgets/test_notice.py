"""What stands with a question follows the run, as far as anything of it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import RunPaused, StepEnded
from archaeologist.domain.names import PAUSE_APPROVAL, Role
from archaeologist.domain.view import advance
from archaeologist_tui.widgets.notice import Notice
from support.panes import PaneApp, picture_at
from support.screens import shown

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource

PASSED = {"passed": 12, "failed": 0, "skipped": 1}


@pytest.mark.parametrize(
    ("asked", "changes", "before", "after"),
    [
        ("plan", {"findings": 7}, "found: 621 findings in 12 files", "found: 7 findings in 12 files"),
        ("plan", {"files": 1}, "found: 621 findings in 12 files", "found: 621 findings in 1 file"),
        ("verify", {"edits": 7}, "so far: 120 edits, 14 commits", "so far: 7 edits, 14 commits"),
        ("verify", {"commits": ("a",)}, "so far: 120 edits, 14 commits", "so far: 120 edits, 1 commit"),
        (
            "item-1",
            {"tests": {"tests-base": PASSED, "item-1-1": PASSED}},
            "would be 4 edits",
            "4 edits; tests with it: 12 passed",
        ),
    ],
)
async def test_what_is_known_of_a_question_is_brought_up_to_date(
    demo_run: RecordedSource, *, asked: str, changes: dict[str, object], before: str, after: str
) -> None:
    picture = await picture_at(demo_run, lambda event: isinstance(event, StepEnded) and "-draft-" in event.step)
    paused = RunPaused(picture.now, Role.ORCHESTRATOR, "orchestrator", 9_999, f"{asked} {PAUSE_APPROVAL}: may it?")
    waiting = advance(picture.view, [paused])
    app = PaneApp(notice := Notice())
    async with app.run_test(size=(100, 30)) as pilot:
        notice.show(replace(picture, view=waiting))
        await pilot.pause()
        assert before in shown(app)
        notice.show(replace(picture, view=replace(waiting, **changes)))  # type: ignore[arg-type]  # its fields
        await pilot.pause()
        assert after in shown(app)
