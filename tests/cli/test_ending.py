"""What is said when a run is given up or forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.cli.ending import removal
from support.panes import RUN
from support.repositories import git, make_repository

if TYPE_CHECKING:
    from pathlib import Path


def test_a_branch_is_to_be_removed_only_when_there_is_one(tmp_path: Path) -> None:
    repository = make_repository("inventory", tmp_path / "inventory")
    run = replace(RUN, repository=str(repository))
    assert removal(run) == "it has committed nothing"
    git(repository, "branch", "modern")
    assert removal(run) == f"`git -C {repository} branch -D modern` removes what it made"
    assert "branch -D" in removal(replace(run, repository=str(tmp_path / "elsewhere")))
