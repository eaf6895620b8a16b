from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.commit import write_commit
from archaeologist_tools.git.identity import NEUTRAL
from archaeologist_tools.git.objects import write_blobs
from archaeologist_tools.git.repository import base_commit, locate
from archaeologist_tools.git.tree import Change, write_tree
from archaeologist_tools.git.worktree import move_worktree, open_worktree, remove_worktree
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RAW = b"$Id$\r\nA\n"


def commit_of(checkout: Path, files: Mapping[str, bytes]) -> str:
    """Gives a commit with these files and no others."""
    legacy = locate(checkout).git
    oids = write_blobs(legacy, list(files.values()))
    tree = write_tree(legacy, None, [Change(path, "100644", oid) for path, oid in zip(files, oids, strict=True)])
    return write_commit(legacy, tree, [], message="Files\n", author=NEUTRAL, date="1700000000 +0000")


def test_a_checkout_holds_the_files_and_moves(any_format: Path, tmp_path: Path) -> None:
    location = locate(any_format)
    private = open_worktree(location.git, base_commit(location), tmp_path / "state" / "tests")
    assert private == tmp_path / "state" / "tests"
    assert (private / "app" / "main.py").read_bytes() == (any_format / "app" / "main.py").read_bytes()
    (private / "setup.py").write_text("changed by tests\n", encoding="ascii")
    (private / "left" / "behind").mkdir(parents=True)
    (private / "left" / "behind" / "x.pyc").touch()
    git(private / "left", "init", "--quiet")
    second = commit_of(any_format, {"setup.py": b"second\n", "caf\udcff\n.py": b"x"})
    move_worktree(private, second)
    assert sorted(os.listdir(private)) == [".git", "caf\udcff\n.py", "setup.py"]  # noqa: PTH208 - the plain names
    assert (private / "setup.py").read_bytes() == b"second\n"
    assert git(private, "rev-parse", "HEAD") == second
    remove_worktree(private)
    remove_worktree(private)
    assert not private.exists()


def test_bytes_are_those_of_the_blobs_and_nothing_runs(checkout: Path, tmp_path: Path, own_home: Path) -> None:
    marker = tmp_path / "marker"
    (own_home / ".gitconfig").write_text(
        f'[filter "evil"]\n\tsmudge = touch {marker}; cat\n\tclean = touch {marker}; cat\n\trequired = true\n'
        f"[core]\n\tautocrlf = true\n\thooksPath = {own_home}/hooks\n\tfsmonitor = touch {marker}\n",
        encoding="ascii",
    )
    (own_home / "hooks").mkdir()
    (own_home / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="ascii")
    (own_home / "hooks" / "post-checkout").chmod(0o755)
    attributes = b"* text=auto eol=crlf ident filter=evil working-tree-encoding=UTF-16\n"
    commit = commit_of(
        checkout, {".gitattributes": attributes, "a.py": RAW, "sub/.gitattributes": attributes, "sub/a": RAW}
    )
    private = open_worktree(locate(checkout).git, commit, tmp_path / "private")
    assert {name: (private / name).read_bytes() for name in ("a.py", "sub/a")} == {"a.py": RAW, "sub/a": RAW}
    (private / "a.py").write_bytes(b"x")
    move_worktree(private, commit)
    assert (private / "a.py").read_bytes() == RAW
    assert not marker.exists()


def test_a_stale_checkout_is_replaced(checkout: Path, tmp_path: Path) -> None:
    location = locate(checkout)
    private = open_worktree(location.git, base_commit(location), tmp_path / "private")
    (private / ".git" / "index.lock").touch()
    (private / ".git" / "HEAD").write_bytes(b"rubbish")
    (private / "closed").mkdir()
    (private / "closed" / "file").touch()
    (private / "closed").chmod(0)
    assert open_worktree(location.git, base_commit(location), private) == private
    assert not (private / "closed").exists()
    assert (private / "setup.py").exists()


def test_a_lock_left_by_a_killed_git_does_not_stop_a_move(checkout: Path, tmp_path: Path) -> None:
    location = locate(checkout)
    private = open_worktree(location.git, base_commit(location), tmp_path / "private")
    (private / ".git" / "index.lock").touch()
    move_worktree(private, base_commit(location))
    assert (private / "setup.py").exists()


def test_what_is_not_ours_is_not_removed(checkout: Path, tmp_path: Path) -> None:
    location = locate(checkout)
    link = tmp_path / "link"
    link.symlink_to(checkout)
    for folder in (checkout, link):
        with pytest.raises(GitFailed):
            remove_worktree(folder)
        with pytest.raises(GitFailed):
            open_worktree(location.git, base_commit(location), folder)
    with pytest.raises(GitFailed):
        move_worktree(checkout, base_commit(location))
    assert (checkout / "setup.py").exists()


@pytest.mark.parametrize("left", [[], [".git/"], ["rest"]])
def test_what_a_kill_leaves_is_removed(tmp_path: Path, left: list[str]) -> None:
    private = tmp_path / "private"
    private.mkdir()
    for name in left:
        (private / name).mkdir() if name.endswith("/") else (private / name).touch()
    remove_worktree(private)
    assert not private.exists()


def test_a_shallow_clone_a_linked_worktree_and_a_borrowing_clone(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "Second")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    git(tmp_path, "clone", "--quiet", "--shared", str(checkout), "shared")
    (tmp_path / "shared" / ".git" / "objects" / "info" / "alternates").write_bytes(b"../../../legacy/.git/objects\n")
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    for name, commits in (("shallow", "1"), ("shared", "2"), ("linked", "2")):
        location = locate(tmp_path / name)
        private = open_worktree(location.git, base_commit(location), tmp_path / "private" / name)
        assert (private / "setup.py").exists()
        assert git(private, "rev-list", "--count", "HEAD") == commits


@pytest.mark.parametrize("name", [b"we\nird", b'quo"te', b"back\\slash", b"#hash", b"\xff"])
def test_a_repository_in_a_folder_of_an_odd_name(checkout: Path, tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / os.fsdecode(name)
    shutil.move(checkout, folder)
    location = locate(folder)
    private = open_worktree(location.git, base_commit(location), tmp_path / "private" / os.fsdecode(name))
    assert (private / "setup.py").exists()


def test_a_submodule_is_an_empty_folder(checkout: Path, tmp_path: Path) -> None:
    head = git(checkout, "rev-parse", "HEAD")
    git(checkout, "update-index", "--add", "--cacheinfo", f"160000,{head},library")
    git(checkout, "commit", "--quiet", "-m", "Submodule")
    location = locate(checkout)
    private = open_worktree(location.git, base_commit(location), tmp_path / "private")
    assert list((private / "library").iterdir()) == []


def test_no_such_commit(checkout: Path, tmp_path: Path) -> None:
    with pytest.raises(GitFailed):
        open_worktree(locate(checkout).git, "d" * 40, tmp_path / "private")
