"""The repository of a recording: what the run worked on and made, and nothing of what was before or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.run import RunScope
from archaeologist.errors import GitFailed, RepositoryGone
from archaeologist.pipeline.recordings.files import opened
from archaeologist.pipeline.recordings.repository import copy_repository
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.notes import LEDGER, NOTES, read_note, write_note
from archaeologist_tools.git.objects import write_blobs
from support.projects import write
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path


def commit(repository: Path, name: str, text: str) -> str:
    write(repository, {name: text})
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", f"Write {name}")
    return git(repository, "rev-parse", "HEAD")


@pytest.fixture(params=["sha1", "sha256"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> RunScope:
    """A run on a repository with a past, a branch of somebody else, and a branch of its own."""
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "--quiet", "-b", "main", f"--object-format={request.param}")
    commit(repository, "past.txt", "of the past\n")
    (repository / "past.txt").unlink()
    base = commit(repository, "code.py", "1\n")
    git(repository, "checkout", "--quiet", "-b", "other")
    commit(repository, "other.txt", "of somebody else\n")
    git(repository, "checkout", "--quiet", "-b", "result", base)
    commit(repository, "code.py", "2\n")
    tip = commit(repository, "code.py", "3\n")
    for ref, text in ((NOTES, f"report of {repository}"), (LEDGER, "{}")):
        write_note(Git(repository / ".git"), tip, text.encode(), ref)
    return RunScope(
        run_id="1",
        root=str(repository),
        git_dir=str(repository / ".git"),
        base=base,
        branch="result",
        date="0 +0000",
        author_name="Grace",
        author_email="grace@example.com",
    )


def contents(repository: Path) -> str:
    return git(repository, "cat-file", "--batch", "--batch-all-objects")


def test_base_and_branch_are_there_and_neither_past_nor_neighbour(run: RunScope, tmp_path: Path) -> None:
    tip = git(tmp_path / "repository", "rev-parse", "result")
    other = git(tmp_path / "repository", "rev-parse", "other")
    copy = tmp_path / "copy.git"
    copy_repository(run, tip, copy, [f"commits {tip}"], lambda text: text.replace(run.root, "/neutral"))
    assert git(copy, "log", "--format=%s", "result").split("\n") == ["Write code.py", "Write code.py", "Write code.py"]
    assert git(copy, "rev-list", "--max-parents=0", "result") == run.base
    assert git(copy, "show", "result:code.py") == "3"
    assert "of the past" not in contents(copy)
    assert "of somebody else" not in contents(copy)
    assert other not in git(copy, "rev-list", "--all")
    assert read_note(Git(copy), tip, NOTES) == b"report of /neutral"
    assert read_note(Git(copy), tip, LEDGER) == b"{}"
    git(copy, "fsck", "--strict")


def test_what_the_run_names_and_no_branch_has_comes_along(run: RunScope, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    (draft_file,) = write_blobs(Git(repository / ".git"), [b"of a draft\n"])
    tree = git(repository, "rev-parse", "other^{tree}")
    draft = git(repository, "commit-tree", tree, "-p", "result", "-m", "Draft")
    old = git(repository, "rev-parse", f"{run.base}^")
    copy = tmp_path / "copy.git"
    copy_repository(run, run.base, copy, [f'{{"oid":"{draft_file}"}}', f"a {draft} b {old} c {'0' * 40}"], str)
    assert git(copy, "cat-file", "-p", draft_file) == "of a draft"
    assert git(copy, "cat-file", "-t", draft) == "commit"
    assert git(copy, "rev-parse", "result") == run.base
    assert "of the past" not in contents(copy)


def test_a_copy_is_opened_as_part_of_a_recording(run: RunScope, tmp_path: Path, demo_files: Path) -> None:
    copy_repository(run, run.base, demo_files / "repository.git", [], str)
    with opened(demo_files) as source:
        assert source.request


def test_a_repository_or_base_that_is_gone_is_told(run: RunScope, tmp_path: Path) -> None:
    with pytest.raises(GitFailed):
        copy_repository(run.model_copy(update={"base": "1" * len(run.base)}), run.base, tmp_path / "a.git", [], str)
    with pytest.raises(RepositoryGone):
        copy_repository(run.model_copy(update={"git_dir": "/nowhere"}), run.base, tmp_path / "b.git", [], str)
