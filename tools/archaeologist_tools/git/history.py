"""What the history says about each file: how often, by how many people and when it was last changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.git.command import Git


@dataclass(frozen=True)
class Churn:
    """How much a file moves.

    Args:
        commits: how many commits changed it.
        authors: how many people made them, told apart by address.
        last_change_unix: when the newest of them was made, in seconds since 1970.
    """

    commits: int
    authors: int
    last_change_unix: int


@dataclass
class _Count:
    commits: int
    authors: set[bytes]
    last: int


def churn(git: Git, commit: str, scope: str = "", limit_commits: int = 5000) -> dict[str, Churn]:
    """Counts the changes of every file, with one git process that is read while it runs.

    Args:
        git: the repository.
        commit: the newest commit that counts.
        scope: a folder or a file; "" is the whole repository.
        limit_commits: older commits than so many do not count.

    Returns:
        By path; a merge counts for no file, a rename starts a new one.
    """
    counts: dict[str, _Count] = {}
    author, when, first = b"", 0, False
    command = ("log", "-z", "--name-only", "--no-renames", "--format=/%ct %ae", f"--max-count={limit_commits}", commit)
    for record in git.records(*command, "--", *([scope] if scope else [])):
        # A path never begins with a slash, so what does is a commit; a newline stands before its first path.
        if record.startswith(b"/"):
            seconds, _, author = record.removeprefix(b"/").partition(b" ")
            when, first = int(seconds), True
            continue
        _add(counts, os.fsdecode(record.removeprefix(b"\n") if first else record), author, when)
        first = False
    return {path: Churn(count.commits, len(count.authors), count.last) for path, count in counts.items()}


def _add(counts: dict[str, _Count], path: str, author: bytes, when: int) -> None:
    count = counts.setdefault(path, _Count(0, set(), when))
    count.commits += 1
    count.authors.add(author)
    count.last = max(count.last, when)
