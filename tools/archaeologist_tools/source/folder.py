"""The Python files of a folder on disk, chosen as those of a commit are.

A folder that is named is meant with what people write in it: links, repositories in it, what git ignores and what other
people wrote stay as they are, and are told.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.source.scope import SUBMODULE, SYMLINK, VENDORED, Skipped, has_python_suffix, parts_of, select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_FILE = "100644"


@dataclass(frozen=True)
class DiskEntry:
    """A file, or a folder that is a repository of its own.

    Attributes:
        path: relative to the folder; what is not UTF-8 in it is replaced.
        mode: as git has it.
        size: bytes; None for what is no file.
        place: where it is; a text, since folders hold many files that nobody asks about further.
    """

    path: str
    mode: str
    size: int | None
    place: str


def scan(folder: Path, ignored: Collection[str] = ()) -> tuple[list[Path], list[Skipped]]:
    """Find the files of a folder that are to be looked at, sorted, and what is left alone.

    Args:
        folder: the folder.
        ignored: paths of files and folders below it, without a slash at the end, that git ignores.
    """
    selection = select(_entries(_listed(folder), ""))
    files, skipped = [], {found.path: found for found in selection.skipped}
    for entry in selection.files:
        out = _ignored_part(Path(entry.place).relative_to(folder), ignored) if ignored else None
        if out is None:
            files.append(Path(entry.place))
        else:
            skipped[out] = Skipped(out, "ignored", "ignored by git")
    return sorted(files), sorted(skipped.values(), key=lambda found: found.path)


def _ignored_part(relative: Path, ignored: Collection[str]) -> str | None:
    path = os.fsencode(relative.as_posix()).decode(errors="surrogateescape")
    return next((part for part in parts_of(path) if part in ignored), None)


def _listed(folder: str | Path) -> list[os.DirEntry[str]]:
    return sorted(os.scandir(folder), key=lambda found: found.name)


def _entries(listed: Iterable[os.DirEntry[str]], within: str) -> Iterator[DiskEntry]:
    for found in listed:
        path = within + os.fsencode(found.name).decode(errors="replace")
        if found.is_dir(follow_symlinks=False):
            yield from _below(found, path)
        elif has_python_suffix(path) and (found.is_symlink() or found.is_file()):
            mode = SYMLINK if found.is_symlink() else _FILE
            yield DiskEntry(path, mode, found.stat(follow_symlinks=False).st_size, found.path)


def _below(folder: os.DirEntry[str], path: str) -> Iterator[DiskEntry]:
    if folder.name == ".git":
        return
    listed = _listed(folder.path)
    if any(found.name == ".git" for found in listed):
        yield DiskEntry(path, SUBMODULE, None, folder.path)
    elif folder.name in VENDORED:
        # One file tells that the folder is left alone; there may be very many.
        first = next((file for file in _walked(folder.path) if has_python_suffix(file.name)), None)
        if first is not None:
            yield DiskEntry(f"{path}/{first.name}", _FILE, None, str(first))
    else:
        yield from _entries(listed, f"{path}/")


def _walked(folder: str) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
