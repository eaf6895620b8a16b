"""Somebody who wants other keys, and keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.cli.display import screen_options
from archaeologist.domain.names import PAUSE_ASKED
from archaeologist.settings import load_settings
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.keys_pane import KeyList
from support.recordings import paused
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.app import Left


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's configuration file, of which applications here know."""
    path = tmp_path / "config.toml"
    monkeypatch.setenv("ARCHAEOLOGIST_CONFIG", str(path))
    monkeypatch.delenv("ARCHAEOLOGIST_KEYS", raising=False)
    return path


def configured() -> ScreenOptions:
    """Return what an application that is started now gets."""
    return screen_options(load_settings({}))


def keys_of(pilot: Pilot[Left]) -> KeyList:
    """Return the list of keys, whatever asks above it."""
    return next(screen.query_one(KeyList) for screen in pilot.app.screen_stack if screen.query(KeyList))


async def go_to(pilot: Pilot[Left], name: str) -> None:
    """Open the settings, unless they are, and go to a key."""
    if not any(screen.query(KeyList) for screen in pilot.app.screen_stack):
        await pilot.press("comma", "tab")
    await until(pilot, lambda: bool(pilot.app.screen.query(KeyList)), "nothing is asked")
    keys_of(pilot).choose(name)
    await pilot.pause()


async def change(pilot: Pilot[Left], name: str, *keys: str, way: str = "enter") -> None:
    """Ask for another key, and press some until one is taken."""
    await go_to(pilot, name)
    await pilot.press(way)
    await until_shown(pilot, f"key for {name}: ")
    await pilot.press(*keys)


def line_of(pilot: Pilot[Left], name: str) -> str:
    """Return a line of the list."""
    row = next(row for row in keys_of(pilot).rows if row.key == name)
    return " ".join(row.content.plain.split())


async def until_told(pilot: Pilot[Left], text: str) -> None:
    """Wait until a message has a text, wherever its lines are broken."""
    await until(pilot, lambda: text in " ".join(each.message for each in pilot.app._notifications), f"{text!r} is told")


async def test_a_key_that_is_pressed_holds_at_once_everywhere(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "t Report")
        await change(pilot, "run.report", "T")
        await until_shown(pilot, "not kept yet: 1 key; y copies it")
        assert line_of(pilot, "run.report") == "* T run.report Read the report"
        assert "run.report: T, by default t" in shown_by(pilot)
        await pilot.press("escape")
        assert "T Report" in await until_shown(pilot, "1 Agents")
        await pilot.press("question_mark")
        assert "T             Read the report" in await until_shown(pilot, "This screen")
        await pilot.press("escape", "t")
        assert "archaeologist/demo" not in shown_by(pilot)
        await pilot.press("T")
        await until_shown(pilot, "Modernized for Python")


