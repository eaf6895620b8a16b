"""What the history says about each file: how often, by how many people and when it was last changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.git.search import from_the_top

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


@dataclass(frozen=True)
class Change:
    """A commit that changed a file.

    Args:
        commit: its id.
        author: the author's name.
        day: when it was written, `2012-03-14`.
        subject: the first line of its message.
    """

    commit: str
    author: str
    day: str
    subject: str


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
    for record in git.records(*command, "--", *([scope] if scope else []), env=from_the_top(git)):
        # A path never begins with a slash, so what does is a commit; a newline stands before its first path.
        if record.startswith(b"/"):
            seconds, _, author = record.removeprefix(b"/").partition(b" ")
            when, first = int(seconds), True
            continue
        _add(counts, os.fsdecode(record.removeprefix(b"\n") if first else record), author, when)
        first = False
    return {path: Churn(count.commits, len(count.authors), count.last) for path, count in counts.items()}


def changes(git: Git, commit: str, path: str, limit: int) -> list[Change]:
    """Lists the newest commits that changed a file or something in a folder.

    Args:
        git: the repository.
        commit: the newest commit that counts.
        path: the file or folder; "" is the whole repository.
        limit: how many at most.
    """
    form = "--format=%H%x00%an%x00%as%x00%s%x00"
    command = ("log", form, "--no-color", "--no-renames", f"--max-count={limit}", commit, "--")
    output = git.run(*command, *([path] if path else []), env=from_the_top(git)).decode(errors="backslashreplace")
    fields = [field.removeprefix("\n") for field in output.split("\0")]
    return [Change(*fields[place : place + 4]) for place in range(0, len(fields) - 4, 4)]


def _add(counts: dict[str, _Count], path: str, author: bytes, when: int) -> None:
    count = counts.setdefault(path, _Count(0, set(), when))
    count.commits += 1
    count.authors.add(author)
    count.last = max(count.last, when)
