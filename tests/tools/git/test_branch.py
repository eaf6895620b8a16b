from __future__ import annotations

import hashlib
import os
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import BranchMoved, GitFailed, UsageError
from archaeologist_tools.git.branch import (
    RUN,
    STEP,
    Change,
    CommitOrder,
    CommitResult,
    check_branch_name,
    commit_changes,
    commits,
    owner,
    tip,
)
from archaeologist_tools.git.identity import Identity
from archaeologist_tools.git.objects import list_tree, read_blobs, write_blobs
from archaeologist_tools.git.repository import base_commit, condition, identity, locate
from archaeologist_tools.git.worktree import move_worktree, open_worktree, remove_worktree
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist_tools.git.repository import Location

BRANCH = "archaeologist/2026-11-22-7f3a"
AUTHOR = Identity("Grace Legacy", "grace@example.com")


def order(location: Location, *changes: tuple[str, bytes | None], step: str = "rewrite-1", **more: str) -> CommitOrder:
    oids = iter(write_blobs(location.git, [data for _, data in changes if data is not None]))
    return CommitOrder(
        branch=more.get("branch", BRANCH),
        parent=more.get("parent") or base_commit(location),
        changes=[Change(path, "100644", None if data is None else next(oids)) for path, data in changes],
        subject=more.get("subject", "Use f-strings"),
        body=more.get("body", "Why it is safe."),
        trailers={RUN: more.get("run", "run-1"), STEP: step, "Archaeologist-Rule": "AR001"},
        author=AUTHOR,
        date="1700000000 +0000",
    )


def test_the_first_commit_makes_the_branch(any_format: Path) -> None:
    location = locate(any_format)
    base = base_commit(location)
    assert tip(location.git, BRANCH) is None
    assert owner(location.git, BRANCH) is None
    changes = [("setup.py", b"new\r\n"), ("app/main.py", None), ("deep/er/\udcff\n.py", b"x")]
    result = commit_changes(location.git, order(location, *changes))
    assert result == CommitResult(git(any_format, "rev-parse", BRANCH), repeated=False)
    assert tip(location.git, BRANCH) == result.commit
    assert owner(location.git, BRANCH) == "run-1"
    files = {entry.path: entry.oid for entry in list_tree(location.git, result.commit)}
    assert {path: read_blobs(location.git, [oid])[oid] for path, oid in files.items()} == {
        "setup.py": b"new\r\n",
        "deep/er/\udcff\n.py": b"x",
    }
    assert git(any_format, "log", "-1", "--format=%P|%an|%ce|%at|%ct|%B", BRANCH).splitlines() == [
        f"{base}|Grace Legacy|grace@example.com|1700000000|1700000000|Use f-strings",
        "",
        "Why it is safe.",
        "",
        "Archaeologist-Run: run-1",
        "Archaeologist-Step: rewrite-1",
        "Archaeologist-Rule: AR001",
    ]
    assert git(any_format, "fsck", "--strict", "--no-dangling") == ""


def test_the_same_order_gives_the_same_commit_everywhere(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(checkout), "clone")
    one, other = locate(checkout), locate(tmp_path / "clone")
    ids = {commit_changes(where.git, order(where, ("setup.py", b"new"))).commit for where in (one, other)}
    assert len(ids) == 1


def test_a_repeated_step_finds_its_commit(checkout: Path) -> None:
    location = locate(checkout)
    first = order(location, ("setup.py", b"1"))
    made = commit_changes(location.git, first)
    assert commit_changes(location.git, first) == CommitResult(made.commit, repeated=True)
    second = order(location, ("setup.py", b"2"), step="rewrite-2", parent=made.commit)
    last = commit_changes(location.git, second)
    assert not last.repeated
    assert commit_changes(location.git, first) == CommitResult(made.commit, repeated=True)
    assert commit_changes(location.git, second) == CommitResult(last.commit, repeated=True)
    again = replace(first, author=Identity("Somebody Else", "else@example.com"))
    assert commit_changes(location.git, again) == CommitResult(made.commit, repeated=True)
    assert git(checkout, "rev-list", "--count", BRANCH) == "3"


def test_a_step_is_not_found_by_what_a_body_says(checkout: Path) -> None:
    location = locate(checkout)
    body = "Archaeologist-Run: run-1\nArchaeologist-Step: rewrite-2"
    commit_changes(location.git, order(location, ("setup.py", b"1"), body=body))
    with pytest.raises(BranchMoved):
        commit_changes(location.git, order(location, ("setup.py", b"2"), step="rewrite-2"))


