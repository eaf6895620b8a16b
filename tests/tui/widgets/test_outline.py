from __future__ import annotations

from random import Random

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from archaeologist_tui.reading.query import parsed
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.outline import Outline
from support.screens import shown, until


class OutlineApp(App[None]):
    def __init__(self, outline: Outline) -> None:
        super().__init__()
        self.outline = outline
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.outline

    def on_mount(self) -> None:
        self.outline.focus()

    def on_entry_view_following_changed(self, message: Outline.FollowingChanged) -> None:
        self.told.append(message.following)

    def on_outline_copied(self, message: Outline.Copied) -> None:
        self.told.append(message.text)


def paragraphs(first: int, last: int) -> list[Paragraph]:
    return [
        Paragraph(str(number), plain(f"entry {number} " + "word " * (number % 30))) for number in range(first, last)
    ]


def screen(outline: Outline) -> list[str]:
    return [outline.render_line(y).text.rstrip() for y in range(outline.size.height)]


async def test_the_end_is_followed_until_a_person_looks_at_something() -> None:
    app = OutlineApp(outline := Outline(marks=False, follows=True))
    async with app.run_test(size=(60, 12)) as pilot:
        outline.add_entries(paragraphs(0, 50))
        await pilot.pause()
        assert outline.is_vertical_scroll_end
        await pilot.press("up")
        before = screen(outline)
        outline.add_entries(paragraphs(50, 80))
        await pilot.pause()
        assert (outline.following, screen(outline)) == (False, before)
        outline.follow()
        outline.add_entries(paragraphs(80, 90))
        await pilot.pause()
        assert outline.is_vertical_scroll_end
        assert app.told == [False, True]


async def test_scrolling_away_ends_following() -> None:
    app = OutlineApp(outline := Outline(marks=False, follows=True))
    async with app.run_test(size=(60, 12)) as pilot:
        outline.add_entries(paragraphs(0, 50))
        await pilot.pause()
        outline.scroll_up(animate=False)
        await pilot.pause()
        assert not outline.following


async def test_what_is_looked_at_stays_where_it_is_when_what_is_above_changes() -> None:
    app = OutlineApp(outline := Outline(marks=False))
    async with app.run_test(size=(60, 12)) as pilot:
        outline.set_entries(paragraphs(0, 50))
        await pilot.pause()
        await pilot.press("G", "ctrl+u", "k")
        before, current = screen(outline), outline.entry
        outline.drop(10)
        assert (screen(outline), outline.entry) == (before, current)
        outline.set_entries([*paragraphs(0, 15), *paragraphs(100, 140), *paragraphs(15, 50)])
        assert (screen(outline), outline.entry) == (before, current)


async def test_lines_are_wrapped_anew_for_another_width_and_nothing_is_lost() -> None:
    app = OutlineApp(outline := Outline(marks=False))
    async with app.run_test(size=(100, 30)) as pilot:
        outline.set_entries(paragraphs(0, 8))
        await pilot.pause()
        wide = screen(outline)
        await pilot.resize_terminal(30, 30)
        await until(pilot, lambda: outline.layout_of_entries.width < 30, "it is wrapped anew")
        narrow = screen(outline)
        assert len([line for line in narrow if line]) > len([line for line in wide if line])
        assert " ".join(" ".join(narrow).split()) == " ".join(" ".join(wide).split())
        assert all(len(line) < 30 for line in narrow)
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: screen(outline) == wide, "it is as before")


async def test_entries_open_and_close_by_key_and_mouse() -> None:
    app = OutlineApp(outline := Outline())
    async with app.run_test(size=(60, 12)) as pilot:
        outline.set_entries([Paragraph("rule", Content("rule"), inside=[Paragraph("file", Content("file"))])])
        assert screen(outline)[:2] == ["▸ rule", ""]
        await pilot.press("enter")
        assert screen(outline)[:2] == ["▾ rule", "    file"]
        await pilot.press("down", "left")
        assert outline.entry is not None
        assert outline.entry.key == "rule"
        await pilot.press("left")
        assert screen(outline)[:2] == ["▸ rule", ""]
        await pilot.click(Outline, offset=(3, 0))
        assert screen(outline)[:2] == ["▾ rule", "    file"]


async def test_an_entry_is_copied_whole() -> None:
    app = OutlineApp(outline := Outline())
    async with app.run_test() as pilot:
        outline.set_entries([Paragraph("one", Content("one ..."), whole="all of one")])
        await pilot.press("y")
        await pilot.pause()
        assert app.told == ["all of one"]


