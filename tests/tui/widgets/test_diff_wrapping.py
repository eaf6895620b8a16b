"""Long lines of a diff: they go on in the rows below, or their ends are scrolled to."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import pytest

from archaeologist.review.reading import read_review
from archaeologist_tui.reading.code import decoded, shown
from archaeologist_tui.reading.hunk_rows import UNENDED
from archaeologist_tui.widgets.diff import DiffView
from support.panes import PaneApp
from support.screens import until
from support.small_run import SmallRun

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archaeologist.review.model import ReviewHunk

BLOCK = "class A(object):\n    pass\n\n\n\n\n\n\n\n\n"
WORDS = "one more word, " * 14
LONG = f'''\
def f(x):
    """{WORDS}"""
    a = "%s {WORDS}%s, end" % (x, x)
    b = "{"/no/blank/in/it" * 12}%s" % (x,)
    c = "{"名 ❤️ " * 30}%s" % (x,)  #\t\u202e\u00a0odd
    return a, b, c


y = "%s" % (x,)  # {WORDS}'''
MARK, BETWEEN = "↳", "│"


@pytest.fixture(scope="module")
def hunks(tmp_path_factory: pytest.TempPathFactory) -> Sequence[ReviewHunk]:
    """Return a hunk with long lines between short ones."""
    return hunks_of(tmp_path_factory.mktemp("long"), {"a.py": BLOCK * 3, "long.py": LONG, "z.py": BLOCK * 9})


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Sequence[ReviewHunk]:
    return hunks_of(tmp_path_factory.mktemp("many"), {"many.py": BLOCK * 400})


def hunks_of(folder: Path, files: dict[str, str]) -> Sequence[ReviewHunk]:
    run = SmallRun.on(folder, files)
    run.rewrite("AR001", "AR020")
    run.commit()
    return sorted(read_review(run.data, run.request, run.view).hunks, key=lambda hunk: (hunk.path, hunk.line))


class Cell(NamedTuple):
    """A part of a line as it is drawn.

    Attributes:
        numbers: what stands before it.
        signs: the cells between that and the code.
        code: the part.
    """

    numbers: str
    signs: str
    code: str


def drawn(diff: DiffView) -> list[str]:
    """Return all rows, also those that are not seen."""
    width = diff.scrollable_content_region.width
    rows = [diff.render_line(y - diff.scroll_offset.y) for y in range(diff.virtual_size.height)]
    assert {row.cell_length for row in rows} == {width}
    return [row.text for row in rows]


def cells(rows: Sequence[str], numbers: int) -> list[Cell]:
    """Return what rows show of lines, in their order; `numbers` are the cells of the numbers before them."""
    return [Cell(row[:numbers], row[numbers : numbers + 3], row[numbers + 3 :]) for row in rows]


def lines_of(parts: Sequence[Cell]) -> list[str]:
    """Put the parts of lines together again, without their blanks."""
    lines = list[str]()
    for part in parts:
        code = part.code.replace(" ", "")
        if part.numbers.strip():
            assert part.signs in {"   ", " - ", " + "}
            lines.append(code)
        elif part.signs.strip():
            assert part.signs in {f" {MARK} ", f"-{MARK} ", f"+{MARK} "}
            lines[-1] += code
        else:
            assert not code
    return lines


def texts(hunk: ReviewHunk, *sides: str) -> list[str]:
    """Return lines as they are shown, without blanks: those at the ends of rows cannot be told from what is beside."""
    return [
        (shown(decoded([line.text], hunk.encoding)[0]) + ("" if line.ended else UNENDED)).replace(" ", "")
        for line in hunk.hunk.lines
        if line.sign in sides
    ]


def long_one(hunks: Sequence[ReviewHunk]) -> ReviewHunk:
    return next(hunk for hunk in hunks if hunk.path == "long.py")


@pytest.mark.parametrize("width", [30, 60, 75, 76, 80, 100, 140])
async def test_nothing_of_a_change_is_out_of_sight(hunks: Sequence[ReviewHunk], width: int) -> None:
    long = long_one(hunks)
    app = PaneApp(diff := DiffView())
    async with app.run_test(size=(width, 40)) as pilot:
        diff.focus()
        diff.set_hunks([long])
        if diff.is_split:
            await pilot.press("s")
        rows = [row[1:] for row in takewhile(lambda row: "= identical" not in row, drawn(diff)[2:])]
        numbers = 5 if diff.scrollable_content_region.width >= 76 else 2
        assert lines_of(cells(rows, numbers)) == texts(long, " ", "-", "+")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
async def test_nothing_is_out_of_sight_side_by_side(hunks: Sequence[ReviewHunk], width: int) -> None:
    long = long_one(hunks)
    app = PaneApp(diff := DiffView())
    async with app.run_test(size=(width, 40)) as pilot:
        diff.focus()
        diff.set_hunks([long])
        if not diff.is_split:
            await pilot.press("s")
        rows = [row[1:] for row in drawn(diff) if BETWEEN in row]
        both = [row.split(BETWEEN) for row in rows]
        assert lines_of(cells([old for old, _ in both], 2)) == texts(long, " ", "-")
        assert lines_of(cells([new for _, new in both], 2)) == texts(long, " ", "+")


async def test_words_that_changed_are_marked_in_every_part(hunks: Sequence[ReviewHunk]) -> None:
    app = PaneApp(diff := DiffView())
    async with app.run_test(size=(60, 60)):
        diff.set_hunks([long_one(hunks)])
        rows = [diff.render_line(y) for y in range(diff.size.height)]
        first = next(y for y, row in enumerate(rows) if 'a = "%s' in row.text)
        removed = [rows[first], *takewhile(lambda row: MARK in row.text, rows[first + 1 :])]
        (ground,) = {each.style.bgcolor for each in removed[0] if each.style and each.text == " - "}
        codes = [[each for each in list(row)[1:] if each.style and each.style.bgcolor != ground] for row in removed]
        marked = ["".join(each.text for each in code) for code in codes]
        assert "".join(marked).replace(" ", "") == "%%%(x,x)"
        assert sum(map(bool, marked)) > 1


async def test_a_key_has_ends_scrolled_to_instead_and_wraps_again(hunks: Sequence[ReviewHunk]) -> None:
    app = PaneApp(diff := DiffView())
    async with app.run_test(size=(80, 20)) as pilot:
        diff.focus()
        diff.set_hunks(hunks)
        diff.go_to(hunks[5].id)
        wrapped, height = drawn(diff), diff.virtual_size.height
        assert (diff.max_scroll_x, diff.show_horizontal_scrollbar) == (0, False)
        place = diff.scroll_offset.y
        await pilot.press("z")
        assert not any(MARK in row for row in drawn(diff))
        assert diff.virtual_size.height < height
        assert wrapped[place].split() == drawn(diff)[diff.scroll_offset.y].split()
        await pilot.press(*["right"] * 40)
        assert diff.hunk == hunks[5]
        await pilot.press("z")
        assert drawn(diff) == wrapped
        assert diff.scroll_offset == (0, place)
        assert diff.hunk == hunks[5]


@pytest.mark.parametrize("key", ["z", "s"])
async def test_the_line_at_the_top_stays_there(hunks: Sequence[ReviewHunk], key: str) -> None:
    app = PaneApp(diff := DiffView())
    async with app.run_test(size=(80, 14)) as pilot:
        diff.focus()
        diff.set_hunks(hunks)
        diff.go_to(long_one(hunks).id)
        top = next(y for y, row in enumerate(drawn(diff)) if " - " in row and 'c = "' in row)
        await pilot.press(*["j"] * (top - diff.scroll_offset.y))
        before = diff.render_line(0).text
        assert 'c = "' in before
        for _ in range(2):
            await pilot.press(key)
            await pilot.pause()
            assert 'c = "' in diff.render_line(0).text
            assert diff.hunk == long_one(hunks)
        assert diff.render_line(0).text == before
        await pilot.resize_terminal(60, 14)
        await pilot.pause()
        assert 'c = "' in diff.render_line(0).text


async def test_hunks_that_are_laid_out_apart_are_those_that_were_asked_for_last(
    hunks: Sequence[ReviewHunk], many: Sequence[ReviewHunk]
) -> None:
    app = PaneApp(diff := DiffView())
    async with app.run_test(size=(80, 20)) as pilot:
        diff.set_hunks(hunks)
        diff.set_hunks(many)
        diff.action_wrap()
        await until(pilot, lambda: len(diff.hunks) == len(many), "the many are laid out")
        diff.action_wrap()
        diff.set_hunks(hunks)
        assert diff.hunks == tuple(hunks)
        diff.set_hunks(many)
        diff.set_hunks(hunks)
        await until(pilot, lambda: all(worker.is_finished for worker in app.workers), "nothing is laid out any more")
        assert diff.hunks == tuple(hunks)
