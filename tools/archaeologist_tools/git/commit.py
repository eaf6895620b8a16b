"""Writes commits of trees, and moves references by compare-and-swap."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.errors import GitFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist_tools.git.command import Git
    from archaeologist_tools.git.identity import Identity

# A git process holds a reference's lock for milliseconds; one this old belongs to a process that was killed.
_STALE_LOCK_SECONDS = 60


def write_commit(git: Git, tree: str, parents: Sequence[str], *, message: str, author: Identity, date: str) -> str:
    """Writes a commit; the same arguments give the same id.

    Args:
        git: the repository.
        tree: the id of its tree.
        parents: the ids of its parents.
        message: see `compose`.
        author: author and committer.
        date: "<unix seconds> +0000".
    """
    links = [word for parent in parents for word in ("-p", parent)]
    data = message.replace("\0", "").encode("utf-8", "backslashreplace")
    return git.run("commit-tree", tree, *links, "-F", "-", input=data, env=author.variables(date)).decode().strip()


def compose(subject: str, body: str, trailers: Mapping[str, str]) -> str:
    """Gives a commit message: subject, body and trailers, each apart from the other by an empty line."""
    lines = [f"{key}: {' '.join(value.split())}" for key, value in trailers.items()]
    parts = [" ".join(subject.split()), body.strip(), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def move_ref(git: Git, ref: str, new: str, old: str | None, reason: str) -> bool:
    """Moves a reference if it still is where we believe it to be.

    Args:
        git: the repository.
        ref: the full name.
        new: the commit it gets.
        old: the commit it has; None if it is to be made.
        reason: for the reflog.

    Returns:
        False when somebody else moved it.

    Raises:
        GitFailed: it could not be moved for another reason, e.g. it is locked.
    """
    expected = old or "0" * len(new)
    for last in (False, True):
        try:
            git.run("update-ref", "--no-deref", "-m", reason, ref, new, expected)
        except GitFailed:
            if read_ref(git, ref) != old:
                return False
            if last or not _drop_stale_lock(git, ref):
                raise
        else:
            return True
    return False


def read_ref(git: Git, ref: str) -> str | None:
    """Gives the id a reference has, None if there is no such reference."""
    return git.ask("rev-parse", "--quiet", "--verify", "--end-of-options", ref)


def _drop_stale_lock(git: Git, ref: str) -> bool:
    """Removes what a killed git left behind for a reference that is ours alone."""
    lock = Path(
        git.run("rev-parse", "--path-format=absolute", "--git-path", f"{ref}.lock")
        .decode(errors="surrogateescape")
        .rstrip("\n")
    )
    try:
        stale = time.time() - lock.stat().st_mtime > _STALE_LOCK_SECONDS
        if stale:
            lock.unlink()
    except OSError:
        return False
    return stale