async def test_what_is_found_is_marked_and_gone_to() -> None:
    app = OutlineApp(outline := Outline(hides=False))
    async with app.run_test(size=(60, 12)) as pilot:
        outline.set_entries(paragraphs(0, 50))
        outline.look_for(parsed('"entry 4"'))
        assert outline.go_to_found(1)
        assert outline.entry is not None
        assert outline.entry.key == "4"
        strip = outline.render_line(outline.layout_of_entries.top(outline.current) - outline.scroll_offset.y)
        marked = [segment.text for segment in strip if segment.style and segment.style.underline]
        assert marked == ["entry 4"]
        outline.look_for(parsed("nowhere"))
        assert not outline.go_to_found(1)
        await pilot.pause()


async def test_markup_and_control_characters_of_strangers_are_text() -> None:
    app = OutlineApp(outline := Outline(marks=False))
    async with app.run_test(size=(60, 12)):
        outline.set_entries([Paragraph("one", plain("[red]x[/] [@click=app.quit]y[/] \x1b[31m"))])
        assert screen(outline)[0] == "[red]x[/] [@click=app.quit]y[/] \\x1b[31m"
        assert all("@click" not in (segment.style.meta if segment.style else {}) for segment in outline.render_line(0))


async def test_the_beginning_stays_in_view_as_long_as_nobody_moved() -> None:
    app = OutlineApp(outline := Outline(marks=False))
    async with app.run_test(size=(60, 12)):
        outline.set_entries(paragraphs(10, 50))
        outline.set_entries(paragraphs(0, 50))
        assert screen(outline)[0].startswith("entry 0")


@pytest.mark.parametrize("seed", range(6))
async def test_only_changed_lines_are_drawn_and_the_screen_is_right_all_the_same(seed: int) -> None:
    """Compares the screen after each of many changes with what it is when everything is drawn anew."""
    random = Random(seed)
    app = OutlineApp(outline := Outline(follows=bool(seed % 2)))
    entries = [folding(number) for number in range(40)]
    async with app.run_test(size=(50, 14)) as pilot:
        outline.set_entries(entries)
        for _ in range(30):
            change(random, outline, entries)
            await pilot.pause()
            before = shown(app)
            outline.refresh()
            await pilot.pause()
            assert shown(app) == before


def folding(number: int, words: int = 0) -> Paragraph:
    inside = tuple(paragraphs(number * 100 + 1, number * 100 + 1 + number % 4))
    return Paragraph(f"e{number}", plain(f"fold {number} " + "word " * words), inside=inside, opened=number % 5 == 0)


def change(random: Random, outline: Outline, entries: list[Paragraph]) -> None:
    """Do one of all things that programs and people do to an outline."""
    number = random.randrange(len(entries))
    match random.randrange(9):
        case 0:
            entries[number] = folding(number, random.randrange(30))
            outline.replace(entries[number])
        case 1:
            entries.append(folding(len(entries)))
            outline.add_entries(entries[-1:])
        case 2:
            entries[number] = folding(number, random.randrange(30))
            outline.set_entries(entries)
        case 3:
            outline.look_for(parsed(random.choice(["", "word", "fold 1", "3", "nothing"])))
        case 4:
            outline.action_turn()
        case 5:
            outline.follow()
        case 6:
            outline.go_to_found(random.choice([1, -1]))
        case 7:
            outline.action_page(random.choice([1, -1]))
        case _:
            outline.action_move(random.choice([1, -1, 3]))


async def test_the_current_entry_is_told_apart_without_colours() -> None:
    app = OutlineApp(outline := Outline(marks=False))
    async with app.run_test(size=(60, 12)) as pilot:
        app.theme = "ansi-dark"
        outline.set_entries(paragraphs(0, 3))
        await pilot.press("j")
        turned = [any(segment.style and segment.style.reverse for segment in outline.render_line(y)) for y in range(3)]
        assert turned == [False, True, False]


async def test_another_theme_draws_all_lines_anew() -> None:
    app = OutlineApp(outline := Outline())
    async with app.run_test(size=(60, 12)) as pilot:
        app.theme = "textual-dark"
        outline.set_entries(paragraphs(0, 3))
        await pilot.pause()
        dark = [outline.render_line(y) for y in range(3)]
        app.theme = "textual-light"
        await pilot.pause()
        light = [outline.render_line(y) for y in range(3)]
        assert [line.text for line in dark] == [line.text for line in light]
        assert all(before != after for before, after in zip(dark, light, strict=True))
