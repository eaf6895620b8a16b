"""The screen of one run on recorded runs: tabs, what is asked, and what is shown of the chosen agent."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.review.reading import read_commit
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.widgets.log import LogPane
from archaeologist_tui.widgets.plan import PlanPane
from archaeologist_tui.widgets.survey import SurveyPane
from support.recordings import HeldBack
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.events import RunLine
    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.widgets.entries import Entry


def logged(screen: RunScreen) -> Sequence[Entry]:
    return screen.query_one(LogPane).outline.layout_of_entries.entries


async def line(source: RecordedSource) -> RunLine:
    (run,) = await source.runs()
    return run


async def test_the_diff_tab_shows_the_newest_commit_and_then_that_of_the_chosen_work(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    newest = read_commit(demo_run.data(demo_run.request), view, view.commits[-1])
    async with screens(demo_run, run=await line(demo_run), size=(140, 40)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press("d")
        shown = await until_shown(pilot, "the newest commit")
        assert newest.commit.subject in shown
        assert newest.hunks[0].path in await until_shown(pilot, "line ")
        await pilot.press("1", "j", "j", "enter", "j", "j", "j", "j")
        shown = await until_shown(pilot, "of the chosen line")
        assert newest.commit.subject not in shown


async def test_a_line_of_commits_unfolds_into_those_of_single_rules_when_it_is_done(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(140, 40)) as pilot:
        await until_shown(pilot, "DONE")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        await pilot.press("j", "j", "enter")
        screen.agents.choose("modernizer/commit-layer")
        await pilot.press("enter")
        rule = "modernizer/commit-rewrite-AR031"
        await until(pilot, lambda: rule in [row.key for row in screen.agents.rows], "the rules are there")
        screen.agents.choose(rule)
        await pilot.press("d")
        assert "Drop branches for Python 2  of the chosen line" in await until_shown(pilot, "line 19")
        await pilot.press("1")
        screen.agents.choose("modernizer/commit-layer")
        await pilot.press("enter")
        await until(pilot, lambda: rule not in [row.key for row in screen.agents.rows], "the rules are folded")


@pytest.mark.parametrize(
    ("tab", "rows", "key", "told"),
    [
        ("4", ("phase.rewrite", "layer.rewrite.0"), "enter", "Drop branches for Python 2  of the chosen row"),
        ("4", ("phase.rewrite", "item.rewrite.1"), "d", "Use f-strings in stockroom/models.py  of the chosen row"),
        ("6", ("spots", "spot.stockroom/models.py"), "3", "the newest one that changes stockroom/models.py"),
        ("6", ("files", "file.tests/test_stock.py"), "d", "no commit of this run changes tests/test_stock.py"),
    ],
)
async def test_the_diff_is_that_of_the_row_from_which_it_is_asked_for(
    demo_run: RecordedSource, tab: str, rows: tuple[str, str], key: str, told: str
) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(220, 50)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press(tab)
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        pane = screen.query_one(PlanPane) if tab == "4" else screen.query_one(SurveyPane)
        for row in rows:
            await until(pilot, lambda: not pane.is_behind and _has(pane, row), "the row is there")  # noqa: B023 - at once
            pane.outline.choose(row)
            await pilot.press("right")
        await pilot.press(key)
        await until_shown(pilot, told)
        await pilot.press("1", "d")
        await until_shown(pilot, "  the newest commit")


def _has(pane: PlanPane | SurveyPane, row: str) -> bool:
    return pane.outline.layout_of_entries.place(row) is not None


async def test_the_diff_of_a_step_in_the_log_is_that_of_its_commit(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(140, 50)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press("2", "slash", *"commit: Drop branches", "enter", "G", "enter", "down", "d")
        assert "Drop branches for Python 2  of the chosen row" in await until_shown(pilot, "line 19")


async def test_the_plan_tab_says_why_a_file_was_left_alone(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(140, 50)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press("4")
        await until_shown(pilot, "left alone, and why")
        await pilot.press("slash", *"compat.py", "enter")
        assert "stockroom/compat.py" in await until_shown(pilot, "found")


async def test_a_click_on_the_name_of_a_tab_opens_it(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(100, 30)) as pilot:
        await until_shown(pilot, "DONE")
        names = next(row for row in shown_by(pilot).splitlines() if "4 Plan" in row)
        await pilot.click(offset=(names.index("4 Plan"), shown_by(pilot).splitlines().index(names)))
        await until_shown(pilot, "what the rules found, and what becomes of it")
        assert pilot.app.focused is pilot.app.screen.query_one(PlanPane).outline


async def test_the_chat_is_about_the_agent_that_is_chosen(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(140, 50)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press("j", "j", "5")
        assert "rewrite_function(" in await until_shown(pilot, "You are the modernizer")


async def test_what_happened_below_another_screen_is_shown_when_a_person_comes_back(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archaeologist_tui.feed.AT_ONCE", 100)  # so that it is told in several parts
    source = HeldBack(demo_run.folder)
    async with screens(source, run=await line(demo_run), size=(140, 40)) as pilot:
        await until_shown(pilot, "reading what has happened")
        await pilot.press("comma")
        source.let.set()
        below = next(screen for screen in pilot.app.screen_stack if isinstance(screen, RunScreen))
        await until(pilot, lambda: below.picture.view.last_event == source.now(), "all was read")
        assert not logged(below)
        await pilot.press("escape")
        assert "✓ synthesize" in await until_shown(pilot, "✓ verify")
        await until(pilot, lambda: len(logged(below)) > 50, "the log is there")
        assert logged(below)[0].text.startswith("modernizes ")
        assert logged(below)[-1].text == "remove private checkouts"


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("v", "reading what has happened  archaeologist/demo", "116 hunks"),
        ("t", "reading what has happened\n", "141 edits in 10 files"),
    ],
)
async def test_a_screen_that_is_opened_while_the_run_is_read_goes_on_with_it(
    demo_run: RecordedSource, key: str, before: str, after: str
) -> None:
    source = HeldBack(demo_run.folder)
    async with screens(source, run=await line(demo_run)) as pilot:
        await until_shown(pilot, "reading what has happened")
        await pilot.press(key)
        await until_shown(pilot, before)
        source.let.set()
        await until_shown(pilot, after)


async def test_a_model_at_work_is_in_flight_and_counted(demo_in_the_middle: RecordedSource) -> None:
    async with screens(demo_in_the_middle, run=await line(demo_in_the_middle), size=(140, 40)) as pilot:
        for text in ("RUNNING", "tokens", "▸ run  modernizer", "think"):
            await until_shown(pilot, text)


@pytest.mark.parametrize("key", ["v", "t"])
async def test_news_that_come_while_a_screen_is_opened_take_nothing_down(
    demo_in_the_middle: RecordedSource, key: str
) -> None:
    async with screens(demo_in_the_middle, run=await line(demo_in_the_middle)) as pilot:
        await until_shown(pilot, "RUNNING")
        run = pilot.app.screen
        assert isinstance(run, RunScreen)
        {"v": run.action_branch, "t": run.action_report}[key]()
        run.advance((), run.picture)
        await until_shown(pilot, "Back")


async def test_the_chat_is_about_the_agent_at_work_until_somebody_chooses(demo_in_the_middle: RecordedSource) -> None:
    async with screens(demo_in_the_middle, run=await line(demo_in_the_middle), size=(140, 40)) as pilot:
        await until_shown(pilot, "RUNNING")
        await pilot.press("5")
        await until_shown(pilot, "You are the modernizer")
        await pilot.press("1", "j", "k")
        await until_shown(pilot, "You are the orchestrator")


async def test_the_chat_shows_the_conversation_of_the_chosen_work_item(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), size=(140, 40)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press("5", "1", "j", "j", "enter", *"jjjjjj")
        shown = await until_shown(pilot, "item 1 of 3: stockroom/models.py")
        assert "modernizer  scripted-model" in shown
        await until_shown(pilot, "rewrite_function(")


async def test_a_report_that_is_told_of_news_faster_than_it_reads_leaves_nothing_undone(
    demo_in_the_middle: RecordedSource,
) -> None:
    async with screens(demo_in_the_middle, run=await line(demo_in_the_middle)) as pilot:
        await until_shown(pilot, "RUNNING")
        run = pilot.app.screen
        assert isinstance(run, RunScreen)
        await pilot.press("t")
        await until_shown(pilot, "The report is written when the run ends")
        for _ in range(5):
            run.advance((), run.picture)
        await pilot.pause()
        gc.collect()  # which tells of what nobody waited for


class SeenAMinuteBefore(RecordedControls):
    """A person who looked last a minute before the run ended."""

    def seen(self, run: RunLine) -> datetime | None:
        return run.ended and run.ended - timedelta(minutes=1)


async def test_who_comes_back_reads_what_happened_meanwhile_and_may_read_it_again(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run), controls=SeenAMinuteBefore()) as pilot:
        told = await until_shown(pilot, "Since you looked, 1 min ago")
        assert "the documenter ended: done" in told
        assert "the archaeologist ended" not in told
        pilot.app.clear_notifications()
        await until(pilot, lambda: "Since you looked" not in shown_by(pilot), "it is gone")
        await pilot.press("M")
        await until_shown(pilot, "the documenter ended: done")


async def test_who_was_not_away_is_told_nothing_of_it(demo_run: RecordedSource) -> None:
    async with screens(demo_run, run=await line(demo_run)) as pilot:
        await until_shown(pilot, "✓ DONE")
        assert "Since you looked" not in await until_shown(pilot, "write the report")
        await pilot.press("M")
        assert "Since you looked" not in shown_by(pilot)
