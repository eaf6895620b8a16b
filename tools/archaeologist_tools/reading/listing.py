"""What is in a folder: its files with their sizes, and folders where there are too many files."""

from __future__ import annotations

import fnmatch
import posixpath
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.reading.files import paths_in

if TYPE_CHECKING:
    from archaeologist_tools.git.snapshot import Snapshot

MOST_ROWS = 200


@dataclass(frozen=True)
class Listing:
    """What is in a folder.

    Attributes:
        rows: a file with its bytes, or a folder with how many files it holds, one line each.
        files: how many files there are.
        shown: how many files the rows stand for.
    """

    rows: tuple[str, ...]
    files: int
    shown: int


def listing(snapshot: Snapshot, folder: str = "", pattern: str = "") -> Listing:
    """List a folder.

    Args:
        snapshot: what it is in.
        folder: the folder; empty for the whole repository.
        pattern: a glob that paths or names match, such as `*.py`; empty for all files.

    Raises:
        EditRefused: there is no such folder.
    """
    paths = [path for path in paths_in(snapshot, folder) if _matches(path, pattern)]
    if len(paths) <= MOST_ROWS:
        return Listing(tuple(f"{path} {snapshot.size(path)}" for path in paths), len(paths), len(paths))
    top = folder.strip("/").removeprefix("./").strip(".")
    counts = Counter(_below(path, top) for path in paths)
    rows = [name if not name.endswith("/") else f"{name} {count} files" for name, count in sorted(counts.items())]
    shown = sum(counts[name] for name in sorted(counts)[:MOST_ROWS])
    return Listing(tuple(rows[:MOST_ROWS]), len(paths), shown)


def _matches(path: str, pattern: str) -> bool:
    names = (path, posixpath.basename(path))
    return not pattern or any(fnmatch.fnmatchcase(name, pattern) for name in names)


def _below(path: str, top: str) -> str:
    """What of a path stands right below a folder; a folder ends with a slash."""
    start = len(top) + 1 if top else 0
    slash = path.find("/", start)
    return path if slash < 0 else path[: slash + 1]
