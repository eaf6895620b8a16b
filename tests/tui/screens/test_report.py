"""The report on the screen: read, copied and left; and what stands there as long as there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Markdown

from archaeologist.domain.events import DataPlane
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.screens.report import ReportScreen
from support.recordings import then
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from textual.await_complete import AwaitComplete

    from archaeologist.domain.run import RunRequest


async def test_a_report_is_copied_and_left_by_the_key_that_opened_it(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "✓ DONE")
        await pilot.press("t")
        assert "1 Agents" not in await until_shown(pilot, "Modernized for Python")
        await pilot.press("y")
        await until_shown(pilot, "copied")
        assert "Modernized for Python" in pilot.app.clipboard
        await pilot.press("t")
        await until_shown(pilot, "1 Agents")


async def test_a_report_is_read_once_and_stays_where_it_was_scrolled_to(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates: list[str] = []
    update = Markdown.update

    def noted(self: Markdown, markdown: str) -> AwaitComplete:
        updates.append(markdown)
        return update(self, markdown)

    monkeypatch.setattr(Markdown, "update", noted)
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "✓ DONE")
        await pilot.press("t")
        await until_shown(pilot, "Modernized for Python")
        report = pilot.app.screen
        assert isinstance(report, ReportScreen)
        report.show(report._picture)
        await pilot.app.workers.wait_for_complete([worker for worker in pilot.app.workers if worker.name == "_read_on"])
        assert len([each for each in updates if each]) == 1


async def test_before_there_is_a_report_it_is_told_how_far_the_run_is_and_how_to_see_it(
    demo_in_the_middle: RecordedSource,
) -> None:
    (run,) = await demo_in_the_middle.runs()
    async with screens(demo_in_the_middle, run=run) as pilot:
        await until_shown(pilot, "RUNNING")
        await pilot.press("t")
        shown = await until_shown(pilot, "The report is written when the run ends. So far:")
        report = pilot.app.screen
        assert isinstance(report, ReportScreen)
        assert ("git -C /repositories/inventory" in shown) is bool(report._picture.view.commits)
        await pilot.press("y")
        await until_shown(pilot, "there is no report yet")
        assert not pilot.app.clipboard


async def test_what_a_run_made_that_was_given_up_is_told(demo_in_the_middle: RecordedSource, tmp_path: Path) -> None:
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_CANCELED", {})
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        await until_shown(pilot, "CANCELLED")
        await pilot.press("t")
        await until_shown(pilot, "The run was given up before it wrote its report. By then:")


async def test_a_report_whose_text_is_gone_says_why(
    demo_run: RecordedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cleaned(self: RecordedSource, request: RunRequest) -> DataPlane:
        return DataPlane(tmp_path, self.folder)

    monkeypatch.setattr(RecordedSource, "data", cleaned)
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "✓ DONE")
        await pilot.press("t")
        await until(pilot, lambda: "the state directory was cleaned" in " ".join(shown_by(pilot).split()), "it is told")
        assert "141 edits in 10 files" in shown_by(pilot)
