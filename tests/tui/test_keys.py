"""One set of keys moves through everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size

from archaeologist_tui.keys import MOVEMENT, all_keys
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.keyed_scroll import KeyedScroll
from archaeologist_tui.widgets.outline import Outline
from archaeologist_tui.widgets.rows import Row, RowList
from support.panes import PaneApp
from support.screens import screens, until, until_shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.widget import Widget

    from archaeologist.pipeline.recordings.source import RecordedSource

OTHERS = {
    "list.down": "m",
    "list.up": "i",
    "list.page-down": "M",
    "list.page-up": "I",
    "list.first": "a",
    "list.last": "z",
}
KEYS = {binding.id: binding.key.split(",")[0] for binding in MOVEMENT if binding.id}


class Rows(RowList):
    def on_mount(self) -> None:
        self.set_rows([Row(str(number), Content(str(number))) for number in range(100)])


class Entries(Outline):
    def on_mount(self) -> None:
        self.set_entries([Paragraph(str(number), plain(str(number))) for number in range(100)])


class Tall(KeyedScroll, can_focus=True):
    def on_mount(self) -> None:
        self.virtual_size = Size(10, 100)


def place(pane: Widget) -> int:
    return pane.current if isinstance(pane, (RowList, Outline)) else pane.scroll_offset.y


async def walked(keys: dict[str, str], press: Callable[[str], Awaitable[None]], where: Callable[[], int]) -> None:
    """Press every key that moves, and see that it does."""
    await press(keys["list.down"])
    assert where() == 1
    await press(keys["list.page-down"])
    assert where() > 10
    await press(keys["list.page-up"])
    assert where() == 1
    await press(keys["list.up"])
    assert where() == 0
    await press(keys["list.last"])
    assert where() > 50
    await press(keys["list.first"])
    assert where() == 0


@pytest.mark.parametrize("made", [Rows, Entries, Tall])
@pytest.mark.parametrize("other", [False, True])
async def test_the_same_ids_move_through_every_pane(made: Callable[[], Widget], *, other: bool) -> None:
    keys = OTHERS if other else KEYS
    app = PaneApp(pane := made())
    async with app.run_test(size=(60, 20)) as pilot:
        if other:
            app.set_keymap(OTHERS)
        pane.focus()
        await walked(keys, pilot.press, lambda: place(pane))
        await pilot.press(*(KEYS if other else OTHERS).values())
        assert place(pane) == 0


async def test_they_move_through_the_report_too(demo_run: RecordedSource) -> None:
    run = (await demo_run.runs())[0]
    async with screens(demo_run, run=run, size=(60, 20), options=ScreenOptions(keys=OTHERS)) as pilot:
        pilot.app.clear_notifications()
        await until_shown(pilot, "1 Agents")
        await pilot.press("t")
        await until_shown(pilot, "archaeologist/demo")
        scroll = pilot.app.screen.query_one(VerticalScroll)
        await until(pilot, lambda: scroll.max_scroll_y > 50, "the whole report is there")
        await walked(OTHERS, pilot.press, lambda: scroll.scroll_offset.y)


@pytest.mark.parametrize("key", ["j", "k", "g", "G", "ctrl+d", "ctrl+u"])
def test_no_pane_gives_a_key_that_moves_an_id_of_its_own(key: str) -> None:
    assert len({each.id for each in all_keys() if key in each.keys.split(",")}) == 1
