from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.binding import Binding
from textual.geometry import Offset

from archaeologist.domain.events import PendingStep, RunEvent, StepFailed, StepScheduled
from archaeologist.domain.names import Role, Step
from archaeologist.domain.view import RunView
from archaeologist.reporting.lines import Line
from archaeologist_tui.reading.log import LogRow
from archaeologist_tui.widgets.log import LogEntry, LogPane
from support.panes import NOON, RECORDED, PaneApp, pictured, recorded, step

if TYPE_CHECKING:
    from textual.pilot import Pilot

JUDGED = RECORDED / "judged"


def screen(pane: LogPane) -> list[str]:
    outline = pane.outline
    return [line for y in range(outline.size.height) if (line := outline.render_line(y).text.rstrip())]


def head(pane: LogPane) -> str:
    return pane.headline().plain


def steps(first: int, last: int) -> list[RunEvent]:
    numbers = range(first, last)
    return [event for number in numbers for event in step(number, f"gather-{number}", Step.GATHER_LAYERS)]


async def settled(pilot: Pilot[None], pane: LogPane) -> None:
    await pilot.pause()
    while pane.is_behind:
        await pilot.pause()


async def search(pilot: Pilot[None], pane: LogPane, text: str) -> None:
    await pilot.press("slash")
    pane.searching.value = text
    await pilot.press("enter")


async def test_a_recorded_run_is_shown_to_its_end() -> None:
    events, picture = await recorded(JUDGED)
    async with PaneApp(pane := LogPane()).run_test(size=(120, 30)) as pilot:
        pane.add(events, picture)
        await settled(pilot, pane)
        assert screen(pane)[-1].endswith("remove private checkouts")
        assert " ✓ ok " in screen(pane)[-1]
        assert head(pane).startswith("following   filter: -")


async def test_what_is_tried_again_is_told_behind_the_past_and_by_what_people_call_it() -> None:
    events, picture = await recorded(JUDGED)
    begun = next(place for place, each in enumerate(events) if isinstance(each, StepScheduled) and each.step == "dig-1")
    fails = PendingStep(Role.ARCHAEOLOGIST, "dig-1", "think", 4, "wait", "no answer", None, attempts=20)
    first = replace(picture, view=RunView(agents=picture.view.agents), pending=(fails,), behind=True)
    async with PaneApp(pane := LogPane()).run_test(size=(160, 30)) as pilot:
        pane.add([], first)
        await settled(pilot, pane)
        assert not screen(pane)
        pane.add(events[:begun], replace(picture, pending=(fails,)))
        await settled(pilot, pane)
        pane.add([], replace(picture, pending=(fails,)))
        await settled(pilot, pane)
        assert "  think (turn 1, " in screen(pane)[-1]
        assert screen(pane)[-1].endswith("failed: no answer; attempt 4 of 20")


async def test_new_lines_are_counted_while_a_person_looks_at_something_and_f_goes_on() -> None:
    async with PaneApp(pane := LogPane()).run_test(size=(100, 12)) as pilot:
        pane.add(steps(0, 40), pictured(steps(0, 40)))
        await settled(pilot, pane)
        pane.focus()
        await pilot.press("k")
        before = screen(pane)
        pane.add(steps(40, 47), pictured(steps(0, 47)))
        await settled(pilot, pane)
        assert head(pane).startswith("follow is off, f goes on, 7 new lines")
        assert screen(pane) == before
        await pilot.press("f")
        assert head(pane).startswith("following")
        assert screen(pane)[-1].endswith("gather-46")


async def test_words_and_fields_filter_in_and_out_and_escape_shows_all_again() -> None:
    events, picture = await recorded(JUDGED)
    async with PaneApp(pane := LogPane()).run_test(size=(140, 50)) as pilot:
        pane.add(events, picture)
        await settled(pilot, pane)
        everything = len(pane.outline.layout_of_entries.shown)
        pane.focus()
        await search(pilot, pane, "agent:modernizer commit: -fallbacks")
        lines = screen(pane)
        assert len(lines) > 3
        assert all("modernizer" in line and "commit:" in line and "fallbacks" not in line for line in lines)
        assert f"{len(lines)} found" in head(pane)
        assert pane.outline.has_focus
        await pilot.press("slash", "escape")
        assert len(pane.outline.layout_of_entries.shown) == everything


async def test_escape_shows_everything_again_and_belongs_to_the_screen_when_nothing_is_filtered() -> None:
    class Counting(PaneApp):
        BINDINGS: ClassVar = [Binding("escape", "count", "Count")]
        count = 0

        def action_count(self) -> None:
            self.count += 1

    async with (app := Counting(pane := LogPane())).run_test(size=(100, 12)) as pilot:
        pane.add(steps(0, 3), pictured(steps(0, 3)))
        await settled(pilot, pane)
        pane.focus()
        await search(pilot, pane, "gather-2")
        assert len(screen(pane)) == 1
        await pilot.press("escape")
        assert (len(screen(pane)), app.count, pane.outline.has_focus) == (3, 0, True)
        await pilot.press("escape")
        assert app.count == 1


