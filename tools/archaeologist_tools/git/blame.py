"""Who wrote which lines of a file, when and why."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from archaeologist_tools.git.search import from_the_top

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.git.command import Git

_OPTIONS = ("--porcelain", "--no-textconv", "--no-progress")
# A `blame.ignoreRevsFile` that is not there is fatal, and a relative one is looked for where git is started.
_NO_USER_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Authored:
    """Lines next to each other that one commit wrote.

    Args:
        first: the first line.
        last: the last line.
        commit: the commit's id.
        author: the author's name.
        day: when it was written, `2012-03-14`.
        subject: the first line of the commit's message.
    """

    first: int
    last: int
    commit: str
    author: str
    day: str
    subject: str


def blame(git: Git, commit: str, path: str, first: int, last: int) -> list[Authored]:
    """Tells which commits wrote some lines.

    Args:
        git: the repository.
        commit: the commit that has the file.
        path: the file.
        first: the first line, from 1.
        last: the last line; the file has to have it.

    Raises:
        GitFailed: there is no such file, or it has no such lines.
    """
    command = ("blame", *_OPTIONS, f"-L{first},{last}", commit, "--", path)
    output = git.run(*command, env=from_the_top(git) | _NO_USER_SETTINGS).decode(errors="backslashreplace")
    known: dict[str, dict[str, str]] = {}
    lines = list(_lines(output, known))
    return [_authored(list(group), known[oid]) for oid, group in groupby(lines, key=lambda line: line[1])]


def _lines(output: str, known: dict[str, dict[str, str]]) -> Iterator[tuple[int, str]]:
    """Yield the number and the commit of each line; what is said of a commit stands at its first line."""
    oid, number = "", ""
    for row in output.split("\n"):
        if row.startswith("\t"):
            yield int(number), oid
            oid = ""
        elif not oid and row:
            oid, _, number = row.split(" ")[:3]
            known.setdefault(oid, {})
        elif row:
            key, _, value = row.partition(" ")
            known[oid][key] = value


def _authored(lines: list[tuple[int, str]], said: dict[str, str]) -> Authored:
    day = datetime.fromtimestamp(int(said.get("author-time", "0")), UTC).date().isoformat()
    return Authored(lines[0][0], lines[-1][0], lines[0][1], said.get("author", ""), day, said.get("summary", ""))
