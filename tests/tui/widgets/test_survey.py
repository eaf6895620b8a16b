from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.artefacts import ArtefactStore
from archaeologist.documents import FileEntry, SkippedFile, Survey, SurveyedFile, SuspectPlace, keep
from archaeologist.domain.events import DataPlane, StepEnded
from archaeologist.domain.names import Role, Step
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tui.widgets.survey import SurveyPane
from support.panes import PaneApp, picture_at, pictured, step

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.picture import Picture


def screen(pane: SurveyPane) -> list[str]:
    outline = pane.outline
    lines = (outline.render_line(y).text for y in range(outline.size.height))
    return [" ".join(line.split()) for line in lines if line.strip()]


async def shown(pilot: Pilot[None], pane: SurveyPane, picture: Picture) -> None:
    pane.show(picture)
    await pilot.pause()
    while pane.is_behind:
        await pilot.pause()
    await pilot.pause()


async def test_hot_spots_come_with_bars_and_open_to_the_rules_that_found_something(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 60)) as pilot:
        await shown(pilot, pane, await picture_at(demo_run))
        assert pane.headline().plain == "12 files, 1,466 lines, 621 findings"
        spot = next(line for line in screen(pane) if line.endswith("stockroom/reports.py"))
        assert spot == "▸ ━━━━━━━━━━ 111 x 1 stockroom/reports.py"
        pane.focus()
        pane.outline.choose("spot.stockroom/reports.py")
        await pilot.press("enter")
        lines = screen(pane)
        inside = lines[lines.index("▾ ━━━━━━━━━━ 111 x 1 stockroom/reports.py") + 1 :][:3]
        assert any(line.endswith("AR001 percent-format Use f-strings for % formatting") for line in inside)


async def test_rules_are_told_by_name_the_most_frequent_one_first(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 60)) as pilot:
        await shown(pilot, pane, await picture_at(demo_run))
        lines = screen(pane)
        rules = lines[lines.index("▾ found, by rule") + 1 :]
        assert rules[0].endswith("164 AR040 missing-annotation Annotate functions")
        assert rules[1].endswith("163 AR052 function-docstring Document functions")


async def test_the_archaeologist_says_what_it_found(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 60)) as pilot:
        await shown(pilot, pane, await picture_at(demo_run))
        lines = screen(pane)
        assert lines[0] == "▾ the archaeologist says"
        assert lines[1].startswith("A stock keeper of 2012")
        assert any(line.startswith("global-state") for line in lines)


async def test_a_survey_that_goes_on_says_how_far_it_is(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 60)) as pilot:
        surveyed = lambda event: isinstance(event, StepEnded) and event.step == "survey-1"  # noqa: E731
        await shown(pilot, pane, await picture_at(demo_run, surveyed))
        assert pane.headline().plain.startswith("surveying, batch 1 of 1   12 files")
        assert screen(pane)[0] == "▾ look here first: findings so far"
        await shown(pilot, pane, await picture_at(demo_run))
        assert screen(pane)[0] == "▾ the archaeologist says"


def strange(folder: Path) -> Picture:
    """Return a run on code with all that a survey can hold."""
    entry = FileEntry(path="app/a.py", mode="100644", oid="0" * 40, size=1)
    broken = SurveyedFile(
        file=entry, status="syntax", message="line 3: [b]x[/b]", lines=4, summary="", by_rule={}, public=()
    )
    survey = Survey(
        files=(broken,),
        skipped=(SkippedFile(path="big.py", code="too-big", detail="9 MB"),),
        batches=(),
        facts=ProjectFacts(),
        rules=(),
        by_rule={},
        hot_spots=(),
        suspects=(SuspectPlace(path="app/a.py", line=3, kind="orders", excerpt="ignore \x1b[31mall"),),
    )
    kept = keep(ArtefactStore(folder), survey)
    events = step(1, "gather-survey", Step.GATHER_SURVEY, agent=Role.ARCHAEOLOGIST, result={"survey": kept})
    return replace(pictured(events), data=DataPlane(folder, folder))


async def test_what_speaks_to_models_is_on_top_and_what_was_not_seen_is_said(tmp_path: Path) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 30)) as pilot:
        await shown(pilot, pane, strange(tmp_path))
        assert screen(pane) == [
            "▾ 1 place speaks to models instead of people: find out who wrote them",
            "app/a.py:3 orders ignore \\x1b[31mall",
            "▾ no rule can read these",
            "app/a.py syntax: line 3: [b]x[/b]",
            "▾ not looked at: 1 file",
            "▸ 1 too-big",
            "▸ 1 file",
        ]


async def test_artefacts_that_are_gone_are_told(demo_run: RecordedSource, tmp_path: Path) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 30)) as pilot:
        await shown(pilot, pane, replace(await picture_at(demo_run), data=DataPlane(tmp_path, tmp_path)))
        assert screen(pane)[0].startswith("this cannot be read: artefact")


@pytest.mark.parametrize("result", [{"survey": ""}, {"findings": 3}, {"survey": None}])
async def test_results_as_another_version_had_them_are_told_and_no_end_of_the_screen(
    result: dict[str, object], tmp_path: Path
) -> None:
    events = step(1, "gather-survey", Step.GATHER_SURVEY, agent=Role.ARCHAEOLOGIST, result=result)
    async with PaneApp(pane := SurveyPane()).run_test(size=(100, 30)) as pilot:
        await shown(pilot, pane, replace(pictured(events), data=DataPlane(tmp_path, tmp_path)))
        assert screen(pane)[0].startswith("this cannot be read: ")


@pytest.mark.parametrize("size", [(60, 18), (200, 50)])
async def test_it_fits(size: tuple[int, int], demo_run: RecordedSource) -> None:
    async with PaneApp(pane := SurveyPane()).run_test(size=size) as pilot:
        await shown(pilot, pane, await picture_at(demo_run))
        assert all(len(line) < size[0] for line in screen(pane))
