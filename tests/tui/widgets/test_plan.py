from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import DataPlane, RunPaused, StepScheduled
from archaeologist_tui.widgets.plan import PlanPane
from support.panes import PaneApp, picture_at

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.picture import Picture


def screen(pane: PlanPane) -> list[str]:
    outline = pane.outline
    return [line for y in range(outline.size.height) if (line := outline.render_line(y).text.rstrip())]


async def shown(pilot: Pilot[None], pane: PlanPane, picture: Picture) -> None:
    pane.show(picture)
    await pilot.pause()
    while pane.is_behind:
        await pilot.pause()
    await pilot.pause()


async def search(pilot: Pilot[None], pane: PlanPane, text: str) -> None:
    pane.focus()
    await pilot.press("slash")
    pane.searching.value = text
    await pilot.press("enter")


async def test_a_newcomer_finds_why_a_file_was_left_alone(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(120, 60)) as pilot:
        await shown(pilot, pane, picture := await picture_at(demo_run))
        assert pane.headline().plain == "91 places and 4 files left alone  w says why, / finds one"
        assert picture.view.result is not None
        assert picture.view.result.left_alone == 91, "as many as the report tells"
        assert pane.headline().cell_length <= 58, "all of it in 60 columns"
        await search(pilot, pane, "setup.py")
        lines = screen(pane)
        assert any("the path is stored as text" in line and "AR012 use-pathlib" in line for line in lines)
        places = [line.strip() for line in lines if line.strip().startswith("setup.py:")]
        assert "setup.py:5" in places
        assert not any("stockroom/main.py:" in line for line in lines)


@pytest.mark.parametrize("asked", [True, False])
async def test_a_key_leads_to_what_was_left_alone(demo_run: RecordedSource, *, asked: bool) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(60, 18)) as pilot:
        until = (lambda event: isinstance(event, RunPaused)) if asked else None
        await shown(pilot, pane, await picture_at(demo_run, until))
        await search(pilot, pane, "no such thing")
        await pilot.press("w")
        lines = [" ".join(line.split()) for line in screen(pane)]
        assert pane.outline.entry is not None
        assert pane.outline.entry.key == "left"
        place = lines.index(f"▾ left alone, and why: {'2 files' if asked else '91 places and 4 files'}")
        assert ("a test: tests are looked at" if asked else "AR001 percent-format") in lines[place + 1]


async def test_rules_and_paths_can_be_asked_for_by_name(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(120, 60)) as pilot:
        await shown(pilot, pane, await picture_at(demo_run))
        await search(pilot, pane, "rule:ar012 path:stockroom/storage")
        assert any("use-pathlib" in line for line in screen(pane))
        assert not any("percent-format" in line for line in screen(pane))
        assert all("stockroom/storage.py" in line for line in screen(pane) if ".py:" in line)


async def test_the_phase_at_work_is_open_and_shows_its_commits(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(120, 60)) as pilot:
        committing = lambda event: isinstance(event, StepScheduled) and event.step == "commit-rewrite-AR020"  # noqa: E731
        await shown(pilot, pane, await picture_at(demo_run, committing))
        lines = [" ".join(line.split()) for line in screen(pane)]
        assert any(line.startswith("✓ ok AR035 Drop fallbacks of imports 2 edits in 1 file") for line in lines)
        assert any(line.startswith("· wait AR021 Call super() without arguments") for line in lines)
        assert "▾ ▸ run rewrite rewrite what is outdated" in lines


async def test_what_will_be_done_is_folded_and_on_top_while_a_person_is_asked(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(120, 60)) as pilot:
        await shown(pilot, pane, await picture_at(demo_run, lambda event: isinstance(event, RunPaused)))
        lines = [" ".join(line.split()) for line in screen(pane)]
        assert lines[0] == "▾ what will be done, by rule"
        assert lines[1].startswith("▸ 18 rules, 237 findings in 11 files are rewritten")
        assert not any("object-base" in line for line in lines)
        pane.outline.focus()
        await pilot.press("j", "enter")
        lines = [" ".join(line.split()) for line in screen(pane)]
        assert any("AR020 object-base Drop the base class object in 5 files" in line for line in lines)


async def test_it_says_so_when_artefacts_are_gone(demo_run: RecordedSource, tmp_path: Path) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(120, 60)) as pilot:
        picture = replace(await picture_at(demo_run), data=DataPlane(tmp_path, tmp_path))
        await shown(pilot, pane, picture)
        assert any("is not known: its artefacts are not here" in line for line in screen(pane))
        assert pane.headline().plain.startswith("0 places left alone that are known")


async def test_a_run_of_which_nothing_is_known_yet_is_shown(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=(80, 24)) as pilot:
        await shown(pilot, pane, replace(await picture_at(demo_run, lambda _: True), data=None))
        assert any("list the files" in line for line in screen(pane))
        assert not pane.headline(), "nobody knows what is left alone"
        pane.focus()
        await pilot.press("w")
        assert pane.outline.current == 0


@pytest.mark.parametrize("size", [(60, 18), (200, 50)])
async def test_it_fits(size: tuple[int, int], demo_run: RecordedSource) -> None:
    async with PaneApp(pane := PlanPane()).run_test(size=size) as pilot:
        await shown(pilot, pane, await picture_at(demo_run))
        assert all(len(line) < size[0] for line in screen(pane))
