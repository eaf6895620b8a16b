"""Finding one's way: between screens, out of the application, and to the keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from textual import events

from archaeologist.pipeline.recordings.playback import Playback
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui import typed
from archaeologist_tui.actions import actions_of
from archaeologist_tui.app import ArchaeologistApp
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.widgets.log import LogPane
from archaeologist_tui.widgets.outline import Outline
from archaeologist_tui.widgets.outline_pane import FilterInput
from support.clocks import Turned
from support.screens import screens, shown_by, until_shown

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from archaeologist.domain.events import RunLine
    from archaeologist_tui.app import Left


async def opened(pilot: Pilot[Left]) -> None:
    """Open the run of the list."""
    await until_shown(pilot, "repository")
    await pilot.press("enter")
    await until_shown(pilot, "1 Agents")


async def test_enter_opens_a_run_and_escape_goes_back_one_level(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        await pilot.press("t")
        await until_shown(pilot, "Modernized for Python")
        await pilot.press("escape")
        assert "1 Agents" in shown_by(pilot)
        await pilot.press("v")
        await until_shown(pilot, "1 Commits")
        await pilot.press("escape")
        assert "1 Agents" in shown_by(pilot)
        await pilot.press("escape")
        assert "Runs: 1" in shown_by(pilot)


async def test_what_a_person_has_to_know_first_stands_on_the_screen_that_opens(demo_run: RecordedSource) -> None:
    (line,) = await demo_run.runs()
    async with screens(demo_run, run=line, notice=["not used:", "  --exclude [bold]*"]) as pilot:
        shown = await until_shown(pilot, "1 Agents")
        assert "not used:" in shown
        assert "  --exclude [bold]*" in shown


def typed_in_one_go(pilot: Pilot[Left], *keys: str) -> None:
    """Press keys as a slow line brings them: all of them before the first one is handled."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_letters_typed_in_one_go_are_no_keys_of_what_the_first_one_leaves(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        typed_in_one_go(pilot, "slash", *"qtx", "enter", "t")
        await until_shown(pilot, "Modernized for Python")
        typed_in_one_go(pilot, "escape", "v")
        await until_shown(pilot, "hunk 1 of")
        typed_in_one_go(pilot, "slash", *"path:main", "enter", "b")
        await until_shown(pilot, "by file")
        assert pilot.app.screen.query_one(FilterInput).value == "path:main"


@pytest.mark.parametrize("looks", [typed.LOST_SECONDS, 0.001])
async def test_what_is_typed_behind_the_key_of_a_window_goes_there_however_slowly_it_opens(
    demo_run: RecordedSource, looks: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, "LOST_SECONDS", looks)
    async with screens(demo_run) as pilot:
        await opened(pilot)
        typed_in_one_go(pilot, "ctrl+p", *"xqreport")
        assert "xqreport" in await until_shown(pilot, "No matches found")
        typed_in_one_go(pilot, "escape", "question_mark", "escape", "comma", "escape", "escape", "slash", *"qx")
        assert "1 Agents" not in await until_shown(pilot, "qx")


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_gives_the_run_that_was_looked_at(demo_run: RecordedSource, key: str) -> None:
    async with screens(demo_run) as pilot:
        app = pilot.app
        await opened(pilot)
        await until_shown(pilot, "DONE")
        await pilot.press(key)
    assert app.return_value is not None
    assert app.return_value.picture is not None
    assert app.return_value.picture.view.result is not None
    assert app.return_value.picture.run.run_id == demo_run.request.run.run_id


