from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tui.keys import all_keys
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.widgets.rows import RowList
from support.screens import screens, shown_by

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource


async def test_moving_over_themes_tries_them_and_the_line_that_keeps_one_is_shown(demo_run: RecordedSource) -> None:
    async with screens(demo_run, options=ScreenOptions(theme="nord")) as pilot:
        await pilot.press("comma")
        assert pilot.app.screen.query_one(RowList).key == "nord"
        await pilot.press("g")
        assert pilot.app.theme == "ansi-dark"
        assert 'theme = "ansi-dark"' in shown_by(pilot)
        await pilot.press("escape")
        assert pilot.app.theme == "ansi-dark"


async def test_a_key_of_the_configuration_does_what_another_did(demo_run: RecordedSource) -> None:
    async with screens(demo_run, options=ScreenOptions(keys={"app.settings": "f9"})) as pilot:
        await pilot.press("comma")
        assert "To keep them" not in shown_by(pilot)
        await pilot.press("f9")
        assert "To keep them" in shown_by(pilot)
        assert "app.settings           f9" in shown_by(pilot)


def test_every_key_says_what_it_does_and_has_one_name() -> None:
    keys = all_keys()
    assert len(keys) > 40
    assert [key.id for key in keys if not key.words] == []
