from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import UsageError
from archaeologist.keeping import Kept, Value
from archaeologist_tui.keys import all_keys
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.widgets.rows import RowList
from support.screens import screens, shown_by, until_shown

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource


async def test_moving_over_themes_tries_them_and_the_line_that_keeps_one_is_shown(demo_run: RecordedSource) -> None:
    async with screens(demo_run, options=ScreenOptions(theme="nord")) as pilot:
        await pilot.press("comma")
        assert pilot.app.screen.query_one(RowList).key == "nord"
        assert "⏎ Open" not in shown_by(pilot)
        await pilot.press("g")
        assert pilot.app.theme == "ansi-dark"
        assert "not kept yet: theme; y copies it" in shown_by(pilot)
        await pilot.press("comma", "escape")
        assert "Theme" not in shown_by(pilot)
        assert pilot.app.theme == "ansi-dark"


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (Kept(Path("/home/me/config.toml")), ["kept in", "/home/me/config.toml"]),
        (Kept(Path("/c.toml"), "ARCHAEOLOGIST_THEME"), ["kept in /c.toml,", "but ARCHAEOLOGIST_THEME"]),
        (UsageError("it cannot be written", hint="write it yourself"), ["it cannot be written", "write it yourself"]),
    ],
)
async def test_a_theme_is_kept_and_where_is_told(
    demo_run: RecordedSource, kept: Kept | UsageError, words: list[str]
) -> None:
    asked = []

    def keep(name: str, value: Value) -> Kept:
        asked.append((name, value))
        if isinstance(kept, UsageError):
            raise kept
        return kept

    async with screens(demo_run, options=ScreenOptions(theme="nord", keep=keep)) as pilot:
        await pilot.press("comma", "g", "s")
        for text in words:
            await until_shown(pilot, text)
        assert asked == [("theme", "ansi-dark")]


async def test_the_theme_that_is_used_is_kept_when_nothing_was_tried(demo_run: RecordedSource) -> None:
    asked = []

    def keep(name: str, value: Value) -> Kept:
        asked.append((name, value))
        return Kept(Path("/c.toml"))

    async with screens(demo_run, options=ScreenOptions(theme="nord", keep=keep)) as pilot:
        await pilot.press("comma", "s")
        await until_shown(pilot, "theme kept in /c.toml")
        assert asked == [("theme", "nord")]


async def test_the_theme_is_in_view_in_a_small_window(demo_run: RecordedSource) -> None:
    async with screens(demo_run, size=(60, 18), options=ScreenOptions(theme="nord")) as pilot:
        await pilot.press("comma")
        await until_shown(pilot, "nord")


async def test_where_nothing_can_be_kept_the_key_is_not_offered(demo_run: RecordedSource) -> None:
    async with screens(demo_run) as pilot:
        await pilot.press("comma")
        assert "s Keep" not in shown_by(pilot)


async def test_a_key_of_the_configuration_does_what_another_did(demo_run: RecordedSource) -> None:
    async with screens(demo_run, options=ScreenOptions(keys={"app.settings": "f9"})) as pilot:
        await pilot.press("comma")
        assert "Theme" not in shown_by(pilot)
        await pilot.press("f9")
        assert "Theme" in shown_by(pilot)
        assert "* f9            app.settings " in shown_by(pilot)


def test_every_key_says_what_it_does_and_has_one_name() -> None:
    keys = all_keys()
    assert len(keys) > 40
    assert [key.id for key in keys if not key.words] == []