def test_a_branch_of_somebody_else_is_not_moved(checkout: Path) -> None:
    location = locate(checkout)
    made = commit_changes(location.git, order(location, ("setup.py", b"1")))
    with pytest.raises(BranchMoved):
        commit_changes(location.git, order(location, ("setup.py", b"2"), run="run-2"))
    with pytest.raises(BranchMoved):
        commit_changes(location.git, order(location, ("setup.py", b"2"), step="rewrite-2"))
    assert tip(location.git, BRANCH) == made.commit


def test_a_rewound_branch_is_not_moved(checkout: Path) -> None:
    location = locate(checkout)
    made = commit_changes(location.git, order(location, ("setup.py", b"1")))
    git(checkout, "branch", "--force", BRANCH, "main")
    with pytest.raises(BranchMoved):
        commit_changes(location.git, order(location, ("setup.py", b"2"), step="rewrite-2", parent=made.commit))


def test_a_deleted_branch_is_made_again(checkout: Path) -> None:
    location = locate(checkout)
    made = commit_changes(location.git, order(location, ("setup.py", b"1")))
    git(checkout, "branch", "-D", BRANCH)
    after = order(location, ("setup.py", b"2"), step="rewrite-2", parent=made.commit)
    assert git(checkout, "rev-parse", f"{commit_changes(location.git, after).commit}^") == made.commit


def test_a_branch_that_somebody_works_on_is_not_moved(checkout: Path) -> None:
    location = locate(checkout)
    made = commit_changes(location.git, order(location, ("setup.py", b"1")))
    git(checkout, "checkout", "--quiet", BRANCH)
    second = order(location, ("setup.py", b"2"), step="rewrite-2", parent=made.commit)
    with pytest.raises(BranchMoved, match="checked out"):
        commit_changes(location.git, second)
    git(checkout, "checkout", "--quiet", "main")
    assert not commit_changes(location.git, second).repeated


def test_changes_that_change_nothing_make_no_commit(checkout: Path) -> None:
    location = locate(checkout)
    base = base_commit(location)
    for changes in ([], [("setup.py", b"import app\n")], [("nothing", None)]):
        assert commit_changes(location.git, order(location, *changes)) == CommitResult(base, repeated=False)
    assert tip(location.git, BRANCH) is None


@pytest.mark.parametrize(
    "path", ["../out", "/etc/passwd", ".git/hooks/x", "a/../../out", "a//b", "app/.GIT/x", "", "setup.py/below", "app"]
)
def test_paths_that_lead_astray_are_refused(checkout: Path, path: str) -> None:
    location = locate(checkout)
    with pytest.raises(GitFailed):
        commit_changes(location.git, order(location, (path, b"x")))
    assert tip(location.git, BRANCH) is None


@pytest.mark.parametrize("turn", [1, -1])
def test_a_file_takes_the_place_of_a_folder_and_the_other_way_round(checkout: Path, turn: int) -> None:
    location = locate(checkout)
    to_file = [("app", b"a file"), ("app/main.py", None)][::turn]
    made = commit_changes(location.git, order(location, *to_file))
    assert git(checkout, "show", f"{made.commit}:app") == "a file"
    back = [("app/new.py", b"new"), ("app", None)][::turn]
    last = commit_changes(location.git, order(location, *back, step="rewrite-2", parent=made.commit))
    assert [entry.path for entry in list_tree(location.git, last.commit)] == ["app/new.py", "setup.py"]


