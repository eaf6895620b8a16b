"""Makes trees out of trees, without an index and without a checkout.

`read-tree`, `update-index` and `write-tree` do the same and write a file for every folder on the way to a changed one,
each flushed to the disk: most of what a commit of many files costs. Here the folders go into one pack. The format of a
tree is that of `git-mktree(1)`, see also fsck.c: names in the order of their bytes, a folder's as if it ended in "/".
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.objects import ObjectType, ObjectWriter, require_blobs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.git.command import Git

_ASTRAY = frozenset({"", ".", ".."})
_FOLDER = b"40000"


@dataclass(frozen=True)
class Change:
    """What becomes of one path.

    Args:
        path: posix, relative to the repository root.
        mode: "100644", "100755" or "120000".
        oid: the blob the path gets; None takes the path away.
    """

    path: str
    mode: str
    oid: str | None


class _Entry(NamedTuple):  # there are thousands, and a dataclass takes four times as long to make
    """A line of a tree: mode in octal digits without zeros in front, id in hex digits."""

    mode: bytes
    oid: str


_Folders = defaultdict[bytes, dict[bytes, _Entry]]
"""What each folder holds by name, each folder by its path; the root's is empty."""


def write_tree(git: Git, base: str | None, changes: Sequence[Change]) -> str:
    """Gives the tree that a commit's tree becomes by some changes.

    Args:
        git: the repository.
        base: a commit or tree id; None starts from nothing.
        changes: each path at most once.

    Raises:
        GitFailed: a path is not acceptable to git (`..`, `.git`), a blob is missing, or a path that nobody asked to
            change would give way to a file or folder of the same name.
        DiskFull: nothing more can be written.
    """
    _refuse_astray(changes)
    require_blobs(git, (change.oid for change in changes if change.oid))
    folders = _listed(git, base)
    # What goes makes room for what comes, whatever the order they are told in.
    for change in sorted(changes, key=lambda change: change.oid is not None):
        _apply(folders, change)
    _refuse_collateral(folders, changes)
    writer = ObjectWriter.of(git)
    tree = _added(writer, folders, {folder for change in changes for folder in _above(os.fsencode(change.path))})
    writer.flush()
    return tree


def _refuse_astray(changes: Sequence[Change]) -> None:
    for change in changes:
        parts = change.path.split("/")
        if any(part in _ASTRAY or part.lower() == ".git" for part in parts) or "\0" in change.path:
            raise GitFailed(f"{change.path!r} is no path inside a repository")


def _listed(git: Git, base: str | None) -> _Folders:
    folders: _Folders = defaultdict(dict)
    listing = git.run("ls-tree", "-r", "-t", "-z", "--full-tree", base) if base else b""
    for record in listing.split(b"\0"):
        if record:
            meta, _, path = record.partition(b"\t")
            mode, _, oid = meta.split(b" ")
            folder, name = _split(path)
            folders[folder][name] = _Entry(mode.lstrip(b"0"), oid.decode("ascii"))
    return folders


def _apply(folders: _Folders, change: Change) -> None:
    path = os.fsencode(change.path)
    folder, name = _split(path)
    if change.oid is not None:
        folders[folder][name] = _Entry(change.mode.encode("ascii"), change.oid)
    elif _is_file(folders, path):
        del folders[folder][name]


def _refuse_collateral(folders: _Folders, changes: Sequence[Change]) -> None:
    """Refuses changes for which a path would give way that nobody asked to change: `a` for `a/b`, or all of `a/`."""
    for path in (os.fsencode(change.path) for change in changes if change.oid is not None):
        if any(_is_file(folders, folder) for folder in _above(path)) or _holds_files(folders, path):
            raise GitFailed(f"{os.fsdecode(path)!r} cannot stand beside a file or folder of the same name")


def _is_file(folders: _Folders, path: bytes) -> bool:
    folder, name = _split(path)
    return name in folders[folder] and folders[folder][name].mode != _FOLDER


def _holds_files(folders: _Folders, folder: bytes) -> bool:
    held = folders[folder].items()
    return any(entry.mode != _FOLDER or _holds_files(folders, b"%b/%b" % (folder, name)) for name, entry in held)


def _added(writer: ObjectWriter, folders: _Folders, changed: set[bytes]) -> str:
    """Adds the trees of the changed folders, the deepest first; gives the id of the root's."""
    for folder in sorted(changed - {b""}, key=lambda path: path.count(b"/"), reverse=True):
        parent, name = _split(folder)
        if folders[folder]:
            folders[parent][name] = _Entry(_FOLDER, writer.add(ObjectType.TREE, _tree(folders[folder])))
        elif name in folders[parent] and folders[parent][name].mode == _FOLDER:
            del folders[parent][name]  # git knows no empty folders
    return writer.add(ObjectType.TREE, _tree(folders[b""]))


def _tree(entries: Mapping[bytes, _Entry]) -> bytes:
    ordered = sorted(entries.items(), key=lambda item: item[0] + (b"/" if item[1].mode == _FOLDER else b""))
    return b"".join(b"%b %b\0%b" % (entry.mode, name, bytes.fromhex(entry.oid)) for name, entry in ordered)


def _split(path: bytes) -> tuple[bytes, bytes]:
    folder, _, name = path.rpartition(b"/")
    return folder, name


def _above(path: bytes) -> Iterator[bytes]:
    """Yields the folders that a path is in, the root last."""
    while path:
        path, _ = _split(path)
        yield path
