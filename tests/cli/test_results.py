"""What a run leaves behind: a branch and nothing else, and words and a status that say how good it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from archaeologist.cli import exits
from support.projects import LEGACY, project, write
from support.repositories import git, make_repository

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine

ON_SOURCE = """\
import inspect
import unittest

import greeter


class SourceTest(unittest.TestCase):
    def test_source(self):
        self.assertIn("%s", inspect.getsource(greeter.Greeter))
"""


def test_tests_that_break_make_the_branch_not_good(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path, {"test_source.py": ON_SOURCE})
    done = cli.run("modernize", repository, "--trust-tests", "--branch", "result")
    assert done.code == exits.FOUND
    assert "NOT GOOD" in done.stdout
    assert "test_source.SourceTest" in done.stdout
    assert "1 test passed before and fails now" in done.stdout
    shown = cli.run("runs", "show", cwd=repository)
    assert shown.code == exits.FOUND
    assert "**These tests passed before and do not now:**" in shown.stdout
    assert git(repository, "rev-parse", "--verify", "result")


def test_without_tests_the_branch_is_unverified(cli: CommandLine, tmp_path: Path) -> None:
    repository = make_repository("wreckage", tmp_path / "wreckage")
    done = cli.run("modernize", repository, "--trust-tests", "--branch", "result")
    assert done.code == exits.DONE, done.stderr
    assert "unverified: no tests were found" in done.stdout
    assert "No tests were run" in done.stdout
    assert git(repository, "rev-parse", "--verify", "result")


def test_tests_that_nobody_agreed_to_are_not_run(cli: CommandLine, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    repository = project(tmp_path / "project", {"test_touch.py": f"open({str(touched)!r}, 'w').close()\n"})
    done = cli.run("modernize", repository)
    assert done.code == exits.DONE, done.stderr
    assert "--trust-tests" in done.stdout
    assert not touched.exists()


def test_unusual_bytes_survive_outside_of_the_edits(cli: CommandLine, tmp_path: Path) -> None:
    repository = make_repository("encodings", tmp_path / "encodings")
    done = cli.run("modernize", repository, "--trust-tests", "--branch", "result")
    assert done.code == exits.DONE, done.stderr
    before = {path: _blob(repository, "HEAD", path) for path in _files(repository, "HEAD") if path.endswith(".py")}
    after = {path: _blob(repository, "result", path) for path in before}
    assert after != before
    for path, old in before.items():
        new = after[path]
        assert new.startswith(b"\xef\xbb\xbf") == old.startswith(b"\xef\xbb\xbf"), path
        assert new.count(b"\t") == old.count(b"\t"), path
        assert new.count(b"\x0c") == old.count(b"\x0c"), path
        assert new.count(b"\xf6") == old.count(b"\xf6"), path
        assert new.endswith(b"\n") == old.endswith(b"\n"), path
        kept = set(old.splitlines(keepends=True)) & set(new.splitlines(keepends=True))
        assert len(kept) >= len(set(old.splitlines())) / 2, path
        if b"\r\n" in old and old.count(b"\r\n") == old.count(b"\n"):
            assert new.count(b"\r\n") == new.count(b"\n"), path
        elif b"\r\n" not in old:
            assert b"\r\n" not in new, path


def _files(repository: Path, revision: str) -> list[str]:
    return git(repository, "ls-tree", "-r", "--name-only", revision).splitlines()


def _blob(repository: Path, revision: str, path: str) -> bytes:
    return git(repository, "show", f"{revision}:{path}").encode("utf-8", "surrogateescape")


def test_nothing_of_the_users_is_touched(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    write(repository, {"greeter.py": LEGACY + "\nSTASHED = 1\n"})
    git(repository, "stash", "--quiet")
    write(repository, {"staged.py": "staged = 1\n", "greeter.py": LEGACY + "\nCHANGED = 1\n", "untracked.py": LEGACY})
    git(repository, "add", "staged.py")
    (repository / ".git" / "hooks").mkdir(exist_ok=True)
    hook = repository / ".git" / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hook-ran\n")
    hook.chmod(0o755)
    before = _digests(repository)
    done = cli.run("modernize", repository, "--trust-tests", "--branch", "result")
    assert done.code == exits.DONE, done.stderr
    after = _digests(repository)
    assert {path: after.get(path) for path in before} == before
    ours = ("objects/", "refs/heads/result", "logs/refs/heads/result", "refs/notes", "logs/refs/notes")
    fresh = {
        path for path in after.keys() - before.keys() if not path.startswith(tuple(f".git/{name}" for name in ours))
    }
    assert fresh == set()
    assert "hooks are not run for the run's commits: reference-transaction" in done.stderr


def _digests(repository: Path) -> dict[str, tuple[str, int]]:
    """Return content and time of every file, git's own included."""
    return {
        path.relative_to(repository).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in repository.rglob("*")
        if path.is_file()
    }