def test_many_writers_at_once_make_one_line(checkout: Path) -> None:
    location = locate(checkout)
    orders = [order(location, ("setup.py", b"%d" % number), step=f"step-{number}") for number in range(6)]
    results: list[CommitResult | None] = []
    start = threading.Barrier(len(orders))

    def write(one: CommitOrder) -> None:
        start.wait()
        try:
            results.append(commit_changes(location.git, one))
        except BranchMoved:
            results.append(None)

    threads = [threading.Thread(target=write, args=(one,)) for one in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [result for result in results if result is not None]
    assert len(results) == len(orders)
    assert [result.commit for result in winners] == [tip(location.git, BRANCH)]


def test_the_same_step_at_once_makes_one_commit(checkout: Path) -> None:
    location = locate(checkout)
    one = order(location, ("setup.py", b"1"))
    results: list[CommitResult] = []
    threads = [threading.Thread(target=lambda: results.append(commit_changes(location.git, one))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {result.commit for result in results} == {tip(location.git, BRANCH)}
    assert git(checkout, "rev-list", "--count", BRANCH) == "2"


def test_the_lock_of_a_killed_git_is_taken_away_when_it_is_old(checkout: Path) -> None:
    location = locate(checkout)
    lock = checkout / ".git" / "refs" / "heads" / f"{BRANCH}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(GitFailed, match="lock"):
        commit_changes(location.git, order(location, ("setup.py", b"1")))
    long_ago = time.time() - 3600
    os.utime(lock, (long_ago, long_ago))
    assert not commit_changes(location.git, order(location, ("setup.py", b"1"))).repeated
    assert not lock.exists()


def test_the_commits_of_a_branch(any_format: Path) -> None:
    location = locate(any_format)
    base = base_commit(location)
    assert commits(location.git, base, base) == []
    first = commit_changes(location.git, order(location, ("setup.py", b"a\nb\n"), ("app/new\n\t.py", b"x\n"))).commit
    second = order(location, ("bin", b"\0\1"), ("app/main.py", None), step="s2", parent=first, subject="Two\n lines")
    commit_changes(location.git, second)
    lines = commits(location.git, base, BRANCH)
    assert [line.commit for line in lines] == [first, tip(location.git, BRANCH)]
    assert [line.subject for line in lines] == ["Use f-strings", "Two lines"]
    assert [line.files for line in lines] == [("app/new\n\t.py", "setup.py"), ("app/main.py", "bin")]
    assert [(line.insertions, line.deletions) for line in lines] == [(3, 1), (0, 1)]
    assert lines[1].trailers == {RUN: "run-1", STEP: "s2", "Archaeologist-Rule": "AR001"}


def test_a_commit_of_a_person_has_no_owner(checkout: Path) -> None:
    assert owner(locate(checkout).git, "main") is None


@pytest.mark.parametrize("name", ["", "-x", "a..b", "a b", "HEAD", "a.lock", "@{-1}", "a\nb", "a/", "a~1"])
def test_malformed_names(checkout: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_branch_name(locate(checkout).git, name)
    assert "--branch" in caught.value.hint


def test_names_that_stand_in_the_way_of_each_other(checkout: Path) -> None:
    legacy = locate(checkout).git
    git(checkout, "branch", "a/b")
    for name in ("a", "a/b/c", "a/b/c/d"):
        with pytest.raises(UsageError, match="a/b"):
            check_branch_name(legacy, name)
    for name in ("a/b", "a/c", "main", "ab", "ä"):
        check_branch_name(legacy, name)


def snapshot(checkout: Path) -> dict[str, tuple[str, int]]:
    """Gives digest and time of every file of a repository but for objects and what belongs to our branch."""
    digests = {}
    for path in sorted(checkout.rglob("*")):
        name = path.relative_to(checkout).as_posix()
        if path.is_file() and not name.startswith(".git/objects/") and "archaeologist" not in name:
            # Whatever git does, also `git log`, it gives a shared index the time of now, so that it is not pruned.
            time_of_it = 0 if "sharedindex" in name else path.stat().st_mtime_ns
            digests[name] = (hashlib.sha256(path.read_bytes()).hexdigest(), time_of_it)
    return digests


def test_nothing_of_the_user_changes_by_a_bit(checkout: Path, tmp_path: Path) -> None:
    (checkout / "setup.py").write_text("stashed\n", encoding="ascii")
    git(checkout, "stash")
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    git(checkout, "config", "core.splitIndex", "true")
    git(checkout, "update-index", "--split-index")
    (checkout / "app" / "main.py").write_text("staged\n", encoding="ascii")
    git(checkout, "add", "app/main.py")
    (checkout / "app" / "main.py").write_text("changed\n", encoding="ascii")
    (checkout / "untracked.py").touch()
    os.utime(checkout / "setup.py")
    before = snapshot(checkout), snapshot(tmp_path / "linked")

    location = locate(checkout)
    base = base_commit(location)
    condition(location)
    made = commit_changes(location.git, replace(order(location, ("setup.py", b"1")), author=identity(location)))
    private = open_worktree(location.git, made.commit, tmp_path / "private")
    move_worktree(private, base)
    commits(location.git, base, made.commit)
    remove_worktree(private)

    assert snapshot(checkout).items() ^ before[0].items() == set()
    assert snapshot(tmp_path / "linked") == before[1]
    assert git(checkout, "worktree", "list").count("\n") == 1
    assert git(checkout, "for-each-ref", "--format=%(refname)").splitlines() == [
        f"refs/heads/{BRANCH}",
        "refs/heads/linked",
        "refs/heads/main",
        "refs/stash",
    ]
