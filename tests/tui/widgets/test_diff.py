"""The diff on hunks of real commits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from archaeologist.agents.modernizer.tools import rewrite_function
from archaeologist.review.reading import read_review
from archaeologist_tui.widgets.diff import DiffView
from support.small_run import SmallRun

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from archaeologist.review.model import Review, ReviewHunk

BLOCK = "class A(object):\n    pass\n\n\n\n\n\n\n\n\n"
FILES = {
    "app/one.py": BLOCK * 3 + 'LONG = "%s" % (1,)  # ' + "x" * 200 + "\n",
    "two.py": 'def f(x):\n\ty = "\u202e名 %s" % (x,)\n\treturn y\n',
    "by_hand.py": "def hand(x):\n    return x\n",
}


class Host(App[None]):
    """Hosts a diff."""

    def __init__(self) -> None:
        super().__init__()
        self.moved: list[ReviewHunk | None] = []

    def compose(self) -> ComposeResult:
        yield DiffView()

    def on_diff_view_moved(self, event: DiffView.Moved) -> None:
        self.moved.append(event.hunk)

    @property
    def diff(self) -> DiffView:
        return self.query_one(DiffView)

    def text(self) -> list[str]:
        return [self.diff.render_line(y).text.rstrip() for y in range(self.diff.size.height)]


def split(app: Host) -> bool:
    return app.diff.is_split


def review_of(run: SmallRun) -> Review:
    return read_review(run.data, run.request, run.view)


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    run = SmallRun.on(tmp_path_factory.mktemp("run"), FILES)
    run.agent.use(rewrite_function, path="by_hand.py", qualname="hand", source="return (x)")
    run.rewrite("AR001", "AR020")
    run.commit()
    run.item(("by_hand.py",))
    return review_of(run)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Sequence[ReviewHunk]:
    run = SmallRun.on(tmp_path_factory.mktemp("many"), {f"m{number}.py": BLOCK * 50 for number in range(50)})
    run.rewrite("AR020")
    run.commit()
    return review_of(run).hunks


async def test_a_hunk_shows_its_lines_with_numbers_and_why_it_is_believed(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(100, 30)):
        app.diff.set_hunks(review.hunks[:1])
        lines = app.text()
        assert lines[0] == " app/one.py  Drop the base class object"
        assert lines[1].split() == ["▎", "line", "1", "✓", "proved", "1", "edit"]
        assert lines[2:7] == [
            "▎1   - class A(object):",
            "▎  1 + class A:",
            "▎2 2       pass",
            "▎3 3",
            "▎4 4",
        ]
        assert lines[7] == "▎  ✓ proved  AR020 object-base  object is the only base and means the builtin"


async def test_old_and_new_stand_side_by_side_where_there_is_room_or_a_person_wants_it(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(130, 30)) as pilot:
        app.diff.focus()
        app.diff.set_hunks(review.hunks[:1])
        assert split(app)
        assert app.text()[2].split() == ["▎1", "-", "class", "A(object):", "│1", "+", "class", "A:"]
        await pilot.press("s")
        assert app.text()[2].split() == ["▎1", "-", "class", "A(object):"]
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert not split(app)
        await pilot.press("s")
        assert "│" in app.text()[2]


async def test_the_width_decides_again_and_the_current_hunk_stays_in_its_place(many: Sequence[ReviewHunk]) -> None:
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        app.diff.set_hunks(many[:200])
        app.diff.go_to(many[77].id)
        place = app.text().index(next(line for line in app.text() if line.startswith("▎ line")))
        await pilot.resize_terminal(140, 24)
        await pilot.pause()
        assert app.diff.is_split
        assert app.diff.hunk == many[77]
        assert app.text()[place].startswith("▎ line")


async def test_brackets_go_from_hunk_to_hunk_and_braces_from_file_to_file(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(100, 12)) as pilot:
        app.diff.focus()
        app.diff.set_hunks(review.hunks)
        await pilot.pause()
        await pilot.press("right_square_bracket", "right_square_bracket", "left_square_bracket")
        assert app.diff.hunk == review.hunks[1]
        assert "▎ line 11" in app.text()[1]
        await pilot.press("right_curly_bracket")
        assert app.diff.hunk == review.hunks[3]
        await pilot.press(*["right_curly_bracket"] * 9)
        assert app.diff.hunk == review.hunks[-1]
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        assert app.diff.hunk == review.hunks[3]
        await pilot.pause()
        assert app.moved[-1] == review.hunks[3]


async def test_the_current_hunk_goes_along_when_the_view_is_moved(many: Sequence[ReviewHunk]) -> None:
    app = Host()
    async with app.run_test(size=(100, 20)) as pilot:
        app.diff.focus()
        app.diff.set_hunks(many[:100])
        await pilot.press("pagedown", "pagedown")
        assert app.diff.current == 4
        assert any(line.startswith("▎ line") for line in app.text())
        await pilot.press("G")
        assert app.diff.hunk == many[99] or app.diff.current > 96
        await pilot.press("g")
        assert app.diff.current == 0


async def test_long_lines_are_reached_and_numbers_and_reasons_stay(review: Review) -> None:
    app = Host()
    (long,) = (hunk for hunk in review.hunks if b"LONG" in hunk.hunk.body)
    async with app.run_test(size=(80, 20)) as pilot:
        app.diff.focus()
        app.diff.set_hunks([long])
        await pilot.press("z")
        before = app.text()
        await pilot.press("right", "right")
        after = app.text()
        number = next(y for y, line in enumerate(before) if "LONG" in line)
        assert after[number][:9] == before[number][:9]
        assert after[number][9:20] == before[number][25:36]
        assert [line for line in before if "✓" in line] == [line for line in after if "✓" in line]
        assert all(len(line) <= 80 for line in after)
        await pilot.press(*["right"] * 60)
        assert app.text()[number].endswith("xxx")


async def test_what_is_hidden_is_seen_and_wide_characters_take_their_cells(review: Review) -> None:
    app = Host()
    (odd,) = (hunk for hunk in review.hunks if hunk.path == "two.py")
    for width in (60, 80, 130):
        async with app.run_test(size=(width, 20)):
            app.diff.set_hunks([odd])
            assert any('y = "\\u202e名 %s"' in line for line in app.text())
            assert {app.diff.render_line(y).cell_length for y in range(20)} == {width - 1}
        app = Host()


async def test_the_reason_of_a_model_is_told_below_what_it_did(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(60, 20)):
        app.diff.set_hunks(review.hunks[-1:])
        text = "\n".join(app.text())
        assert "! unverified  MODEL-REWRITE" in text
        assert "! unverified  clever-1  A model edited by_hand.py; its" in text
        assert "▎      reason: it is the same" in text


async def test_a_reason_of_any_length_takes_some_lines_only(review: Review) -> None:
    app = Host()
    last = review.hunks[-1]
    talkative = replace(last, commit=replace(last.commit, why="because \x1b[2J of it " * 5_000))
    async with app.run_test(size=(80, 40)):
        app.diff.set_hunks([talkative])
        assert app.diff.virtual_size.height < 30
        assert "because \\x1b[2J of it because" in "\n".join(app.text())
        assert any(line.endswith("...") for line in app.text())


async def test_a_hunk_of_which_nothing_is_known_says_so(review: Review) -> None:
    app = Host()
    bare = replace(review.hunks[0], edits=())
    async with app.run_test(size=(90, 20)):
        app.diff.set_hunks([bare], {bare.commit.commit: "the evidence of this commit is gone"})
        assert any(line.endswith("? unknown") for line in app.text())
        assert "▎  ? unknown  AR020 object-base  the evidence of this commit is gone" in app.text()


async def test_when_hunks_come_and_go_the_current_one_stays(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(100, 12)) as pilot:
        app.diff.set_hunks(review.hunks[1:4])
        app.diff.go_to(review.hunks[2].id)
        top = app.text()
        app.diff.set_hunks(review.hunks)
        assert app.diff.hunk == review.hunks[2]
        assert app.text() == top
        app.diff.set_hunks(review.hunks[:1])
        await pilot.pause()
        assert (app.diff.hunk, app.moved[-1]) == (review.hunks[0], review.hunks[0])
        app.diff.set_hunks([])
        await pilot.pause()
        assert app.moved[-1] is None
        assert "".join(app.text()) == ""


async def test_a_click_chooses_a_hunk(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(100, 40)) as pilot:
        app.diff.set_hunks(review.hunks)
        await pilot.pause()
        place = next(y for y, line in enumerate(app.text()) if "line 21" in line)
        await pilot.click(DiffView, offset=(5, place + 2))
        assert app.diff.hunk == review.hunks[2]


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_added_and_removed_lines_look_different_in_every_theme(review: Review, theme: str) -> None:
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        app.theme = theme
        app.diff.set_hunks(review.hunks[:1])
        await pilot.pause()
        removed, added = (
            {(segment.style.color, segment.style.bgcolor) for segment in app.diff.render_line(y) if segment.style}
            for y in (2, 3)
        )
        assert removed != added


async def test_a_hunk_that_begins_in_a_docstring_is_coloured_as_its_file_is(tmp_path: Path) -> None:
    run = SmallRun.on(tmp_path, {"a.py": '"""One\n\n\n\nclass of things\n\n"""\nclass A(object):\n    pass\n'})
    run.rewrite("AR020")
    run.commit()
    app = Host()
    async with app.run_test(size=(100, 20)):
        app.diff.set_hunks(review_of(run).hunks)
        place = next(y for y, line in enumerate(app.text()) if "class of things" in line)
        words = next(segment for segment in app.diff.render_line(place) if "class" in segment.text)
        assert words.text == "class of things"
        assert words.style is not None
        assert words.style.italic


async def test_words_that_changed_are_marked_and_the_others_are_not(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(100, 20)):
        app.diff.set_hunks(review.hunks[:1])
        removed = app.diff.render_line(2)
        grounds = {segment.text: segment.style.bgcolor for segment in removed if segment.style}
        assert grounds["object"] == grounds["("] == grounds[")"] != grounds["A"]


async def test_without_colours_signs_and_lines_below_the_words_tell_what_changed(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host()
    async with app.run_test(size=(100, 20)):
        assert app.no_color
        app.diff.set_hunks(review.hunks[:1])
        assert [line[4:6] for line in app.text()[2:4]] == [" -", " +"]
        lined = [segment.text for segment in app.diff.render_line(2) if segment.style and segment.style.underline]
        assert "".join(lined) == "(object)"


async def test_another_theme_draws_all_lines_anew(review: Review) -> None:
    app = Host()
    async with app.run_test(size=(100, 20)) as pilot:
        app.theme = "textual-dark"
        app.diff.set_hunks(review.hunks[:1])
        await pilot.pause()
        dark = app.diff.render_line(2)
        app.theme = "textual-light"
        await pilot.pause()
        light = app.diff.render_line(2)
        assert dark.text == light.text
        assert dark != light


async def test_twenty_thousand_lines_are_walked_through(many: Sequence[ReviewHunk]) -> None:
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        app.diff.focus()
        app.diff.set_hunks(many)
        while len(app.diff.hunks) < len(many):
            await pilot.pause()
        assert app.diff.virtual_size.height > 20_000
        await pilot.press("pagedown", "j", "right_square_bracket", "right_curly_bracket", "G")
        assert app.diff.scroll_offset.y == app.diff.max_scroll_y
        await pilot.press("g")
        assert app.diff.hunk is many[0]
