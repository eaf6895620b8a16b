from __future__ import annotations

import signal
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.names import Role
from archaeologist.errors import GitFailed, UsageError
from archaeologist.review.model import LeftPlace
from archaeologist.review.reading import read_review
from archaeologist_tools.git.command import Git
from archaeologist_tui.editor import copied, editor_command, editor_of, line_of, run_editor
from support.repositories import git
from support.small_run import SmallRun

if TYPE_CHECKING:
    from archaeologist.review.model import Review

HOME = "class A(object):\n    pass\n"
FILE = f"# -*- coding: utf-8 -*-\nimport os\n\n\n{HOME}\n\n\n\n\n\n\n\n\n\nX = '%s' % (1,)\n"


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("vi", ["vi", "+7", "/x/a.py"]),
        ("/usr/bin/nvim -R", ["/usr/bin/nvim", "-R", "+7", "/x/a.py"]),
        ("emacs -nw", ["emacs", "-nw", "+7", "/x/a.py"]),
        ("/usr/bin/codium -n", ["/usr/bin/codium", "-n", "--wait", "--goto", "/x/a.py:7"]),
        ("code", ["code", "--wait", "--goto", "/x/a.py:7"]),
        ("subl", ["subl", "--wait", "/x/a.py:7"]),
        ("hx", ["hx", "/x/a.py:7"]),
        ('"/opt/my editor/ed"', ["/opt/my editor/ed", "+7", "/x/a.py"]),
        ("  ", ["vi", "+7", "/x/a.py"]),
    ],
)
def test_an_editor_is_told_the_line_in_its_own_way(editor: str, command: list[str]) -> None:
    assert editor_command(editor, Path("/x/a.py"), 7) == command


def test_an_editor_that_cannot_be_started_is_an_error_in_words() -> None:
    with pytest.raises(UsageError, match="cannot be started"):
        editor_command("vi 'x", Path("/x/a.py"), 1)
    assert (
        run_editor(["/nowhere/editor", "x"])
        == "the editor '/nowhere/editor' cannot be started: No such file or directory"
    )
    assert run_editor(["false"]) == "the editor 'false' ended with exit code 1"


def test_an_interrupt_is_the_editors_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert not run_editor(["sh", "-c", "kill -INT $PPID"]), "this program goes on"
    heard = "import signal, sys; sys.exit(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    assert not run_editor([sys.executable, "-c", heard]), "the editor hears it"
    assert signal.getsignal(signal.SIGINT) is before


def test_the_configured_editor_goes_before_those_of_the_environment() -> None:
    assert editor_of("nano", {"EDITOR": "ed", "VISUAL": "vim"}) == "nano"
    assert editor_of("", {"EDITOR": "ed", "VISUAL": "vim"}) == "vim"
    assert editor_of("", {"EDITOR": "ed"}) == "ed"
    assert editor_of("", {}) == "vi"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> SmallRun:
    run = SmallRun.on(tmp_path_factory.mktemp("run"), {"app/-odd name.py": FILE})
    run.rewrite("AR020", "AR037", "AR001")
    run.commit()
    return run


def review_of(run: SmallRun) -> Review:
    return read_review(run.data, run.request, run.view)


def test_the_copy_is_what_the_branch_has_and_cannot_be_written(run: SmallRun) -> None:
    objects = Git(run.data.git_dir)
    with copied(objects, run.tip, "app/-odd name.py") as copy:
        assert copy.read_text() == FILE.replace("(object)", "").partition("\n")[2].replace("'%s' % (1,)", "f'{1}'")
        assert stat.S_IMODE(copy.stat().st_mode) == 0o444
        assert copy.parent.name == "read-only-copy", "as an editor's title says"
        assert not run_editor([sys.executable, "-c", "import sys; open(sys.argv[1]).read()", str(copy)])
    assert not copy.exists()
    with pytest.raises(GitFailed), copied(objects, run.tip, "gone.py"):
        pass


def test_a_line_is_found_where_later_commits_moved_it(run: SmallRun) -> None:
    text = git(run.data.git_dir, "cat-file", "blob", f"{run.tip}:app/-odd name.py")
    seen = {}
    for hunk in review_of(run).hunks:
        line = line_of(Git(run.data.git_dir), hunk, run.tip)
        seen[hunk.commit.rule] = text.split("\n")[line - 1]
    assert seen["AR020"] == "class A:"
    assert seen["AR001"] == "X = f'{1}'"


@pytest.mark.parametrize(
    ("lines", "new", "at"),
    [
        (slice(0, 0), ["#", "#"], 6),
        (slice(1, 3), [], 2),
        (slice(4, 4), ["#", "#"], 4),
        (slice(14, 15), ["#", "#"], 4),
        (slice(2, 5), ["A = 1", "B = 2"], 3),
    ],
)
def test_a_line_is_found_whatever_becomes_of_the_lines_around_it(
    run: SmallRun, lines: slice, new: list[str], at: int, tmp_path: Path
) -> None:
    hunk = next(each for each in review_of(run).hunks if each.commit.rule == "AR020")
    git(tmp_path, "clone", "--quiet", "--no-checkout", str(run.data.git_dir), ".")
    git(tmp_path, "checkout", "--quiet", run.tip)
    path = tmp_path / hunk.path
    text = path.read_text().split("\n")
    assert text[3] == "class A:"
    text[lines] = new
    path.write_text("\n".join(text))
    (tmp_path / "app" / "another.py").write_text("#\n" * 9)
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "change it")
    assert line_of(Git(tmp_path / ".git"), hunk, git(tmp_path, "rev-parse", "HEAD")) == at


def test_a_place_that_was_left_alone_is_where_it_was(run: SmallRun) -> None:
    place = LeftPlace("app/a.py", 7, "AR001", "code", "why", Role.MODERNIZER)
    assert line_of(Git(run.data.git_dir), place, run.tip) == 7
