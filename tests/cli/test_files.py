"""Files that nobody can modernize: the run finishes, lists them, and leaves their bytes alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli import exits
from support.projects import LEGACY, project
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine

LISTED = {
    "broken.py": (b"def f(:\n    return '%s' % (1,)\n", "syntax"),
    "python2.py": (b"print 'hello'\n", "python2"),
    "nul.py": (b"x = '%s' % (1,)\n\0\n", "nul-bytes"),
    "cookie.py": (b"# -*- coding: klingon -*-\nx = 1\n", "encoding"),
    "latin.py": (b"x = 'caf\xe9'\n", "encoding"),
    "huge.py": (b"x = 1  # a table, not code\n" * 800_000, "too-large"),
}
REWRITTEN = [
    "new\nline.py",
    "quo\"te's.py",
    "tab\there.py",
    "back\\slash.py",
    "pipe|`x`.py",
    "-dash.py",
    "ünï.py",
    "a b.py",
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = {**dict.fromkeys(REWRITTEN, LEGACY), os.fsdecode(b"caf\xe9.py"): LEGACY}
    folder = tmp_path_factory.mktemp("odd")
    (folder / "link.py").symlink_to("greeter.py")
    (folder / "out.py").symlink_to("/etc/passwd")
    try:
        return project(folder, {**names, **{name: data for name, (data, _) in LISTED.items()}})
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")


def test_the_run_finishes_lists_what_it_cannot_read_and_rewrites_the_rest(odd: Path, cli: CommandLine) -> None:
    done = cli.run("modernize", odd, "--no-tests", "--branch", "result", "--rules", "AR001,AR020")
    assert done.code == exits.DONE, done.stderr
    report = cli.run("runs", "show", cwd=odd)
    assert report.code == exits.DONE, report.stderr
    _, _, listed = report.stdout.partition("## Not looked at")
    for name, (_, code) in LISTED.items():
        assert f"| `{name}` | {code} |" in listed
    assert "| `caf\\xe9.py` | name-not-utf8 |" in listed
    assert "| `link.py` | symlink |" in listed
    assert "| `out.py` | symlink |" in listed
    changed = git(odd, "diff", "--name-only", "-z", "HEAD", "result").split("\0")
    assert sorted(filter(None, changed)) == sorted([*REWRITTEN, "greeter.py"])


def test_a_dry_run_and_the_rules_alone_survive_the_same_files(odd: Path, cli: CommandLine) -> None:
    previewed = cli.run("modernize", odd, "--dry-run", "--rules", "AR001,AR020")
    assert previewed.code == exits.DONE, previewed.stderr
    assert "AR020 object-base" in previewed.stdout
    checked = cli.run("rules", "apply", odd, "--check", "--rules", "AR001,AR020")
    assert checked.code == exits.FOUND, checked.stderr
    assert "broken.py: left alone: line 1" in checked.stderr
    assert "nul.py: left alone" in checked.stderr
    assert git(odd, "status", "--porcelain") == ""
