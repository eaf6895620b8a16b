"""Small repositories as agents read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.git.command import Git
from archaeologist_tools.git.snapshot import Snapshot
from support.projects import project
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def snapshot_of(folder: Path, files: Mapping[str, str | bytes]) -> Snapshot:
    """Commit files to a new repository, which has a module `greeter.py` and its test besides."""
    project(folder, files)
    return Snapshot(Git(folder / ".git"), git(folder, "rev-parse", "HEAD"), {})
