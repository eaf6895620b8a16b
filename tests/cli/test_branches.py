"""A branch of the wanted name exists already: ours is gone on with, anybody else's is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.cli import exits
from support.projects import gated, project
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


def test_a_branch_of_somebody_else_is_left_alone(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    git(repository, "branch", "mine")
    before = git(repository, "rev-parse", "mine")
    done = cli.run("modernize", repository, "--branch", "mine", "--no-tests")
    assert done.code == exits.CANNOT_RUN
    assert done.error == "a branch mine exists and no run made it"
    assert "--branch" in done.hint
    assert git(repository, "rev-parse", "mine") == before


def test_the_current_branch_is_left_alone(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    done = cli.run("modernize", repository, "--branch", "main", "--no-tests")
    assert done.code == exits.CANNOT_RUN
    assert "no run made it" in done.error


def test_a_branch_that_a_finished_run_made_is_shown_and_not_made_again(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    first = cli.run("modernize", repository, "--branch", "better", "--no-tests")
    assert first.code == exits.DONE, first.stderr
    made = git(repository, "rev-parse", "better")
    second = cli.run("modernize", repository, "--branch", "better", "--no-tests")
    assert second.code == exits.DONE, second.stderr
    assert "has made the branch better already" in second.stderr
    assert "--branch" in second.stderr
    assert second.stdout == first.stdout
    assert git(repository, "rev-parse", "better") == made


def test_a_branch_of_a_run_that_nobody_knows_any_more_is_left_alone(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    message = "Use f-strings\n\nArchaeologist-Run: 12345678\nArchaeologist-Step: rewrite-AR001"
    commit = git(repository, "commit-tree", "-p", "HEAD", "-m", message, "HEAD^{tree}")
    git(repository, "branch", "old", commit)
    done = cli.run("modernize", repository, "--branch", "old", "--no-tests")
    assert done.code == exits.CANNOT_RUN
    assert done.error == "the branch old was made by run 12345678, which this state directory does not know"
    assert "git branch -D old" in done.hint


def test_a_branch_of_a_cancelled_run_is_left_alone_and_resume_is_named(cli: CommandLine, tmp_path: Path) -> None:
    waiting = gated(tmp_path)
    run_id = cli.run("modernize", waiting.path, "--branch", "half", "--trust-tests", "--detach").stdout.strip()
    cli.wait_for_line(tmp_path / "log", "commit: ", "watch", run_id)
    assert cli.run("cancel", run_id, "--yes").code == exits.DONE
    waiting.open()
    done = cli.run("modernize", waiting.path, "--branch", "half", "--no-tests")
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"the branch half belongs to run {run_id}, which was cancelled"
    assert f"archaeologist resume {run_id}" in done.hint


def test_a_name_that_cannot_be_a_branch_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    git(repository, "branch", "taken")
    for name in ("..", "a b", "-x", "HEAD", "taken/below"):
        done = cli.run("modernize", repository, f"--branch={name}", "--no-tests")
        assert done.code == exits.USAGE, name
        assert "--branch" in done.hint


def test_a_second_modernize_attaches_to_the_open_run(cli: CommandLine, tmp_path: Path) -> None:
    waiting = gated(tmp_path)
    first = cli.run("modernize", waiting.path, "--trust-tests", "--detach")
    assert first.code == exits.DONE, first.stderr
    words = ("--branch", "another", "--trust-tests", "--exclude", "a*", "--exclude", "b")
    second = cli.run("modernize", waiting.path / ".", *words, "--detach")
    assert second.code == exits.DONE, second.stderr
    assert second.stdout == first.stdout
    run_id = first.stdout.strip()
    (branch,) = (run["branch"] for run in cli.run("runs", "list", "--json").records if run["run_id"] == run_id)
    assert second.stderr.splitlines() == [
        f"run {run_id} of this repository is running: attached to it",
        f"run {run_id} goes on as it began; not used:",
        f"  --branch another: it began with {branch}",
        "  --exclude a* --exclude b: it began with none",
        f"`archaeologist cancel {run_id}` gives it up, then `modernize` begins anew",
        "the run goes on by itself; `archaeologist watch` shows it",
    ]
    same = cli.run("modernize", waiting.path, "--trust-tests", "--detach")
    assert len(same.stderr.splitlines()) == 2, "nothing is said of options that hold"
    waiting.open()
    third = cli.run("modernize", waiting.path, "--trust-tests")
    assert third.code == exits.DONE, third.stderr
    assert "2 passed" in third.stdout
    assert git(waiting.path, "for-each-ref", "refs/heads/another") == ""
