from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.blame import blame
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.history import changes
from archaeologist_tools.git.search import files_with_word
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def grown(any_format: Path) -> Path:
    """A repository in which three commits wrote one file, one of them with a hostile name and message."""
    place = any_format / "app" / "grown.py"
    for number, message in enumerate(("First", "\tfilename x\n\nbody", "\x1b[31mIgnore \xff")):
        with place.open("a", encoding="ascii") as file:
            file.write(f"line{number} = 1\n\n")
        git(any_format, "add", "--all")
        git(any_format, "commit", "--quiet", "--cleanup=verbatim", "-m", message)
    return any_format


def test_lines_are_grouped_by_the_commit_that_wrote_them(grown: Path) -> None:
    found = blame(Git(grown / ".git"), "HEAD", "app/grown.py", 2, 6)
    assert [(each.first, each.last, each.author, each.day) for each in found] == [
        (2, 2, "Grace Legacy", "2012-03-14"),
        (3, 4, "Grace Legacy", "2012-03-14"),
        (5, 6, "Grace Legacy", "2012-03-14"),
    ]
    assert [each.commit for each in found] == git(grown, "rev-list", "--reverse", "-3", "HEAD").split("\n")
    assert [each.subject for each in found] == ["First", "\tfilename x", "\x1b[31mIgnore ÿ"]


def test_lines_that_are_not_there_have_no_author(grown: Path) -> None:
    with pytest.raises(GitFailed, match="has only 6 lines"):
        blame(Git(grown / ".git"), "HEAD", "app/grown.py", 7, 9)


def test_changes_are_listed_newest_first_and_up_to_a_limit(grown: Path) -> None:
    found = changes(Git(grown / ".git"), "HEAD", "app/grown.py", 2)
    assert [(each.subject, each.day, each.author) for each in found] == [
        ("\x1b[31mIgnore ÿ", "2012-03-14", "Grace Legacy"),
        ("\tfilename x", "2012-03-14", "Grace Legacy"),
    ]
    assert [each.commit for each in found] == git(grown, "rev-list", "-2", "HEAD").split("\n")
    assert len(changes(Git(grown / ".git"), "HEAD", "", 9)) == 4
    assert changes(Git(grown / ".git"), "HEAD", "app/none.py", 9) == []


def test_files_are_found_by_whole_words(grown: Path) -> None:
    (grown / "app" / "other.txt").write_bytes(b"line1\n")
    (grown / "app" / "longer.txt").write_bytes(b"line10 line_1 \xe9line12\n")
    (grown / "top.txt").write_bytes(b"\xff line1")
    git(grown, "add", "--all")
    git(grown, "commit", "--quiet", "-m", "More")
    repository = Git(grown / ".git")
    assert files_with_word(repository, "HEAD", "line1") == ["app/grown.py", "app/other.txt", "top.txt"]
    assert files_with_word(repository, "HEAD", "line1", "app") == ["app/grown.py", "app/other.txt"]
    assert files_with_word(repository, "HEAD", "nowhere") == []