async def test_the_keys_that_are_always_shown_are_the_changed_ones(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await change(pilot, "app.help", "f1")
        await change(pilot, "app.palette", "ctrl+k")
        await change(pilot, "app.settings", "f2")
        assert shown_by(pilot).splitlines()[-1].rstrip().endswith("f1 Help  ^k Palette")
        await pilot.press("escape", "f1")
        assert "f2            Try themes, change keys" in await until_shown(pilot, "Everywhere")
        await pilot.press("escape", "ctrl+k")
        await until_shown(pilot, "Search for commands")


async def test_one_key_leaves_from_everywhere(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "q Leave")
        await change(pilot, "app.leave", "Z")
        await pilot.press("escape")
        await until_shown(pilot, "Z Leave")
        await pilot.press("escape")
        assert "Z Leave" in await until_shown(pilot, "Runs: 1")
        await pilot.press("q")
        assert pilot.app.is_running
        await pilot.press("Z")
    assert pilot.app.return_value is not None


async def test_a_key_can_be_added_and_the_own_ones_put_back(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await change(pilot, "list.down", way="a")
        assert "j ↓ does it already; esc adds none" in shown_by(pilot)
        await pilot.press("J")
        await until(pilot, lambda: line_of(pilot, "list.down").startswith("* j ↓ J list.down"), "the key is added")
        place = keys_of(pilot).current
        await pilot.press("J", "j")
        assert keys_of(pilot).current == place + 2
        assert "Put back" not in shown_by(pilot)
        await go_to(pilot, "list.down")
        await until_shown(pilot, "⌫ Put back")
        await pilot.press("backspace")
        assert line_of(pilot, "list.down") == "j ↓ list.down Down"
        assert "not kept yet" not in shown_by(pilot)
        await pilot.press("J")
        assert keys_of(pilot).current == place


async def test_a_key_that_is_taken_is_refused_in_words_and_another_one_can_be_pressed(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await change(pilot, "run.branch", "t")
        await until_shown(pilot, "t is taken by run.report: Read the report")
        await pilot.press("ctrl+p")
        await until_shown(pilot, "ctrl+p is taken by app.palette")
        await pilot.press("ctrl+pagedown")
        await until_shown(pilot, "ctrl+pgdn is taken: page right")
        await pilot.press("tab")
        await until_shown(pilot, "tab is taken by app.next")
        await pilot.press("V")
        await until(pilot, lambda: line_of(pilot, "run.branch").startswith("* V "), "the free key is taken")
        await change(pilot, "run.branch", "V", way="a")
        await until_shown(pilot, "V does it already")


async def test_a_key_that_is_taken_is_swapped_when_it_is_pressed_again(demo_run: RecordedSource, config: Path) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run, options=configured()) as pilot:
        await until_shown(pilot, "t Report")
        await change(pilot, "run.branch", "t")
        await until_shown(pilot, "press t again to swap them, or another one")
        await pilot.press("comma", "t")
        await until_shown(pilot, "t is taken by run.report")
        await pilot.press("t")
        await until_shown(pilot, "not kept yet: 2 keys")
        assert line_of(pilot, "run.branch").startswith("* t ")
        assert line_of(pilot, "run.report").startswith("* v ")
        await pilot.press("s", "escape")
        await until_shown(pilot, "t Branch  v Report")
        await pilot.press("t")
        await until_shown(pilot, "1 Commits")
        await pilot.press("escape", "v")
        await until_shown(pilot, "archaeologist/demo")
    assert config.read_text() == '[keys]\n"run.branch" = "t"\n"run.report" = "v"\n'


async def test_a_key_that_something_cannot_be_without_is_not_swapped(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await change(pilot, "run.report", "enter", "enter")
        assert "press another one" in await until_shown(pilot, "⏎ is taken by rows.open")
        await pilot.press("escape")
        await change(pilot, "run.report", "v", "v", way="a")
        assert "press another one" in await until_shown(pilot, "v is taken by run.branch")


async def test_a_default_that_another_action_has_by_now_is_not_put_back(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await change(pilot, "run.branch", "V")
        await change(pilot, "run.report", "v")
        await go_to(pilot, "run.branch")
        await pilot.press("delete")
        await until_told(pilot, "v is taken by run.report: Read the report; ⏎, and v twice, swaps them")
        assert line_of(pilot, "run.branch").startswith("* V ")
        await pilot.press("enter", "v", "v")
        await until(pilot, lambda: line_of(pilot, "run.branch").startswith("v "), "they are swapped")
        assert line_of(pilot, "run.report").startswith("* V ")


async def test_escape_keeps_the_key(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await change(pilot, "run.report", "escape")
        await until(pilot, lambda: bool(pilot.app.screen.query(KeyList)), "the question is gone")
        assert line_of(pilot, "run.report") == "t run.report Read the report"
        assert "not kept yet" not in shown_by(pilot)


async def test_nobody_is_locked_out(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await go_to(pilot, "rows.open")
        await pilot.press("enter")
        await until_shown(pilot, "⏎ always does it, too")
        await pilot.press("O")
        await change(pilot, "settings.back", "V")
        await until(pilot, lambda: line_of(pilot, "settings.back").startswith("* esc V "), "escape stays")
        await change(pilot, "app.leave-now", "ctrl+x")
        await until(pilot, lambda: line_of(pilot, "app.leave-now").startswith("* ctrl+q ctrl+x "), "ctrl+q stays")
        await pilot.press("enter")
        await until_shown(pilot, "Press the new key")
        await pilot.press("ctrl+q")
    assert pilot.app.return_value is not None


async def test_what_is_kept_is_found_by_the_next_application(demo_run: RecordedSource, config: Path) -> None:
    config.write_text('# mine\n[keys]\n"app.leave" = "Q"  # not q\n"run.report" = "R"\n')
    async with screens(demo_run, options=configured()) as pilot:
        await go_to(pilot, "run.report")
        await pilot.press("backspace")
        await change(pilot, "app.help", "f1")
        await until_shown(pilot, "not kept yet: 2 keys; s keeps it")
        await pilot.press("escape", "comma", "s")
        await until_told(pilot, "2 keys kept in")
        assert "not kept yet" not in shown_by(pilot)
    assert config.read_text() == '# mine\n[keys]\n"app.leave" = "Q"  # not q\n"app.help" = "f1"\n'
    async with screens(demo_run, options=configured()) as pilot:
        await go_to(pilot, "run.report")
        assert "f1 Help" in shown_by(pilot)
        assert line_of(pilot, "run.report") == "t run.report Read the report"
        assert line_of(pilot, "app.leave") == "* Q app.leave Leave; runs go on"
        assert "not kept yet" not in shown_by(pilot)


async def test_a_key_that_is_kept_leaves_the_theme_to_the_terminal(demo_run: RecordedSource, config: Path) -> None:
    async with screens(demo_run, options=configured()) as pilot:
        await change(pilot, "run.report", "slash")
        await until_shown(pilot, "/ is taken by")
        await pilot.press("comma")
        await until_shown(pilot, ", is taken by app.settings")
        await pilot.press("dollar_sign")
        await until_shown(pilot, "not kept yet: 1 key")
        await pilot.press("s")
        await until_told(pilot, "1 key kept in")
    assert config.read_text() == '[keys]\n"run.report" = "dollar_sign"\n'


async def test_a_variable_that_decides_instead_is_named(
    demo_run: RecordedSource, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHAEOLOGIST_KEYS", "app.leave=Q")
    async with screens(demo_run, options=configured()) as pilot:
        await change(pilot, "app.help", "f1")
        await pilot.press("s")
        await until_told(pilot, "but ARCHAEOLOGIST_KEYS decides as long as it is set")
    assert config.read_text() == '[keys]\n"app.help" = "f1"\n'


async def test_where_nothing_can_be_kept_a_key_is_tried_and_its_lines_are_copied(demo_run: RecordedSource) -> None:
    async with screens(demo_run, options=ScreenOptions(theme="nord")) as pilot:
        await change(pilot, "app.help", "f1")
        assert "s Keep" not in await until_shown(pilot, "not kept yet: 1 key; y copies it")
        await pilot.press("s", "y")
        await until_told(pilot, "copied")
        assert pilot.app.clipboard == 'theme = "nord"\n[keys]\n"app.help" = "f1"'


async def test_where_the_file_cannot_be_written_the_key_is_still_tried(
    demo_run: RecordedSource, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.touch()
    monkeypatch.setenv("ARCHAEOLOGIST_CONFIG", str(config / "below" / "config.toml"))
    async with screens(demo_run, options=configured()) as pilot:
        await change(pilot, "app.help", "f1")
        await pilot.press("s")
        await until_told(pilot, "cannot be written")
        await pilot.press("escape", "comma")
        assert "not kept yet: 1 key" in shown_by(pilot)
        assert "f1 Help" in shown_by(pilot)


async def test_keys_are_found_by_words_and_escape_shows_all_again(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await pilot.press("comma", "tab", "slash", *"question_mark", "enter")
        keys = keys_of(pilot)
        assert {row.key for row in keys.rows} == {"app.help", "help.close"}
        await pilot.press("escape", "slash", *"no such key")
        await until_shown(pilot, "no key has such words")
        await pilot.press("escape")
        assert len(keys.rows) > 80
        await pilot.press("escape")
        await until(pilot, lambda: not pilot.app.screen.query(KeyList), "the settings are left")


async def test_keys_are_changed_with_the_mouse_at_60_columns(demo_run: RecordedSource) -> None:
    async with screens(demo_run, size=(60, 18)) as pilot:
        await go_to(pilot, "app.help")
        await pilot.click(KeyList, offset=(4, 1))
        await until_shown(pilot, "Press the new key for app.help")
        await pilot.click(KeyLine, offset=(3, 0))
        await until(pilot, lambda: bool(pilot.app.screen.query(KeyList)), "esc is clicked")


async def test_keys_of_the_file_that_are_taken_are_told_at_once_and_under_settings(
    demo_run: RecordedSource, config: Path
) -> None:
    config.write_text('[keys]\n"app.leave" = "v"\n"branch.edit" = "b"\n"run.report" = "R"\n"consent.yes" = "n"\n')
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run, options=configured()) as pilot:
        assert [each.message.splitlines() for each in pilot.app._notifications] == [
            [
                "v does app.leave (Leave), not run.branch (Branch)",
                "b does branch.edit (Editor), not branch.group (Group)",
                "R does run.report (Report), not run.revive (Start)",
                "and 1 more, all marked under Settings",
            ]
        ]
        pilot.app.clear_notifications()
        assert "v Leave" in await until_shown(pilot, "1 Agents")
        await go_to(pilot, "app.leave")
        await until_shown(pilot, "app.leave: v, by default q; v does this, not run.branch (Branch)")
        assert line_of(pilot, "app.leave").startswith("! v app.leave")
        await go_to(pilot, "run.branch")
        await until_shown(pilot, "run.branch: v; v is taken by app.leave (Leave)")
        assert line_of(pilot, "run.branch").startswith("! v run.branch")
        await go_to(pilot, "app.next")
        await until_shown(pilot, "app.next: tab")
        assert "taken" not in shown_by(pilot)


async def test_of_keys_that_get_into_nobody_s_way_nothing_is_said(demo_run: RecordedSource, config: Path) -> None:
    config.write_text('[keys]\n"app.leave" = "Z"\n"player.halt" = "H"\n"log.follow" = "z"\n"settings.back" = "B"\n')
    async with screens(demo_run, options=configured()) as pilot:
        await until_shown(pilot, "Z Leave")
        assert not pilot.app._notifications


async def test_panes_and_prompts_name_the_keys_that_are_used(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    keys = {"run.agents": "A", "run.plan": "left_square_bracket", "outline.filter": "F", "branch.diff": "D"}
    keys["diff.previous-hunk"] = "less_than_sign"
    async with screens(demo_run, run=run, options=ScreenOptions(keys=keys)) as pilot:
        assert "2 Log  3 Diff  [ Plan  5 Chat  6 Survey" in await until_shown(pilot, "A Agents")
        await pilot.press("left_square_bracket")
        await until_shown(pilot, "w says why, F finds one")
        await change(pilot, "run.log", "L")
        await pilot.press("escape", "question_mark")
        assert "[ Plan" in await until_shown(pilot, "This screen")
        await pilot.press("escape")
        await until_shown(pilot, "L Log  3 Diff  [ Plan")
        await change(pilot, "outline.next-match", "X")
        await pilot.press("escape", "5", "F")
        await until_shown(pilot, "X next match")
        await pilot.press("escape", "v")
        assert "1 Commits" in await until_shown(pilot, "D Diff")
        await change(pilot, "branch.left", "E")
        await pilot.press("escape")
        await until_shown(pilot, "E Left alone: 30 places")
        panes = [each.title.partition(":")[0] for each in pilot.app.get_system_commands(pilot.app.screen)]
        assert {"Left alone", "Commits", "Diff"} <= set(panes)


async def test_what_is_said_names_the_keys_that_are_used(demo_in_the_middle: RecordedSource, tmp_path: Path) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", PAUSE_ASKED)
    (run,) = await recording.runs()
    keys = {"run.go-on": "P", "app.leave": "Q", "run.cancel": "X", "confirm.yes": "J", "log.follow": "F"}
    async with screens(recording, run=run, options=ScreenOptions(keys=keys)) as pilot:
        await until_shown(pilot, "P goes on")
        await pilot.press("ctrl+c")
        await until_told(pilot, "Q leaves and the run goes on; X gives the run up")
        await pilot.press("X")
        await until_shown(pilot, "J does it, n goes back")
        await pilot.press("n", "2", "k")
        await until_shown(pilot, "follow is off, F goes on")
        await change(pilot, "run.go-on", "H")
        await until_shown(pilot, "not kept yet")
        await pilot.press("escape")
        await until_shown(pilot, "H goes on")