async def test_only_failures_are_shown_when_asked_for() -> None:
    place = (Role.MODERNIZER, "second")
    failed: list[RunEvent] = [
        StepScheduled(NOON, *place, 1, step="commit-1", kind=Step.COMMIT_LAYER, summary="commit"),
        StepFailed(NOON + timedelta(hours=1), *place, 2, step="commit-1", message="the branch was moved"),
    ]
    events = [*steps(0, 30), *failed, *steps(30, 60)]
    async with PaneApp(pane := LogPane()).run_test(size=(100, 20)) as pilot:
        pane.add(events, pictured(events))
        await settled(pilot, pane)
        pane.focus()
        await pilot.press("exclamation_mark")
        assert [line.split("  ")[-1].strip() for line in screen(pane)] == ["commit-1: the branch was moved"]
        assert "✗ FAIL" in screen(pane)[0]
        assert "failures only" in head(pane)
        await pilot.press("exclamation_mark")
        assert len(pane.outline.layout_of_entries.shown) == 61


async def test_enter_shows_all_that_is_known_of_a_line() -> None:
    events, picture = await recorded(JUDGED)
    async with PaneApp(pane := LogPane()).run_test(size=(100, 30)) as pilot:
        pane.add(events, picture)
        await settled(pilot, pane)
        pane.focus()
        await search(pilot, pane, '"Open files in with"')
        await pilot.press("enter")
        lines = [" ".join(line.split()) for line in screen(pane)]
        assert "step commit-rewrite-AR010 (commit-layer)" in lines
        assert "attempt 1" in lines


async def test_the_calls_of_a_turn_are_one_line_until_they_are_asked_for() -> None:
    events, picture = await recorded(JUDGED)
    async with PaneApp(pane := LogPane()).run_test(size=(100, 30)) as pilot:
        pane.add(events, picture)
        await settled(pilot, pane)
        pane.focus()
        await search(pilot, pane, '"tool calls" agent:modernizer')
        await pilot.press("g")
        folded = len(screen(pane))
        await pilot.press("enter")
        assert len(screen(pane)) > folded
        assert "rewrite_function(" in screen(pane)[1]


async def test_the_line_can_be_copied() -> None:
    async with PaneApp(pane := LogPane()).run_test(size=(100, 12)) as pilot:
        pane.add(steps(0, 3), pictured(steps(0, 3)))
        await settled(pilot, pane)
        pane.focus()
        await pilot.press("y")
        await pilot.pause()
        assert pilot.app.clipboard.endswith("modernizer ok gather-2")


async def test_a_run_that_was_taken_back_is_told_anew() -> None:
    picture = pictured(steps(0, 40))
    async with PaneApp(pane := LogPane()).run_test(size=(100, 12)) as pilot:
        pane.add(steps(0, 40), picture)
        await settled(pilot, pane)
        pane.add(steps(0, 3), replace(picture, run=replace(picture.run, workflow_run="second")))
        await settled(pilot, pane)
        assert [line.split()[-1] for line in screen(pane)] == ["gather-0", "gather-1", "gather-2"]


async def test_no_more_lines_are_kept_than_there_is_room_for_and_the_pane_says_where_the_others_are() -> None:
    async with PaneApp(pane := LogPane(most=100)).run_test(size=(120, 12)) as pilot:
        pane.add(steps(0, 1_000), pictured(steps(0, 1_000)))
        await settled(pilot, pane)
        assert len(pane.outline.layout_of_entries.entries) <= 100
        kept = len(pane.outline.layout_of_entries.entries)
        assert f"{1_000 - kept:,} earlier lines: archaeologist runs log 7f3a" in head(pane)
        assert screen(pane)[-1].endswith("gather-999")


@pytest.mark.parametrize("seconds", [None, 0.0, 59.94, 999.9, 5_400.0, 90_000.0])
@pytest.mark.parametrize("narrow", [True, False])
def test_what_a_line_leads_with_is_as_wide_as_it_says(seconds: float | None, narrow: bool) -> None:
    entry = LogEntry(LogRow(1, Line(NOON, Role.ARCHAEOLOGIST, "FAIL", "text", seconds=seconds)))
    assert entry.lead(narrow=narrow).cell_length == entry.margins(narrow=narrow)[0]


async def test_lines_are_readable_at_sixty_columns() -> None:
    events, picture = await recorded(JUDGED)
    async with PaneApp(pane := LogPane()).run_test(size=(60, 18)) as pilot:
        pane.add(events, picture)
        await settled(pilot, pane)
        assert all(len(line) < 60 for line in screen(pane))
        assert [line for line in screen(pane) if "✓ ok" in line and "orchestrator  " in line]


async def test_the_line_above_can_be_clicked_to_follow_again() -> None:
    async with PaneApp(pane := LogPane()).run_test(size=(100, 12)) as pilot:
        pane.add(steps(0, 40), pictured(steps(0, 40)))
        await settled(pilot, pane)
        pane.focus()
        await pilot.press("g")
        assert head(pane).startswith("follow is off")
        await pilot.click(".outline-pane--head")
        assert head(pane).startswith("following")
        assert screen(pane)[-1].endswith("gather-39")


async def test_the_mouse_scrolls_away_from_the_end() -> None:
    async with PaneApp(pane := LogPane()).run_test(size=(100, 12)) as pilot:
        pane.add(steps(0, 40), pictured(steps(0, 40)))
        await settled(pilot, pane)
        pane.outline.scroll_relative(y=-3, animate=False)
        await pilot.pause()
        assert pane.outline.scroll_offset != Offset(0, int(pane.outline.max_scroll_y))
        assert head(pane).startswith("follow is off")
