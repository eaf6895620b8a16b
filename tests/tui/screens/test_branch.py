"""The Branch screen on recorded runs, and on small ones that go on."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.app import App
from textual.binding import Binding

from archaeologist.domain.controls import Health
from archaeologist.domain.events import RunLine
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist_tui.picture import Picture
from archaeologist_tui.screens.branch import BranchScreen
from support.repositories import git
from support.screens import screens, shown, until, until_shown
from support.small_run import SmallRun

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from archaeologist.pipeline.recordings.source import RecordedSource

SIZES = [(60, 18), (80, 24), (120, 36), (250, 70)]
UNVERIFIED = 5


class Host(App[None]):
    """Opens the screen."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture

    def on_mount(self) -> None:
        self.push_screen(BranchScreen(self.picture))

    @property
    def branch(self) -> BranchScreen:
        assert isinstance(self.screen, BranchScreen)
        return self.screen


class Opened:
    """The screen in a terminal of a given size."""

    def __init__(self, app: Host, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def text(self) -> str:
        return shown(self.app)

    @property
    def branch(self) -> BranchScreen:
        return self.app.branch

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.text

    async def type(self, text: str) -> None:
        names = {" ": "space", ":": "colon", "/": "slash", "-": "minus", ".": "full_stop"}
        await self.press(*(names.get(character, character) for character in text))

    async def shows(self, text: str) -> str:
        await until(self.pilot, lambda: text in self.text, f"{text!r} is shown")
        return self.text


@asynccontextmanager
async def branch_of(picture: Picture, size: tuple[int, int]) -> AsyncIterator[Opened]:
    """Open the screen, and wait until it is filled."""
    app = Host(picture)
    async with app.run_test(size=size, notifications=True) as pilot:
        opened = Opened(app, pilot)
        await until(pilot, lambda: isinstance(app.screen, BranchScreen), "the screen is there")
        await until(pilot, lambda: bool(app.branch.commits.rows), "it is read")
        yield opened


def picture_of(source: RecordedSource) -> Picture:
    view = viewed(source.recorded)
    request = source.request
    line = RunLine(
        request.run.run_id,
        "r",
        "r",
        "/srv/legacy",
        request.run.branch,
        view.state,
        "",
        source.recorded[0].time,
        None,
        "0",
    )
    return Picture(line, view, source.now(), Health(), data=source.data(request))


@pytest.fixture
def demo(demo_run: RecordedSource) -> Picture:
    return picture_of(demo_run)


def small_picture(run: SmallRun) -> Picture:
    line = RunLine("7f3a", "r", "r", "/x", "modernized", RunState.RUNNING, "", run.events[0].time, None, "0")
    return Picture(line, run.view, run.events[-1].time, Health(), data=run.data)


@pytest.mark.parametrize("size", SIZES)
async def test_the_sum_is_at_the_top_and_what_to_look_at_first_comes_first(
    demo: Picture, size: tuple[int, int]
) -> None:
    async with branch_of(demo, size) as opened:
        lines = opened.text.splitlines()
        assert "116 hunks: ! 5 unverified  ✓ 71 proved  = 40 identical" in lines[1]
        rows = [line for line in lines if "Look at these" in line]
        assert rows[0].split()[:2] == ["│!", "5"]


async def test_a_commit_shows_its_hunks_and_what_its_rule_left_alone(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        opened.branch.commits.choose("rewrite-AR020")
        text = await opened.shows("hunk 1 of 9")
        assert "object is the only base and means the builtin" in text
        assert "3 Left alone: nothing here of 91 places and 4 files" in text
        opened.branch.commits.choose("rewrite-AR001")
        text = await opened.shows("hunk 1 of 27")
        assert "AR001 nothing in the code shows that the value is a number" in text


@pytest.mark.parametrize("size", SIZES)
async def test_where_nothing_was_left_alone_all_that_was_is_shown_and_told_apart(
    demo: Picture, size: tuple[int, int]
) -> None:
    async with branch_of(demo, size) as opened:
        opened.branch.commits.choose("rewrite-AR020")
        await opened.press("l")
        text = await opened.shows("nothing of AR020 was left alone")
        assert "setup.py:1" in text
        seen = [opened.branch.left.place]
        await opened.press("j", "j")
        seen.append(opened.branch.left.place)
        assert [place and place.path for place in seen] == [None, "setup.py"]
        await opened.press("escape", "slash")
        await opened.type("rule:AR020")
        await opened.press("enter", "l")
        await opened.shows("nothing that the filter shows")


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_that_nothing_was_left_alone_here_is_a_sentence_of_its_own_where_nothing_else_has_room(
    demo: Picture, size: tuple[int, int]
) -> None:
    async with branch_of(demo, size) as opened:
        await opened.press("slash")
        await opened.type("path:xyz")
        await opened.press("enter")
        text = await opened.shows("nothing that the filter shows was left alone ")
        assert "in all" not in text
        await opened.press("l")
        await opened.shows("in all 91 places and 4 files:")


async def test_what_is_weakest_shows_what_was_left_alone_in_its_files(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        await opened.press("slash")
        await opened.type("-level:unverified")
        await opened.press("enter", "w")
        text = await opened.shows("hunk 1 of 71")
        assert "nothing here" not in text


async def test_another_line_begins_at_its_top(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        await opened.press("w", "right_square_bracket", "right_square_bracket")
        await opened.shows("hunk 3 of 5")
        opened.branch.commits.choose("all")
        text = await opened.shows("hunk 1 of 116")
        assert "Drop branches for Python 2" in next(line for line in text.splitlines() if "stockroom/compat.py" in line)


async def test_a_rule_that_changed_nothing_and_files_that_are_not_edited_say_why(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        opened.branch.commits.choose("left AR012")
        text = await opened.shows("3 Left alone: 30 places")
        assert "no hunks" in text
        assert "AR012 the path is stored as text" in text
        opened.branch.commits.choose("left ")
        assert "tests are looked at and never edited" in await opened.shows("3 Left alone: 2 files")


async def test_by_file_every_file_that_something_is_known_of_has_a_line(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        text = await opened.press("b")
        assert "by file" in text
        assert "1 Files" in text
        assert "tests/test_stock.py" in text
        opened.branch.commits.choose("left tests/test_stock.py")
        await opened.shows("tests are looked at and never edited")
        opened.branch.commits.choose("stockroom/models.py")
        await opened.shows("hunk 1 of 24")
        text = await opened.press("b")
        assert "by agent" in text
        assert "modernizer with scripted-model" in text
        assert "by rule" in await opened.press("b")


async def test_the_diff_is_gone_through_from_the_list_of_commits(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        await opened.shows("hunk 1 of 5")
        assert "hunk 2 of 5" in await opened.press("right_square_bracket")
        assert "hunk 1 of 5" in await opened.press("left_square_bracket")
        assert "stockroom/reports.py" in await opened.press("right_curly_bracket")
        split = opened.branch.diff.is_split
        await opened.press("s")
        assert opened.branch.diff.is_split is not split
        assert opened.branch.focused is opened.branch.commits


async def test_where_nothing_is_unverified_the_weakest_is_what_to_look_at_first(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        await opened.press("slash")
        await opened.type("-level:unverified")
        await opened.press("enter")
        await opened.shows("filter: -level:unverified")
        await opened.press("G", "w")
        assert "None unverified; weakest: proved" in await opened.shows("hunk 1 of 71")


async def test_a_line_unfolds_into_its_parts(demo: Picture) -> None:
    async with branch_of(demo, (140, 40)) as opened:
        opened.branch.commits.choose("rewrite-AR020")
        await opened.press("space", "j")
        assert opened.branch.commits.key == "rewrite-AR020\0stockroom/importer.py"
        await opened.shows("hunk 1 of 1")
        await opened.press("space")
        assert "stockroom/importer.py" not in [row.key for row in opened.branch.commits.rows]
        assert all("\0" not in row.key for row in opened.branch.commits.rows)


async def test_a_key_leads_to_what_nobody_proved(demo: Picture) -> None:
    async with branch_of(demo, (120, 36)) as opened:
        await opened.press("G", "w")
        await opened.shows(f"hunk 1 of {UNVERIFIED}")
        assert opened.branch.diff.has_focus
        assert {hunk.level for hunk in opened.branch.diff.hunks} == {"unverified"}


async def test_a_filter_shows_less_and_says_so_and_is_forgotten_by_escape(demo: Picture) -> None:
    async with branch_of(demo, (120, 36)) as opened:
        await opened.press("slash")
        await opened.type("rule:AR001 level:unverified")
        text = await opened.shows("5 hunks: ! 5 unverified  of 116, filter: rule:AR001 level:unverified")
        assert "Drop the base class object" not in text
        await opened.press("enter")
        assert opened.branch.commits.has_focus
        await opened.press("slash", "escape")
        assert "filter:" not in await opened.shows("116 hunks")
        assert opened.branch.commits.has_focus
        await opened.press("slash")
        await opened.type("level:unverified")
        await opened.shows("5 hunks: ! 5 unverified  of 116")
        await opened.press("enter", "escape")
        assert "filter:" not in await opened.shows("116 hunks")
        assert opened.app.screen is opened.branch, "it goes back one level"


async def test_what_is_no_filter_is_told_with_a_suggestion_and_changes_nothing(demo: Picture) -> None:
    async with branch_of(demo, (120, 36)) as opened:
        await opened.shows("116 hunks: ! 5")
        await opened.press("slash")
        await opened.type("levl:proved")
        text = await opened.shows("there is no key 'levl': did you mean level?")
        assert "116 hunks: ! 5" in text
        await opened.press("enter")
        assert "did you mean level?" in opened.text


async def test_in_a_small_window_list_and_diff_come_one_after_the_other(demo: Picture) -> None:
    async with branch_of(demo, (60, 18)) as opened:
        assert "1 Commits" in opened.text
        assert "2 Diff" not in opened.text
        assert "l Left alone" in opened.text.splitlines()[-1]
        text = await opened.press("j", "j", "enter")
        assert "1 Commits" not in text
        assert "Drop branches for Python 2" in text
        text = await opened.press("l")
        assert "3 Left alone: " in text
        assert "Left alone" not in text.splitlines()[-1], "the key that leads to where one is"
        assert "2 Diff" not in text
        assert "2 Diff" in await opened.press("escape")
        assert "1 Commits" in await opened.press("escape")
        await opened.press("escape")
        assert not isinstance(opened.app.screen, BranchScreen)


async def test_a_window_may_change_its_size_at_any_time(demo: Picture) -> None:
    async with branch_of(demo, (200, 50)) as opened:
        await opened.press("w", "right_square_bracket")
        hunk = opened.branch.diff.hunk
        for size in [*SIZES, (61, 19), (200, 50)]:
            await opened.pilot.resize_terminal(*size)
            await opened.pilot.pause()
            assert opened.branch.diff.hunk == hunk
            assert "! unverified" in opened.text
            assert max(map(len, opened.text.splitlines())) <= size[0]


async def test_a_hunk_is_copied_as_a_patch_that_git_takes_back(demo: Picture, tmp_path: Path) -> None:
    async with branch_of(demo, (120, 36)) as opened:
        await opened.press("w", "y")
        await opened.shows("git apply -R -3")
        patch, tip = opened.app.clipboard, opened.branch._reader.review.tip
    assert demo.data is not None
    checkout = tmp_path / "checkout"
    git(tmp_path, "clone", "--quiet", str(demo.data.git_dir), str(checkout))
    git(checkout, "checkout", "--quiet", tip)
    (tmp_path / "patch").write_text(patch)
    git(checkout, "apply", "-R", "-3", str(tmp_path / "patch"))
    assert git(checkout, "diff", "--cached", "--stat").startswith(" stockroom/models.py")


async def test_a_terminal_that_cannot_be_given_away_is_told_in_words(demo: Picture) -> None:
    async with branch_of(demo, (120, 36)) as opened:
        await opened.press("w", "e")
        await opened.shows("this terminal cannot be given to an editor")


async def test_a_run_that_goes_on_brings_its_commits_and_a_persons_place_stays(tmp_path: Path) -> None:
    block = "class A(object):\n    pass\n\n\n\n\n\n\n\n\n"
    run = SmallRun.on(tmp_path, {"a.py": block * 9 + 'X = "%s" % (1,)\n', "b.py": 'Y = "%s" % (1,)\n'})
    run.rewrite("AR001", "AR020")
    async with branch_of(small_picture(run), (120, 30)) as opened:
        assert "no commit yet" in opened.text
        run.commit(0)
        opened.branch.show(small_picture(run))
        await opened.shows("9 hunks: ✓ 9 proved")
        opened.branch.commits.choose("rewrite-AR020")
        await opened.press("enter", *["right_square_bracket"] * 5)
        place = opened.text.splitlines().index(next(line for line in opened.text.splitlines() if "▎ line" in line))
        run.commit(1)
        opened.branch.show(small_picture(run))
        await opened.shows("11 hunks: ✓ 11 proved")
        assert opened.branch.commits.key == "rewrite-AR020"
        assert "hunk 6 of 9" in opened.text
        assert "▎ line 51" in opened.text.splitlines()[place]


@pytest.mark.parametrize(("keys", "hunk"), [((), "hunk 1 of 5"), (("2", "right_square_bracket"), "hunk 2 of 116")])
async def test_what_to_look_at_first_is_shown_when_it_comes_to_be_known_and_nobody_moved(
    demo: Picture, keys: tuple[str, ...], hunk: str
) -> None:
    early = replace(demo, view=replace(demo.view, commits=demo.view.commits[:10]))
    async with branch_of(early, (140, 40)) as opened:
        assert "Look at these first" not in opened.text
        await opened.press(*keys)
        opened.branch.show(demo)
        await opened.shows("Look at these first")
        await opened.shows(hunk)


async def test_what_came_before_the_screen_was_there_is_shown(demo: Picture) -> None:
    early = replace(demo, view=replace(demo.view, commits=()))
    app = Host(early)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        later = BranchScreen(early)
        later.show(demo)
        await app.push_screen(later)
        await Opened(app, pilot).shows("116 hunks")


async def test_a_run_in_the_middle_shows_what_it_has_committed(demo_in_the_middle: RecordedSource) -> None:
    picture = picture_of(demo_in_the_middle)
    async with branch_of(picture, (120, 36)) as opened:
        text = await opened.shows("hunks: ")
        assert "▸ RUNNING" in text
        assert len([row for row in opened.branch.commits.rows if row.key.startswith("rewrite-")]) > 10
        assert "more than this" not in text


async def test_what_cannot_be_read_is_told_above(tmp_path: Path) -> None:
    run = SmallRun.on(tmp_path, {"a.py": "class A(object):\n    pass\n"})
    run.rewrite("AR020")
    run.commit()
    git(tmp_path / "project", "branch", "-D", "modernized")
    shutil.rmtree(run.data.artefacts)
    async with branch_of(small_picture(run), (120, 30)) as opened:
        text = await opened.shows("the branch modernized was deleted; its commits are shown as long as git keeps them")
        assert "what was left alone is not known: the state directory was cleaned" in text
        assert "1 hunk: ? 1 unknown" in text
        assert "the evidence of this commit is gone" in text


async def test_names_that_look_like_markup_or_move_the_cursor_are_shown_as_they_are(tmp_path: Path) -> None:
    hostile = 'a[red]b[/]\x1b[2J\u202e"\n.py'
    run = SmallRun.on(tmp_path, {hostile: "class A(object):\n    pass\n"})
    run.rewrite("AR020")
    run.commit()
    async with branch_of(small_picture(run), (140, 30)) as opened:
        assert 'a[red]b[/]\\x1b[2J\\u202e" .py' in await opened.shows("a[red]")
        assert "\x1b" not in opened.text


async def test_five_thousand_hunks_are_opened_and_walked_through(tmp_path: Path) -> None:
    block = "class A(object):\n    pass\n\n\n\n\n\n\n\n\n"
    run = SmallRun.on(tmp_path, {f"m{number}.py": block * 50 for number in range(100)})
    run.rewrite("AR020")
    run.commit()
    async with branch_of(small_picture(run), (120, 36)) as opened:
        await opened.shows("5,000 hunks: ✓ 5,000 proved")
        await until(opened.pilot, lambda: "hunk 1 of 5,000" in opened.text, "the diff is laid out")
        await opened.press("j", "enter", "G")
        await until(opened.pilot, lambda: "of 5,000: m99.py" in opened.text, "the end is seen")
        await opened.press("left_curly_bracket")
        await until(opened.pilot, lambda: "hunk 4,901 of 5,000: m98.py" in opened.text, "it goes a file back")


async def test_every_key_has_a_name_a_description_and_a_tooltip(demo: Picture) -> None:
    async with branch_of(demo, (120, 36)) as opened:
        bindings = [each for each in BranchScreen.BINDINGS if isinstance(each, Binding)]
        assert len(bindings) == len(BranchScreen.BINDINGS)
        assert all(each.id and each.description and each.tooltip for each in bindings)
        keys = {key for each in bindings for key in each.key.split(",")}
        assert not keys & {"a", "r", "u", "j", "k", "g", "G"}
        assert opened.branch.active_bindings


@pytest.mark.parametrize(("size", "at_once"), [((60, 18), False), ((100, 30), False), ((160, 45), True)])
async def test_how_to_see_the_branch_in_git_and_to_throw_it_away_is_told(
    demo: Picture, size: tuple[int, int], *, at_once: bool
) -> None:
    async with branch_of(demo, size) as opened:
        assert ("drop it" in opened.text) is at_once
        assert ("drop it" in await opened.press("i")) is not at_once
        if at_once:
            await opened.press("i")
        text = " ".join(opened.text.split())
        for command in ("log --stat", "diff", "branch -D"):
            assert f"git -C /repositories/inventory {command}" in text
        assert text.count("archaeologist/demo") > 2


async def test_escape_closes_how_to_see_it_in_git_before_it_leaves(demo: Picture) -> None:
    async with branch_of(demo, (100, 30)) as opened:
        await opened.press("i")
        assert "1 Commits" in await opened.press("escape")
        assert "drop it" not in opened.text
        assert "1 Commits" not in await opened.press("escape")


async def test_escape_leaves_where_a_person_has_hidden_how_to_see_it_in_git(demo: Picture) -> None:
    async with branch_of(demo, (160, 45)) as opened:
        assert "drop it" not in await opened.press("i")
        assert "1 Commits" not in await opened.press("escape")


async def test_nothing_is_told_of_a_branch_without_commits(demo: Picture) -> None:
    async with branch_of(replace(demo, view=replace(demo.view, commits=())), (160, 45)) as opened:
        assert "i Git" not in opened.text
        assert "drop it" not in await opened.press("i")


async def test_a_small_window_names_the_keys_that_newcomers_look_for(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run, size=(60, 18)) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.press("v")
        text = await until_shown(pilot, "i Git")
        assert text.splitlines()[-1].split("  ")[:4] == [" ⏎ Open", "l Left alone", "/ Filter", "i Git"]


@pytest.mark.parametrize(("key", "seen"), [("", "t Report"), ("v", "y Copy"), ("t", "y Copy")])
async def test_the_key_that_gives_a_run_up_comes_behind_those_that_are_looked_for(
    demo_in_the_middle: RecordedSource, key: str, seen: str
) -> None:
    (run,) = await demo_in_the_middle.runs()
    async with screens(demo_in_the_middle, run=run, size=(160, 30)) as pilot:
        await until_shown(pilot, "p Pause")
        await pilot.press(*key)
        text = await until_shown(pilot, seen)
        assert text.index(seen) < text.index("x Cancel")


async def test_a_run_without_a_branch_says_so(demo: Picture) -> None:
    async with branch_of(replace(demo, data=None), (80, 24)) as opened:
        await opened.shows("All hunks")
        assert "no commit yet" in opened.text or "nothing was committed" in opened.text
