from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import GitFailed, UsageError
from archaeologist.review.reading import read_review
from archaeologist_tools.git.command import Git
from archaeologist_tui.editor import copied, editor_command, editor_of, line_of, run_editor
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
    git = Git(run.data.git_dir)
    with copied(git, run.tip, "app/-odd name.py") as copy:
        assert copy.read_text() == FILE.replace("(object)", "").partition("\n")[2].replace("'%s' % (1,)", "f'{1}'")
        assert stat.S_IMODE(copy.stat().st_mode) == 0o444
        assert not run_editor([sys.executable, "-c", "import sys; open(sys.argv[1]).read()", str(copy)])
    assert not copy.exists()
    with pytest.raises(GitFailed), copied(git, run.tip, "gone.py"):
        pass


def test_a_line_is_found_where_later_commits_moved_it(run: SmallRun) -> None:
    git = Git(run.data.git_dir)
    text = subprocess.check_output(["git", "cat-file", "blob", f"{run.tip}:app/-odd name.py"], cwd=git.git_dir)
    seen = {}
    for hunk in review_of(run).hunks:
        line = line_of(git, hunk, run.tip)
        seen[hunk.commit.rule] = text.decode().split("\n")[line - 1]
    assert seen["AR020"] == "class A:"
    assert seen["AR001"] == "X = f'{1}'"
