"""Files of a snapshot as text and as modules: what cannot be read is told, and large files are not even looked at."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.git.search import files_with_word
from archaeologist_tools.source.module import MAX_BYTES, Module, Unreadable, read_module
from archaeologist_tools.source.scope import VENDORED, has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.git.snapshot import Snapshot

_AT_ONCE = 64
"""Files that are read with one process; more would hold a whole repository in memory."""


def text_of(snapshot: Snapshot, path: str) -> str:
    """The decoded content of a file.

    Raises:
        EditRefused: the path is no regular file of the repository, or the file is no text or too large.
    """
    _refuse_large(snapshot, path)
    return snapshot.text(path)


def module_of(snapshot: Snapshot, path: str) -> Module | Unreadable:
    """A file as Python 3, or why it cannot be read as such.

    Raises:
        EditRefused: the path is no regular file of the repository, or the file is too large.
    """
    _refuse_large(snapshot, path)
    if not has_python_suffix(path):
        return Unreadable(path, "no-python", "is no Python file")
    return _parsed(path, snapshot.read(path))


def python_of(snapshot: Snapshot, path: str) -> Module:
    """A file as Python 3.

    Raises:
        EditRefused: the path is no regular file of the repository, or the file cannot be read as Python 3.
    """
    module = module_of(snapshot, path)
    if isinstance(module, Unreadable):
        raise EditRefused(f"{path}: {module.message}")
    return module


def paths_in(snapshot: Snapshot, folder: str) -> Sequence[str]:
    """All files below a folder, the file itself for that of one, all of the repository for none.

    Raises:
        EditRefused: there is no such folder or file.
    """
    inside = folder.strip("/").removeprefix("./")
    if inside in {"", "."}:
        return snapshot.paths()
    found = [path for path in snapshot.paths() if path == inside or path.startswith(f"{inside}/")]
    if not found:
        snapshot.oid(inside)  # raises, with what was perhaps meant
    return found


def python_in(snapshot: Snapshot, folder: str) -> Sequence[str]:
    """The Python files below a folder; without what is other people's, unless the folder is."""
    mine = VENDORED.difference(folder.split("/"))
    return [
        path for path in paths_in(snapshot, folder) if has_python_suffix(path) and mine.isdisjoint(path.split("/")[:-1])
    ]


def with_word(snapshot: Snapshot, word: str, folder: str = "") -> Sequence[str]:
    """The files below a folder in which a word stands.

    Raises:
        EditRefused: the word is no name, or there is no such folder.
    """
    if not word.isidentifier():
        raise EditRefused(f"{word!a} is no name of Python's")
    inside = set(paths_in(snapshot, folder))
    found = {path for path in files_with_word(snapshot.git, snapshot.commit, word) if path not in snapshot.changed}
    found |= {path for path in snapshot.changed if word.encode() in snapshot.read(path)}
    return sorted(found & inside)


def modules_of(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Module | Unreadable]:
    """Read Python files one after the other; what cannot be read comes with the reason."""
    paths = [path for path in paths if has_python_suffix(path)]
    for start in range(0, len(paths), _AT_ONCE):
        some = paths[start : start + _AT_ONCE]
        small = [path for path in some if snapshot.size(path) <= MAX_BYTES]
        contents = snapshot.contents(small)
        for path in some:
            yield read_module(path, contents.pop(path)) if path in contents else _too_large(path)


@lru_cache(maxsize=4)
def _parsed(path: str, data: bytes) -> Module | Unreadable:
    """Kept, because the calls of one turn are often about one file."""
    return read_module(path, data)


def _too_large(path: str) -> Unreadable:
    return Unreadable(path, "too-large", f"has more than {MAX_BYTES:,} bytes, which is data, not code")


def _refuse_large(snapshot: Snapshot, path: str) -> None:
    if (size := snapshot.size(path)) > MAX_BYTES:
        raise EditRefused(f"{path} has {size:,} bytes; files over {MAX_BYTES:,} bytes are data, not code")
