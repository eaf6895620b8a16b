from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App
from textual.content import Content

from archaeologist_tui.widgets.rows import Row, RowList
from support.screens import shown

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Rows(App[None]):
    """Hosts a list."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield RowList()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.opened.append(event.key)

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)


def numbered(first: int, count: int) -> list[Row]:
    return [Row(str(number), Content(f"row {number}")) for number in range(first, first + count)]


def line(rows: RowList, y: int) -> str:
    return rows.render_line(y).text.rstrip()


async def test_keys_move_the_current_row_and_bring_it_into_view() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.set_rows(numbered(0, 10_000))
        await pilot.press("j", "j", "k")
        assert app.rows.key == "1"
        await pilot.press("G")
        assert app.rows.key == "9999"
        assert line(app.rows, 9) == "row 9999"
        await pilot.press("g", "enter")
        assert line(app.rows, 0) == "row 0"
        assert app.opened == ["0"]


async def test_what_is_said_besides_is_shown_whole_or_not_at_all() -> None:
    app = Rows()
    async with app.run_test(size=(20, 10)):
        rows = [
            Row("fits", Content("Drop object"), Content("  AR020")),
            Row("not", Content("Drop all objects"), Content("  AR020")),
        ]
        app.rows.set_rows([*rows, Row("cut", Content("Drop the base class object"))])
        assert [line(app.rows, y) for y in range(3)] == [
            "Drop object  AR020",
            "Drop all objects",
            "Drop the base class…",
        ]


async def test_the_current_row_stays_where_it_is_seen_when_rows_come_before_it() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.set_rows(numbered(100, 100))
        await pilot.press(*["j"] * 20)
        seen = [line(app.rows, y) for y in range(10)]
        app.rows.set_rows([*numbered(0, 100), *numbered(100, 100)])
        await pilot.pause()
        assert app.rows.key == "120"
        assert [line(app.rows, y) for y in range(10)] == seen


async def test_rows_that_go_away_leave_a_current_one_as_long_as_there_are_any() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.set_rows(numbered(0, 5))
        await pilot.press("G")
        app.rows.set_rows(numbered(0, 2))
        assert app.rows.key == "1"
        app.rows.set_rows([])
        await pilot.press("j", "enter")
        assert app.rows.key == ""
        assert app.opened == []


async def test_a_click_chooses_and_a_second_one_opens() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.set_rows(numbered(0, 5))
        await pilot.pause()
        await pilot.click(RowList, offset=(2, 3))
        assert (app.rows.key, app.opened) == ("3", [])
        await pilot.click(RowList, offset=(2, 3))
        assert app.opened == ["3"]


async def test_long_rows_are_cut_and_words_of_strangers_are_no_markup() -> None:
    app = Rows()
    async with app.run_test(size=(12, 4)) as pilot:
        app.rows.set_rows([Row("a", Content("[red]x[/red] and more"))])
        await pilot.pause()
        assert line(app.rows, 0) == "[red]x[/red…"


async def test_a_row_that_says_something_else_is_drawn_anew_wherever_the_list_is_scrolled_to() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.styles.border = ("round", "red")
        app.rows.set_rows(numbered(0, 50))
        await pilot.pause()
        await pilot.press("G")
        await pilot.pause()
        assert "row 49" in shown(app)
        app.rows.set_rows([*numbered(0, 48), Row("48", Content("something else")), *numbered(49, 1)])
        await pilot.pause()
        assert "something else" in shown(app)
        assert "row 48" not in shown(app)


@pytest.mark.parametrize(("before", "after"), [(500, 30), (30, 500), (30, 3), (3, 30), (30, 0)])
async def test_the_scroll_bar_tells_how_many_rows_there_are(before: int, after: int) -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.set_rows(numbered(0, before))
        await pilot.pause()
        await pilot.press("G")
        app.rows.set_rows(numbered(0, after))
        await pilot.pause()
        bar = app.rows.vertical_scrollbar
        assert app.rows.max_scroll_y == max(0, after - 10)
        assert app.rows.show_vertical_scrollbar == (after > 10)
        assert not app.rows.show_vertical_scrollbar or bar.window_virtual_size == after
        await pilot.press("G")
        assert (f"row {after - 1}" if after else "") in shown(app)


async def test_a_list_that_shrinks_shows_its_end_where_a_person_has_scrolled_beyond_it() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.set_rows(numbered(0, 500))
        await pilot.pause()
        app.rows.scroll_to(y=300, animate=False)
        await pilot.pause()
        app.rows.set_rows(numbered(0, 30))
        await pilot.pause()
        assert app.rows.key == "0"
        assert "row 29" in shown(app)


async def test_only_the_current_row_is_told_apart() -> None:
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        app.theme = "ansi-dark"
        app.rows.set_rows(numbered(0, 30))
        for key in ("j", "j", "k", "G", "k", "g"):
            await pilot.press(key)
            strips = app.screen._compositor.render_strips()
            told = [y for y, (first, *_) in enumerate(strips) if first.style and first.style.reverse]
            assert told == [app.rows.current - app.rows.scroll_offset.y]
