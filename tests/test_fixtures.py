from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.repositories import git, make_repository

if TYPE_CHECKING:
    from pathlib import Path

COMMITS = {
    "inventory": "2ec88d20b1c2d4d9162fab43a22a4001cff80a1c",
    "encodings": "db120d1e5ee736d24b12ac906e2f1868ac0c9b93",
    "wreckage": "b5b5ad16a5debafc2c596c10424c82278a4e250b",
}


@pytest.mark.parametrize("name", ["inventory", "encodings", "wreckage"])
def test_a_fixture_has_the_same_commit_on_every_machine(name: str, tmp_path: Path) -> None:
    repository = make_repository(name, tmp_path / name)
    assert git(repository, "status", "--porcelain", "--ignored") == ""
    assert git(repository, "rev-parse", "HEAD") == COMMITS[name]


@pytest.mark.parametrize("name", ["inventory", "encodings"])
def test_the_tests_of_a_fixture_pass_as_they_are(name: str, tmp_path: Path) -> None:
    repository = make_repository(name, tmp_path / name)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "discover"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert git(repository, "status", "--porcelain") == ""


def test_the_unusual_bytes_are_still_there(tmp_path: Path) -> None:
    package = make_repository("encodings", tmp_path / "encodings") / "umlaut"
    assert (package / "convert.py").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in (package / "convert.py").read_bytes()
    assert b"K\xf6ln" in (package / "tables.py").read_bytes()
    assert b"\x0c\nclass" in (package / "paragraphs.py").read_bytes()
    assert b"\n\tdef" in (package / "paragraphs.py").read_bytes()
    mixed = (package / "files.py").read_bytes()
    assert 0 < mixed.count(b"\r\n") < mixed.count(b"\n")
    assert not mixed.endswith(b"\n")
