from __future__ import annotations

import os
import resource
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import DiskFull, GitFailed, RepositoryError, RepositoryGone
from archaeologist_tools.git.command import Git, discover
from archaeologist_tools.git.objects import write_blobs
from archaeologist_tools.git.repository import base_commit, condition, initialize, locate
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_a_vanished_repository_is_told_from_a_failed_command(checkout: Path) -> None:
    legacy = locate(checkout).git
    with pytest.raises(GitFailed, match="ended with 128"):
        legacy.run("rev-parse", "--verify", "nothing-of-that-name")
    shutil.rmtree(checkout)
    with pytest.raises(RepositoryGone):
        legacy.run("rev-parse", "HEAD")
    with pytest.raises(RepositoryGone):
        list(legacy.records("log", "-z"))


def test_a_repository_whose_folder_stayed_but_is_empty_is_gone(checkout: Path) -> None:
    legacy = locate(checkout).git
    shutil.rmtree(checkout / ".git")
    (checkout / ".git").mkdir()
    with pytest.raises(RepositoryGone):
        legacy.run("rev-parse", "HEAD")


def test_inherited_variables_lead_git_nowhere_else(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    location = locate(checkout)
    assert location.root == checkout
    assert len(base_commit(location)) == 40


def test_git_missing_from_path_is_said(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    legacy = locate(checkout).git
    monkeypatch.setenv("PATH", str(checkout))
    with pytest.raises(GitFailed, match="not on PATH"):
        legacy.run("rev-parse", "HEAD")


def test_a_reader_that_stops_early_leaves_no_process(checkout: Path) -> None:
    for number in range(3):
        git(checkout, "commit", "--quiet", "--allow-empty", "-m", str(number))
    records = locate(checkout).git.records("log", "-z", "--format=%s")
    assert next(records) == b"2"
    records.close()


def test_records_say_what_went_wrong(checkout: Path) -> None:
    with pytest.raises(GitFailed, match="nothing-of-that-name"):
        list(locate(checkout).git.records("log", "-z", "nothing-of-that-name"))


@pytest.fixture
def hostile(checkout: Path, tmp_path: Path, own_home: Path) -> Path:
    """A repository in which everything that git can be made to run leaves a marker."""
    touch = f"touch {tmp_path}/marker-"
    for hook in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction", "post-commit"):
        script = checkout / ".git" / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\n{touch}{hook}\n", encoding="ascii")
        script.chmod(0o755)
    (checkout / ".gitattributes").write_text(
        "*.py filter=evil diff=evil\n*.txt filter=od=d diff=evil\n", encoding="ascii"
    )
    (checkout / "a.txt").write_text("text\n", encoding="ascii")
    git(checkout, "-c", f"core.hooksPath={os.devnull}", "add", "--all")
    git(checkout, "-c", f"core.hooksPath={os.devnull}", "commit", "--quiet", "-m", "Attributes")
    for name in ("evil", "od=d"):
        for part in ("clean", "smudge"):
            git(checkout, "config", f"filter.{name}.{part}", f"{touch}filter-{part}; cat")
        git(checkout, "config", f"filter.{name}.required", "true")
    git(checkout, "config", "filter.od=d.process", f"{touch}filter-process; cat")
    for key, tool in {
        "core.fsmonitor": "fsmonitor",
        "diff.external": "external",
        "diff.evil.command": "diff",
        "diff.evil.textconv": "textconv",
        "core.pager": "pager",
        "core.editor": "editor",
        "gpg.program": "gpg",
    }.items():
        git(checkout, "config", key, f"{touch}{tool}")
    git(checkout, "config", "commit.gpgSign", "true")
    git(checkout, "config", "log.showSignature", "true")
    (checkout / "a.txt").write_text("changed\n", encoding="ascii")
    (checkout / "setup.py").write_text("changed\n", encoding="ascii")
    shutil.copyfile(checkout / ".git" / "config", own_home / ".gitconfig")
    return checkout


def markers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("marker-*"))


def test_the_hostile_repository_is_hostile(hostile: Path, tmp_path: Path) -> None:
    for command in (["status"], ["add", "a.txt"], ["add", "setup.py"], ["branch", "other"]):
        subprocess.run(["git", *command], cwd=hostile, check=False, capture_output=True)
    expected = {"marker-filter-process", "marker-filter-clean", "marker-fsmonitor", "marker-reference-transaction"}
    assert expected <= set(markers(tmp_path))


def test_looking_at_a_hostile_repository_runs_nothing_of_it(hostile: Path, tmp_path: Path) -> None:
    location = locate(hostile)
    state = condition(location)
    assert state.dirty == 2
    assert state.signs_commits
    assert "pre-commit" in state.hooks
    location.git.run("diff", "HEAD", work_tree=hostile)
    location.git.run("log", "-p", "--no-color")
    location.git.run("show", "HEAD")
    assert markers(tmp_path) == []


def test_filters_of_the_user_do_not_run_in_a_new_repository(hostile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    shutil.copytree(hostile, folder, ignore=shutil.ignore_patterns(".git"))
    location = initialize(folder)
    assert location.git.run("show", "HEAD:setup.py") == b"changed\n"
    assert markers(tmp_path) == []


def test_a_full_disk_while_a_file_grows_too_large(checkout: Path) -> None:
    legacy = locate(checkout).git
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(DiskFull):
            write_blobs(legacy, [os.urandom(100_000)])
        with pytest.raises(DiskFull):
            write_blobs(legacy, [os.urandom(1000) for _ in range(200)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert git(checkout, "fsck", "--strict") == ""


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 KB; only root may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here; the test with RLIMIT_FSIZE stands in for it")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(tiny_disk: Path, checkout: Path) -> None:
    shutil.copytree(checkout, tiny_disk / "legacy")
    location = locate(tiny_disk / "legacy")
    base = base_commit(location)
    for contents in ([os.urandom(900_000)], [os.urandom(9000) for _ in range(150)]):
        with pytest.raises(DiskFull):
            write_blobs(location.git, contents)
    assert base_commit(location) == base
    assert write_blobs(location.git, [b"small"])


def test_a_repository_of_another_user_is_refused_with_the_way_out(checkout: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(checkout, 12345, 12345)
    os.chown(checkout / ".git", 12345, 12345)
    with pytest.raises(RepositoryError, match="another user") as caught:
        locate(checkout)
    assert f"safe.directory '{checkout}'" in caught.value.hint


def test_a_partial_clone_is_never_completed_behind_the_users_back(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{checkout}", "partial")
    partial = locate(tmp_path / "partial")
    blob = git(checkout, "rev-parse", "HEAD:setup.py")
    with pytest.raises(GitFailed, match="partial clone") as caught:
        Git(partial.git_dir).run("cat-file", "-p", blob)
    assert "git fetch" in caught.value.hint


def test_ctrl_c_that_git_gets_is_ctrl_c_for_us(checkout: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        discover(checkout, "-c", "alias.wait=!kill -INT $$", "wait")
