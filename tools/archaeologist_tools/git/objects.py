"""Reads and writes git objects, many with one process.

Objects are written as a pack that is made here and handed to git whole: one process and one flush for all of them,
and a process that dies half-way leaves nothing that git would read.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.errors import DiskFull, GitFailed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from archaeologist_tools.git.command import Git

# From this many objects on a pack is kept whole: each loose object is a file to make and to flush. Git itself takes
# packs of up to a hundred apart (fetch.unpackLimit), but it receives many small ones; a run writes a few dozen at most.
_UNPACK_LIMIT = 16


@dataclass(frozen=True)
class TreeEntry:
    """One path of a commit.

    Args:
        path: posix, relative to the repository root; bytes that are no UTF-8 are surrogate escapes.
        mode: "100644", "100755", "120000" (symlink) or "160000" (submodule).
        oid: the id of the blob, or the commit of the submodule.
        size: in bytes; 0 for a submodule.
    """

    path: str
    mode: str
    oid: str
    size: int


def list_tree(git: Git, commit: str, scope: str = "") -> list[TreeEntry]:
    """Lists all files, symlinks and submodules of a commit.

    Args:
        git: the repository.
        commit: a commit or tree id.
        scope: a folder or a file; "" lists everything, a path that is not there lists nothing.
    """
    path = ["--", scope] if scope else []
    listing = git.run("ls-tree", "-r", "-z", "--long", "--full-tree", commit, *path)
    return [_entry(record) for record in listing.split(b"\0") if record]


def read_blobs(git: Git, oids: Iterable[str]) -> dict[str, bytes]:
    """Reads the content of many blobs with one process.

    Raises:
        GitFailed: an object is missing.
    """
    wanted = list(dict.fromkeys(oids))
    if not wanted:
        return {}
    stream = git.run("cat-file", "--batch", "--buffer", input="\n".join(wanted).encode() + b"\n")
    contents: dict[str, bytes] = {}
    position = 0
    for oid in wanted:
        end = stream.index(b"\n", position)
        header = stream[position:end].split()
        if len(header) != 3 or not header[2].isdigit():  # noqa: PLR2004 - id, type, size
            raise GitFailed(f"object {oid} is missing from {git.git_dir}")
        position = end + 1 + int(header[2])
        contents[oid] = stream[end + 1 : position]
        position += 1
    return contents


def write_blobs(git: Git, contents: Sequence[bytes]) -> list[str]:
    """Writes many blobs with one process, flushed to the disk.

    Args:
        git: the repository.
        contents: raw bytes; duplicates and what is stored already are fine.

    Returns:
        The ids, in the order of `contents`.

    Raises:
        DiskFull: nothing more can be written.
    """
    if not contents:
        return []
    writer = ObjectWriter.of(git)
    oids = [writer.add(ObjectType.BLOB, data) for data in contents]
    writer.flush()
    return oids


def require_blobs(git: Git, oids: Iterable[str]) -> None:
    """Makes sure that blobs are stored: nothing refers to them yet, so `git gc --prune=now` may have taken them.

    Raises:
        GitFailed: one of them is missing.
    """
    wanted = "".join(f"{oid}\n" for oid in sorted(set(oids)))
    answers = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", input=wanted.encode()) if wanted else b""
    for line in answers.decode("ascii").splitlines():
        oid, kind = line.split(" ")
        if kind != "blob":
            raise GitFailed(f"object {oid} is missing from {git.git_dir}")


class ObjectType(IntEnum):
    """What an object is, see gitformat-pack(5)."""

    TREE = 2
    BLOB = 3


@dataclass
class ObjectWriter:
    """Gathers objects and writes them with one process.

    Args:
        git: the repository.
        algorithm: what its ids are made with, "sha1" or "sha256".
        packs: its folder of packs.
    """

    git: Git
    algorithm: str
    packs: Path
    _objects: dict[str, tuple[ObjectType, bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, git: Git) -> ObjectWriter:
        """Gives the writer of a repository."""
        answer = git.run("rev-parse", "--show-object-format", "--path-format=absolute", "--git-path", "objects/pack")
        algorithm, _, packs = os.fsdecode(answer.removesuffix(b"\n")).partition("\n")
        return cls(git, algorithm, Path(packs))

    def add(self, kind: ObjectType, data: bytes) -> str:
        """Gives the id of an object, which will be stored after `flush`."""
        header = f"{kind.name.lower()} {len(data)}\0".encode()
        oid = hashlib.new(self.algorithm, header + data, usedforsecurity=False).hexdigest()
        self._objects[oid] = (kind, data)
        return oid

    def flush(self) -> None:
        """Writes what was gathered, flushed to the disk.

        Raises:
            DiskFull: nothing more can be written.
        """
        pack = _pack(self._objects.values(), self.algorithm)
        if len(self._objects) < _UNPACK_LIMIT:
            self.git.run("unpack-objects", "-q", input=pack)
        else:
            self._keep(pack)
        self._objects.clear()

    def _keep(self, pack: bytes) -> None:
        before = set(self.packs.glob("tmp_*"))
        try:
            self.git.run("index-pack", "--stdin", input=pack)
        except DiskFull:
            # Git leaves its half of a pack, which would keep the disk full for two weeks.
            for file in set(self.packs.glob("tmp_*")) - before:
                file.unlink(missing_ok=True)
            raise


def _entry(record: bytes) -> TreeEntry:
    meta, _, path = record.partition(b"\t")
    mode, _kind, oid, size = meta.decode("ascii").split()
    return TreeEntry(os.fsdecode(path), mode, oid, 0 if size == "-" else int(size))


def _pack(objects: Collection[tuple[ObjectType, bytes]], algorithm: str) -> bytes:
    """Makes a pack, see gitformat-pack(5): version 2, no deltas."""
    pieces = [b"PACK", (2).to_bytes(4), len(objects).to_bytes(4)]
    for kind, data in objects:
        pieces += [_pack_header(kind, len(data)), zlib.compress(data, 1)]
    pack = b"".join(pieces)
    return pack + hashlib.new(algorithm, pack, usedforsecurity=False).digest()


def _pack_header(kind: ObjectType, size: int) -> bytes:
    """Gives an object's type and size: four bits of the size in the first byte, seven in each that follows."""
    header = bytearray()
    byte = kind << 4 | size & 0x0F
    size >>= 4
    while size:
        header.append(byte | 0x80)
        byte = size & 0x7F
        size >>= 7
    return bytes([*header, byte])
