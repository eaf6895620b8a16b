"""What stands with a question, wherever it is asked: enough to answer it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import StepEnded
from archaeologist.domain.view import viewed
from archaeologist_tui.feed import first_view
from archaeologist_tui.reading.asking import Ask, AskKind
from archaeologist_tui.reading.context import known
from support.panes import RUN

if TYPE_CHECKING:
    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.source import RecordedSource

PASSED = {"passed": 12, "failed": 0, "skipped": 1}


@pytest.fixture
def drafted(demo_run: RecordedSource) -> RunView:
    """The demo's run when its first item was drafted."""
    place = next(
        at for at, e in enumerate(demo_run.recorded) if isinstance(e, StepEnded) and e.step == "item-1-draft-1"
    )
    return viewed(demo_run.recorded[: place + 1])


def about(step: str) -> Ask:
    return Ask(AskKind.APPROVAL, "may it?", step=step)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("plan", "found: 621 findings in 12 files"),
        ("document", "so far: 141 edits, 20 commits"),
        ("item-99", ""),
        ("item-1-1-2-run", ""),
    ],
)
def test_what_was_found_or_done_is_told_in_numbers(demo_run: RecordedSource, step: str, told: str) -> None:
    assert known(viewed(demo_run.recorded), about(step)) == told


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ({}, ""),
        ({"item-10-1": PASSED, "tests-base": PASSED}, ""),
        ({"item-1-1": {**PASSED, "failed": 3}, "item-1-2": PASSED}, "; tests with it: 12 passed, 0 failed, 1 skipped"),
    ],
)
def test_a_commit_that_waits_is_told_with_its_size_and_its_newest_tests(
    drafted: RunView, tests: dict[str, dict[str, object]], told: str
) -> None:
    assert known(replace(drafted, tests=tests), about("item-1")) == f"the commit would be 5 edits{told}"


def test_of_what_is_no_approval_and_of_a_run_that_was_never_read_nothing_is_told(demo_run: RecordedSource) -> None:
    assert known(viewed(demo_run.recorded), Ask(AskKind.BUDGET, "used up", step="plan")) == ""
    assert known(first_view(RUN), about("plan")) == ""
