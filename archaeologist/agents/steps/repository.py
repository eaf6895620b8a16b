"""How steps reach the repository of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.errors import RepositoryGone
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.identity import Identity
from archaeologist_tools.git.objects import read_blobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archaeologist.documents import FileEntry
    from archaeologist.domain.run import RunScope


def git_of(run: RunScope) -> Git:
    """Return the run's repository. Raises RepositoryGone."""
    folder = Path(run.git_dir)
    if not folder.is_dir():
        raise RepositoryGone(f"the repository {run.root} is gone")
    return Git(folder)


def author_of(run: RunScope) -> Identity:
    """Return whose name the commits carry: the user's git identity when the run began."""
    return Identity(run.author_name, run.author_email)


def contents(git: Git, files: Iterable[FileEntry]) -> list[tuple[str, bytes]]:
    """Return path and bytes of files, read with one process."""
    files = list(files)
    blobs = read_blobs(git, [file.oid for file in files])
    return [(file.path, blobs[file.oid]) for file in files]
