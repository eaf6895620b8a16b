from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.diff import Block, commit_diff
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archaeologist_tools.git.diff import FileDiff

LINES = b"".join(b"line %d\n" % number for number in range(1, 31))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    path.mkdir()
    git(path, "init", "--quiet", "-b", "main")
    git(path, "config", "core.autocrlf", "false")
    git(path, "commit", "--quiet", "--allow-empty", "-m", "Begin")
    return path


def commit(root: Path, files: Mapping[str, bytes | None]) -> str:
    for name, content in files.items():
        place = root / name
        if content is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "-m", "Change")
    return git(root, "rev-parse", "HEAD")


def change(root: Path, before: Mapping[str, bytes], after: Mapping[str, bytes | None]) -> tuple[FileDiff, ...]:
    was = commit(root, before)
    return commit_diff(Git(root / ".git"), was, commit(root, after))


def test_lines_have_their_numbers_on_both_sides(root: Path) -> None:
    after = LINES.replace(b"line 5\n", b"line five\nand a half\n").replace(b"line 20\n", b"")
    (file,) = change(root, {"a.txt": LINES}, {"a.txt": after})
    first, second = file.hunks
    assert [line[:4] for line in first.lines] == [
        (" ", 2, 2, b"line 2"),
        (" ", 3, 3, b"line 3"),
        (" ", 4, 4, b"line 4"),
        ("-", 5, 0, b"line 5"),
        ("+", 0, 5, b"line five"),
        ("+", 0, 6, b"and a half"),
        (" ", 6, 7, b"line 6"),
        (" ", 7, 8, b"line 7"),
        (" ", 8, 9, b"line 8"),
    ]
    assert first.blocks == (Block(4, 5, 4, 6),)
    assert second.blocks == (Block(19, 20, 20, 20),)


def test_every_hunk_is_a_patch_that_git_applies(root: Path) -> None:
    after = LINES.replace(b"line 5\n", b"line five\n").replace(b"line 30\n", b"the end")
    (file,) = change(root, {'odd "name"\t\xe4 b/x.txt': LINES}, {'odd "name"\t\xe4 b/x.txt': after})
    git(root, "checkout", "--quiet", "HEAD~1")
    for hunk in reversed(file.hunks):
        subprocess.run(["git", "apply", "-"], cwd=root, input=file.patch(hunk), check=True)
    assert (root / file.path).read_bytes() == after


@pytest.mark.parametrize(
    ("before", "after", "blocks"),
    [
        (b"", b"a\nb\n", (Block(0, 0, 0, 2),)),
        (b"a\nb\n", b"", (Block(0, 2, 0, 0),)),
        (b"a\n", b"z\na\n", (Block(0, 0, 0, 1),)),
        (b"a", b"a\n", (Block(0, 1, 0, 1),)),
        (b"a\r\nb\r\n", b"a\r\nc\r\n", (Block(1, 2, 1, 2),)),
        (b"a\rb\rc\n", b"a\rB\rc\n", (Block(0, 1, 0, 1),)),
        (b"\xff\xfe\n", b"\xff\xfd\n", (Block(0, 1, 0, 1),)),
        (b"a\0b\n", b"a\0c\n", (Block(0, 1, 0, 1),)),
        (b"-- x\n++ y\n", b"-- x\n--- a/f\n+++ b/f\n@@ -1 +1 @@\ndiff --git a/f b/f\n", (Block(1, 2, 1, 5),)),
    ],
)
def test_bytes_of_any_kind_are_parted_into_lines_as_git_does(
    root: Path, before: bytes, after: bytes, blocks: tuple[Block, ...]
) -> None:
    (file,) = change(root, {"f": before}, {"f": after})
    assert [hunk.blocks for hunk in file.hunks] == [blocks]
    (hunk,) = file.hunks
    assert b"".join(line.text + b"\n" * line.ended for line in hunk.lines if line.sign != "-") == after
    assert b"".join(line.text + b"\n" * line.ended for line in hunk.lines if line.sign != "+") == before


def test_files_that_come_and_go_and_change_their_kind_are_told_apart(root: Path) -> None:
    commit(root, {"gone": b"x\n", "link": b"y\n", "mode": b"z\n"})
    was = git(root, "rev-parse", "HEAD")
    (root / "link").unlink()
    (root / "link").symlink_to("mode")
    (root / "mode").chmod(0o755)
    now = commit(root, {"gone": None, "new": b"n\n", "empty": b""})
    files = commit_diff(Git(root / ".git"), was, now)
    assert [(file.path, len(file.hunks)) for file in files] == [
        ("empty", 0),
        ("gone", 1),
        ("link", 1),
        ("link", 1),
        ("mode", 0),
        ("new", 1),
    ]


def test_hostile_names_are_kept_as_they_are(root: Path) -> None:
    names = ["a\nb.txt", "@@ -1 +1 @@", "diff --git a b", "caf\udce9.txt", " ", "-x"]
    files = change(root, dict.fromkeys(names, b"a\n"), dict.fromkeys(names, b"b\n"))
    assert sorted(file.path for file in files) == sorted(names)
    assert all(len(file.hunks) == 1 for file in files)


@pytest.mark.parametrize(
    "settings",
    [
        {"diff.external": "false", "diff.noprefix": "true"},
        {"diff.context": "9", "diff.interHunkContext": "90", "diff.indentHeuristic": "false"},
        {"color.ui": "always", "diff.mnemonicPrefix": "true", "diff.algorithm": "minimal"},
    ],
)
def test_no_attribute_and_no_configuration_hides_or_bends_a_change(root: Path, settings: dict[str, str]) -> None:
    for key, value in settings.items():
        git(root, "config", key, value)
    attributes = b"*.py -diff\n*.txt diff=hide\n"
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_bytes(attributes)
    after = LINES.replace(b"line 3\n", b"").replace(b"line 25\n", b"")
    files = change(root, {".gitattributes": attributes, "a.py": LINES, "b.txt": LINES}, {"a.py": after, "b.txt": after})
    assert [[len(hunk.lines) for hunk in file.hunks] for file in files] == [[6, 7], [6, 7]]


def test_a_commit_that_is_not_there_is_an_error(root: Path) -> None:
    with pytest.raises(GitFailed):
        commit_diff(Git(root / ".git"), "0" * 40, "1" * 40)