async def test_ctrl_c_stops_nothing_and_says_how_to_leave(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+c")
        assert "q leaves; whatever runs goes on" in await until_shown(pilot, "How to leave")
        assert pilot.app.is_running


async def test_ctrl_c_says_how_to_give_a_run_up_where_there_is_one(demo_in_the_middle: RecordedSource) -> None:
    async with screens(demo_in_the_middle, options=ScreenOptions(keys={"runs.cancel": "X"})) as pilot:
        await until_shown(pilot, "X Cancel")
        await pilot.press("ctrl+c")
        await until_shown(pilot, "q leaves and the run goes on; X gives the run up")
        pilot.app.clear_notifications()
        await pilot.press("enter")
        await until_shown(pilot, "1 Agents")
        await pilot.press("ctrl+c")
        await until_shown(pilot, "q leaves and the run goes on; x gives the run up")


async def test_the_figures_of_a_report_go_on_below_their_beginning_at_every_width(demo_run: RecordedSource) -> None:
    async with screens(demo_run, size=(60, 30)) as pilot:
        await opened(pilot)
        await pilot.press("t")
        await until_shown(
            pilot,
            "\n    left alone  91 places and 4 files; each with its\n                reason: `archaeologist runs show",
        )
        await pilot.resize_terminal(120, 30)
        await until_shown(pilot, "with its reason: `archaeologist runs")


async def test_help_lists_the_keys_of_the_focused_pane_first(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        await pilot.press("question_mark")
        agents = shown_by(pilot)
        assert agents.index("Open the current row") < agents.index("This screen") < agents.index("Leave; runs go on")
        await pilot.press("escape", "2", "question_mark")
        log = shown_by(pilot)
        assert log.index("2 Log", log.index("Keys")) < log.index("Show only what went wrong") < log.index("This screen")


async def test_help_names_a_key_once(demo_run: RecordedSource) -> None:
    playback = Playback(demo_run, clock=Turned())
    (run,) = await playback.runs()
    async with screens(playback, run=run, size=(120, 60)) as pilot:
        await until_shown(pilot, "recorded run")
        await pilot.press("question_mark")
        assert re.search(r" \+ +Play faster", await until_shown(pilot, "Play faster"))
        assert "+ +" not in shown_by(pilot)
        assert re.search(r" q +Leave the recording", shown_by(pilot))


async def test_the_palette_offers_what_keys_do(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+p")
        await pilot.press(*"report")
        await until_shown(pilot, "Read the report")
        await pilot.press("down", "enter")
        await until_shown(pilot, "Modernized for Python")


async def test_the_palette_does_what_another_pane_can_and_goes_there(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        await pilot.press("4", "1", "ctrl+p", *"failures")
        await until_shown(pilot, "Log: Failures")
        await pilot.press("down", "enter")
        await until_shown(pilot, "failures only, ! shows all")
        assert isinstance(pilot.app.focused, Outline)
        assert isinstance(pilot.app.focused.parent, LogPane)


async def test_the_palette_has_every_action_of_every_pane_once(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await opened(pilot)
        assert isinstance(pilot.app, ArchaeologistApp)
        titles = [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]
        assert len(set(titles)) == len(titles)
        assert all(title[0].isupper() for title in titles)
        wanted = {"Agents: Open", "Log: Follow", "Diff: Next hunk", "Plan: Filter", "Chat: Next conversation", "Branch"}
        assert wanted <= set(titles)
        assert "Allow" not in titles, "nothing is asked"


async def test_the_palette_has_what_can_be_done_now_in_order_of_its_names(demo_in_the_middle: RecordedSource) -> None:
    (run,) = await demo_in_the_middle.runs()
    async with screens(demo_in_the_middle, run=run) as pilot:
        await until_shown(pilot, "RUNNING")
        await pilot.press("t", "y")
        await until_shown(pilot, "there is no report yet")
        actions = actions_of(pilot.app.screen)
        titles = [action.title for action in actions]
        assert titles == sorted(titles)
        assert {"Back", "Cancel", "Copy", "Pause", "Settings"} <= set(titles)
        assert not {"Allow", "Go on", "How to leave", "Start"} & set(titles)
        assert next(each.words for each in actions if each.title == "Pause") == "Stop before the next step"


async def test_the_palette_leaves_out_fields_and_lists_that_are_not_there(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(self: RecordedSource) -> list[RunLine]:
        return []

    async with screens(demo_run) as pilot:
        await until_shown(pilot, "inventory")
        titles = {action.title for action in actions_of(pilot.app.screen)}
        assert "Open" in titles
        assert "Forget" not in titles
    monkeypatch.setattr(RecordedSource, "runs", none)
    async with screens(demo_run) as pilot:
        await until_shown(pilot, "no runs yet")
        assert "Open" not in {action.title for action in actions_of(pilot.app.screen)}


@pytest.mark.parametrize("size", [(60, 18), (100, 30), (250, 70)])
async def test_any_size_shows_state_agents_and_log(demo_run: RecordedSource, size: tuple[int, int]) -> None:
    async with screens(demo_run, size=size) as pilot:
        await opened(pilot)
        screen = await until_shown(pilot, "DONE")
        assert "orchestrator" in screen
        assert "2 Log" in screen
        await pilot.resize_terminal(80, 24)
        assert "DONE" in shown_by(pilot)


@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark", "ansi-light"])
async def test_without_colours_a_theme_of_the_terminals_own_can_still_be_read(
    demo_run: RecordedSource, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(demo_run, options=ScreenOptions(theme=theme)) as pilot:
        await opened(pilot)
        picture = pilot.app.export_screenshot()
    drawn = re.search(r'<text class="(\S+)"[^>]*>[^<]*documenter', picture)
    assert drawn is not None
    colour = re.search(rf"\.{drawn[1]} {{ fill: (#\w+)", picture)
    assert colour is not None
    assert colour[1] != "#000000", "as black as what is behind it"
