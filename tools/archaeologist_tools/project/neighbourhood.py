"""The other files of the project that some files belong to: read, never rewritten.

What a rule may do in one file can depend on another: who replaces a function in a test, which classes are tuples.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.source.module import MAX_BYTES
from archaeologist_tools.source.scope import VENDORED, has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "tox.ini")
MAX_FILES = 20_000
"""Files that are read around the wanted ones; a folder that holds more is no single project."""


def neighbours(paths: Sequence[Path]) -> list[tuple[Path, bytes]]:
    """Read the Python files of the projects around some files, without these; what cannot be read is left out."""
    wanted = {*_resolved(paths)}
    known: dict[Path, Path | None] = {}
    roots = {root for path in wanted if (root := _root(path.parent, known)) is not None}
    inner = [root for root in roots if not any(other in root.parents for other in roots)]
    found: list[tuple[Path, bytes]] = []
    for root in sorted(inner):
        for path in _files(root):
            if path not in wanted and len(found) < MAX_FILES and (data := _content(path)) is not None:
                found.append((path.relative_to(root), data))
    return found


def _resolved(paths: Sequence[Path]) -> Iterator[Path]:
    """Where files really are; most of them are in few folders, and to resolve a path takes long."""
    folders = {folder: folder.resolve() for folder in {path.parent for path in paths}}
    for path in paths:
        yield path.resolve() if path.is_symlink() else folders[path.parent] / path.name


def _root(folder: Path, known: dict[Path, Path | None]) -> Path | None:
    """The nearest folder, from one upwards, that looks like the root of a project; a package may hold a `setup.py`.

    Args:
        folder: where to begin.
        known: what was found before; most files of a project are in few folders.
    """
    if folder not in known:
        is_root = not (folder / "__init__.py").exists() and any((folder / mark).exists() for mark in _MARKS)
        above = folder.parent
        known[folder] = folder if is_root else None if above == folder else _root(above, known)
    return known[folder]


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in VENDORED and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if has_python_suffix(name))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= MAX_BYTES else None
    except OSError:
        return None
