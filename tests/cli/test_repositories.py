"""Where PATH may lead: every place that a run cannot start from is told with what to do about it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli import exits
from support.projects import LEGACY, project, write
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


def made_branch(repository: Path) -> str:
    """Return the one branch that a run made."""
    (name,) = git(repository, "for-each-ref", "--format=%(refname:short)", "refs/heads/archaeologist/").splitlines()
    return name


def test_a_plain_folder_is_refused_and_init_is_named(cli: CommandLine, tmp_path: Path) -> None:
    write(tmp_path, {"greeter.py": LEGACY})
    done = cli.run("modernize", tmp_path)
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"{tmp_path} is not in a git repository"
    assert "--init" in done.hint
    assert not (tmp_path / ".git").exists()


def test_init_makes_a_repository_and_the_run_works_on_it(cli: CommandLine, tmp_path: Path) -> None:
    write(tmp_path, {"greeter.py": LEGACY})
    done = cli.run("modernize", tmp_path, "--init", "--no-tests")
    assert done.code == exits.DONE, done.stderr
    assert (tmp_path / "greeter.py").read_text() == LEGACY
    assert git(tmp_path, "rev-list", "--count", "HEAD") == "1"
    assert 'f"Hello {' in git(tmp_path, "show", f"{made_branch(tmp_path)}:greeter.py")
    assert "git has no user.name" in done.stderr


def test_init_and_dry_run_together_make_no_repository(cli: CommandLine, tmp_path: Path) -> None:
    write(tmp_path, {"greeter.py": LEGACY})
    done = cli.run("modernize", tmp_path, "--init", "--dry-run")
    assert done.code == exits.USAGE
    assert "--dry-run writes nothing" in done.error
    assert not (tmp_path / ".git").exists()


def test_a_repository_without_commits_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"greeter.py": LEGACY})
    done = cli.run("modernize", tmp_path)
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"{tmp_path} has no commit yet"
    assert "git commit" in done.hint


def test_a_commit_of_nothing_has_nothing_to_modernize(cli: CommandLine, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "Begin")
    done = cli.run("modernize", tmp_path, "--trust-tests", "--rules", "strings,syntax")
    assert done.code == exits.DONE, done.stderr
    assert "Nothing to modernize in 0 files" in done.stdout
    assert git(tmp_path, "for-each-ref", "refs/heads/archaeologist/") == ""


def test_a_repository_without_python_gets_no_branch(cli: CommandLine, tmp_path: Path) -> None:
    write(tmp_path, {"notes.txt": "Milk, eggs\n"})
    done = cli.run("modernize", tmp_path, "--init", "--no-tests")
    assert done.code == exits.DONE, done.stderr
    assert "Nothing to modernize in 0 files" in done.stdout
    assert git(tmp_path, "for-each-ref", "refs/heads/archaeologist/") == ""


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ({"[bold red]mark.py": LEGACY}, "<script> shop"),
        ({"a/one.py": LEGACY, "b/two.py": LEGACY}, "<script> shop"),
        ({"billing/one.py": LEGACY, "billing/two.py": LEGACY}, "billing"),
        ({"src/billing/one.py": LEGACY, "src/billing/two.py": LEGACY, "setup.py": LEGACY}, "billing"),
    ],
)
def test_a_new_readme_has_the_name_of_the_code_or_of_the_repository(
    files: dict[str, str], title: str, cli: CommandLine, tmp_path: Path
) -> None:
    repository = project(tmp_path / "<script> shop", files)
    done = cli.run("modernize", repository, "--no-tests", "--rules", "AR053")
    assert done.code == exits.DONE, done.stderr
    heading = git(repository, "show", f"{made_branch(repository)}:README.md").splitlines()[0]
    assert heading == f"# {title.replace('<', '&lt;')}"


def test_a_bare_repository_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare")
    done = cli.run("modernize", tmp_path)
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"{tmp_path} is in a bare repository"
    assert "git clone" in done.hint


def test_gits_own_folder_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    done = cli.run("modernize", project(tmp_path) / ".git" / "objects")
    assert done.code == exits.CANNOT_RUN
    assert "inside git's own folder" in done.error


def test_a_missing_path_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    done = cli.run("modernize", tmp_path / "nowhere")
    assert done.code == exits.CANNOT_RUN
    assert "does not exist" in done.error
    assert "spelling" in done.hint


def test_a_link_to_nothing_and_a_link_to_itself_are_missing(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("dangling", "loop"):
        done = cli.run("modernize", tmp_path / name)
        assert done.code == exits.CANNOT_RUN
        assert "does not exist" in done.error


def test_a_link_to_a_repository_is_that_repository(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    done = cli.run("modernize", tmp_path / "link", "--no-tests", "--rules", "AR020")
    assert done.code == exits.DONE, done.stderr
    assert made_branch(repository)


def test_a_link_that_leads_out_of_its_repository_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "inside")
    outside = project(tmp_path / "outside")
    (repository / "way").symlink_to("../outside")
    done = cli.run("modernize", repository / "way")
    assert done.code == exits.CANNOT_RUN
    assert "leads out of the repository" in done.error
    assert str(outside) in done.hint


def test_a_path_above_every_repository_is_no_repository(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "inside")
    done = cli.run("modernize", "..", cwd=repository)
    assert done.code == exits.CANNOT_RUN
    assert "not in a git repository" in done.error


def test_a_folder_whose_name_is_not_utf8_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    try:
        repository = project(tmp_path / os.fsdecode(b"caf\xe9"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    done = cli.run("modernize", repository, "--no-tests")
    assert done.code == exits.CANNOT_RUN
    assert "is not UTF-8" in done.error
    assert r"caf\udce9" in done.error


def test_a_detached_head_is_worked_on_and_told(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    git(repository, "checkout", "--quiet", "--detach")
    done = cli.run("modernize", repository, "--no-tests", "--rules", "AR020")
    assert done.code == exits.DONE, done.stderr
    assert "note: HEAD is detached" in done.stderr
    assert git(repository, "rev-parse", f"{made_branch(repository)}^") == git(repository, "rev-parse", "HEAD")


def test_a_shallow_clone_is_worked_on_and_told(cli: CommandLine, tmp_path: Path) -> None:
    origin = project(tmp_path / "origin")
    write(origin, {"more.py": "answer = 42\n"})
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "-m", "More")
    git(tmp_path, "clone", "--quiet", "--depth", "1", origin.as_uri(), "clone")
    done = cli.run("modernize", tmp_path / "clone", "--trust-tests")
    assert done.code == exits.DONE, done.stderr
    assert "note: the clone is shallow" in done.stderr
    assert "good; before: 1 passed" in done.stdout
    assert made_branch(tmp_path / "clone")


def test_what_is_not_committed_is_left_out_and_told(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    write(repository, {"greeter.py": LEGACY + "\n\nDRAFT = 1\n", "untracked.py": LEGACY})
    done = cli.run("modernize", repository, "--no-tests")
    assert done.code == exits.DONE, done.stderr
    assert "note: 2 changed or untracked files are not included" in done.stderr
    branch = made_branch(repository)
    assert "DRAFT" not in git(repository, "show", f"{branch}:greeter.py")
    assert "untracked.py" not in git(repository, "ls-tree", "--name-only", branch)
    assert (repository / "greeter.py").read_text().endswith("DRAFT = 1\n")


@pytest.mark.parametrize("folder", ["app", ':[app]"\nünï'])
def test_only_the_named_folder_changes(folder: str, cli: CommandLine, tmp_path: Path) -> None:
    files = {f"{folder}/greeter.py": LEGACY, "a/greeter.py": LEGACY, f"{folder}2/greeter.py": LEGACY}
    repository = project(tmp_path, files)
    done = cli.run("modernize", f"./{folder}", "--no-tests", "--rules", "AR020,AR053", cwd=repository)
    assert done.code == exits.DONE, done.stderr
    changed = git(repository, "diff", "--name-only", "-z", "HEAD", made_branch(repository)).split("\0")
    assert sorted(filter(None, changed)) == [f"{folder}/README.md", f"{folder}/greeter.py"]
    assert "not included" not in done.stderr


def test_a_repository_of_somebody_else_is_refused(cli: CommandLine, tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("only root can give a folder away")
    repository = project(tmp_path / "theirs")
    subprocess.run(["chown", "-R", "12345", repository], check=True)
    done = cli.run("modernize", repository)
    assert done.code == exits.CANNOT_RUN
    assert "belongs to another user" in done.error
    assert "safe.directory" in done.hint
