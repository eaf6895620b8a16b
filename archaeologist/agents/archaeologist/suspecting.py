"""Where a repository speaks to models: looked for in everything that one may read, whether or not one is used.

Whoever reviews a branch has to know that somebody tried, also when nothing came of it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from archaeologist.agents.steps.repository import git_of
from archaeologist.documents import COMMIT, SuspectPlace
from archaeologist_tools.git.history import changes
from archaeologist_tools.git.objects import list_tree, read_blobs
from archaeologist_tools.safety.injection import suspicions
from archaeologist_tools.safety.secrets import redact
from archaeologist_tools.source.scope import SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from archaeologist.domain.run import RunScope
    from archaeologist_tools.git.command import Git
    from archaeologist_tools.git.objects import TreeEntry

LARGEST = 200_000
"""Bytes of a file that is no code; what is larger is data."""
MOST_COMMITS = 2_000
AT_ONCE = 200
# Files that people write in words, or that say how a project is built and run.
_WRITTEN = frozenset(
    {
        "", ".adoc", ".cfg", ".conf", ".css", ".csv", ".env", ".htm", ".html", ".in", ".ini", ".j2", ".jinja", ".js",
        ".json", ".lock", ".log", ".md", ".mdc", ".py", ".pyi", ".pyw", ".pyx", ".rst", ".sh", ".sql", ".toml", ".txt",
        ".xml", ".yaml", ".yml",
    }
)  # fmt: skip


def suspects_in(files: Iterable[tuple[str, bytes]]) -> tuple[SuspectPlace, ...]:
    """Return the places of some files, their names among them."""
    return tuple(place for path, data in files for place in _of_text(path, data.decode("utf-8", "replace")))


def suspects_elsewhere(run: RunScope, surveyed: Collection[str]) -> tuple[SuspectPlace, ...]:
    """Return the places of all that was not surveyed: other files of the base commit, names of files, messages."""
    git = git_of(run)
    others = [entry for entry in list_tree(git, run.base) if entry.path not in surveyed]
    return (*_of_files(git, others), *_of_commits(git, run.base))


def _of_files(git: Git, entries: Iterable[TreeEntry]) -> Iterator[SuspectPlace]:
    written = []
    for entry in entries:
        if _is_written(entry):
            written.append(entry)
        else:
            yield from _of_text(entry.path, "")
    for start in range(0, len(written), AT_ONCE):
        some = written[start : start + AT_ONCE]
        contents = read_blobs(git, [entry.oid for entry in some])
        yield from suspects_in((entry.path, contents[entry.oid]) for entry in some)


def _is_written(entry: TreeEntry) -> bool:
    ending = posixpath.splitext(entry.path)[1].lower()
    return entry.mode != SUBMODULE and entry.size <= LARGEST and (ending in _WRITTEN or ".env" in entry.path)


def _of_commits(git: Git, base: str) -> Iterator[SuspectPlace]:
    for each in changes(git, base, "", MOST_COMMITS):
        for place in _of_text(f"{COMMIT}{each.commit[:10]}", f"{each.author}: {each.subject}"):
            yield place.model_copy(update={"line": 0})


def _of_text(path: str, text: str) -> Iterator[SuspectPlace]:
    name = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    for line, excerpt, kind in suspicions(text, name):
        yield SuspectPlace(path=name, line=line, kind=kind, excerpt=redact(excerpt, "").text)