def test_a_second_run_on_the_finished_branch_finds_nothing(cli: CommandLine, tmp_path: Path) -> None:
    repository = make_repository("inventory", tmp_path / "inventory")
    first = cli.run("modernize", repository, "--trust-tests", "--branch", "result")
    assert first.code == exits.DONE, first.stderr
    assert "good; before: 43 passed" in first.stdout
    git(repository, "checkout", "--quiet", "result")
    second = cli.run("modernize", repository, "--trust-tests", "--branch", "again")
    assert second.code == exits.DONE, second.stderr
    assert "Nothing to modernize" in second.stdout
    assert "none: nothing changed" in second.stdout
    assert git(repository, "for-each-ref", "refs/heads/again") == ""


def test_one_commit_can_be_left_out_the_way_the_report_says(cli: CommandLine, tmp_path: Path) -> None:
    repository = make_repository("inventory", tmp_path / "inventory")
    done = cli.run("modernize", repository, "--no-tests", "--branch", "result")
    assert done.code == exits.DONE, done.stderr
    report = cli.run("runs", "show", cwd=repository).stdout
    commands = [line.split()[1:] for line in report.splitlines() if line.startswith("    git ")]
    assert [command[0] for command in commands] == ["switch", "revert"]
    newest = git(repository, "rev-parse", "result")
    for command in commands:
        git(repository, *(newest if word == "<commit>" else word for word in command))
    assert git(repository, "rev-parse", "result^{tree}") == git(repository, "rev-parse", f"{newest}^^{{tree}}")


def test_every_line_of_json_is_json_and_the_last_is_the_result(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    records = cli.run("modernize", repository, "--trust-tests", "--json", "--branch", "result").records
    assert {"AgentStarted", "StepScheduled", "StepStarted", "StepEnded", "AgentEnded"} <= {r["event"] for r in records}
    assert records[-1]["event"] == "Result"
    assert records[-1]["result"]["verdict"] == "good"
    assert records[-1]["result"]["tip"] == git(repository, "rev-parse", "result")
    (detached,) = cli.run("modernize", repository, "--branch", "result", "--json", "--detach").records
    assert detached["run_id"] == records[-1]["result"]["run_id"]


def test_plain_output_holds_no_colour_and_one_line_an_event(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    done = cli.run("modernize", repository, "--no-tests", "--plain", "--rules", "AR020", FORCE_COLOR="1")
    assert done.code == exits.DONE
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stderr
    assert sum("commit: Drop the base class object" in line for line in done.stderr.splitlines()) == 1


def test_a_dry_run_writes_nothing_anywhere(alone: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path)
    before, kept = _digests(repository), _digests(alone.state)
    done = alone.run("modernize", repository, "--dry-run")
    assert done.code == exits.DONE, done.stderr
    assert "AR001 percent-format" in done.stdout
    assert "nothing was written" in done.stderr
    assert _digests(repository) == before
    assert _digests(alone.state) == kept
    records = alone.run("modernize", repository, "--dry-run", "--json", "--rules", "AR020").records
    assert records[0] == {"event": "RulePreviewed", "rule": "AR020", "files": 1, "edits": 1, "left_alone": 0}
    assert records[-1]["event"] == "Result"
    assert _digests(repository) == before
