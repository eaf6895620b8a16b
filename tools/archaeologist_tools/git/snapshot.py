"""A commit with some files replaced: what an agent reads, and what its edits make before any of them is a commit.

Nothing is checked out, so there is no link to follow and no file outside to reach: a path is looked up in the listing
of the commit, and what is not in there does not exist. What is written becomes a blob, and the snapshot another one.
"""

from __future__ import annotations

import posixpath
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.git.objects import TreeEntry, list_tree, read_blobs, write_blobs
from archaeologist_tools.git.tree import Change
from archaeologist_tools.likeness import did_you_mean, nearest
from archaeologist_tools.safety.secrets import writes_redaction
from archaeologist_tools.source.encoding import BOM, encoding_of
from archaeologist_tools.source.scope import SUBMODULE, SYMLINK, has_python_suffix, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archaeologist_tools.git.command import Git

_PLAIN = "100644"
_WHAT = {SYMLINK: "a link", SUBMODULE: "a submodule, which is a repository of its own"}
_ASTRAY = frozenset({"", ".", ".."})
# What some file system takes for `.git`; see verify_dotfile and is_ntfs_dotgit in git's sources.
_GIT_FOLDER = frozenset({".git", "git~1"})
_NEAR = 3
_NAMES_TO_COMPARE = 20_000


@dataclass(frozen=True)
class Snapshot:
    """A commit with some files replaced.

    Args:
        git: the repository.
        commit: the id of a commit or a tree.
        changed: the blobs that stand in for files of the commit, or beside them, by path.
    """

    git: Git
    commit: str
    changed: Mapping[str, str]
    _contents: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def paths(self) -> Sequence[str]:
        """All regular files, in alphabetical order; without links, submodules and names that are no UTF-8."""
        return self._paths

    def oid(self, path: str) -> str:
        """The id of a file's content: what an edit names, so that it is not made to another text.

        Raises:
            EditRefused: the path is no regular file of the repository.
        """
        return self._entry(path).oid

    def size(self, path: str) -> int:
        """The bytes of a file.

        Raises:
            EditRefused: the path is no regular file of the repository.
        """
        return len(self.read(path)) if path in self.changed else self._entry(path).size

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            EditRefused: the path is no regular file of the repository.
        """
        return self.contents([path])[path]

    def contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of many files, read with one process and kept, by path.

        Raises:
            EditRefused: one of the paths is no regular file of the repository.
        """
        oids = {path: self.oid(path) for path in paths}
        missing = [oid for oid in oids.values() if oid not in self._contents]
        self._contents.update(read_blobs(self.git, missing))
        return {path: self._contents[oid] for path, oid in oids.items()}

    def text(self, path: str) -> str:
        """The decoded content of a file, with its own line endings and without a byte order mark.

        Bytes of other files than Python's that cannot be decoded are shown as escapes.

        Raises:
            EditRefused: the path is no regular file of the repository, or the file is no text.
        """
        data = self.read(path)
        if b"\0" in data:
            raise EditRefused(f"{path} is binary")
        encoding = encoding_of(data)
        if encoding is None and has_python_suffix(path):
            raise EditRefused(f"{path} cannot be decoded with the encoding it declares")
        return data.removeprefix(BOM).decode(encoding or "utf-8", "backslashreplace")

    def with_file(self, path: str, data: bytes, *, made_from: str | None = None) -> Snapshot:
        """Write a file.

        Args:
            path: a regular file of the repository, or where there is nothing yet.
            data: its bytes.
            made_from: the id of the content that they were made from; "" for a file that is new.

        Returns:
            The snapshot with the file; this one stays as it is.

        Raises:
            EditRefused: the path leads astray or to something else than a regular file; the file holds something else
                than what the new content was made from; or a mark of `redact` would take the place of a secret.
            DiskFull: nothing more can be written.
        """
        if path not in self._files:
            self._refuse_new(path)
        if made_from is not None and made_from != (self._files[path].oid if path in self._files else ""):
            raise EditRefused(f"{path} has changed since it was read; read it again")
        if writes_redaction(self.read(path) if path in self._files else b"", data):
            raise EditRefused(f"{path} has a secret where the new text says [REDACTED ...]; leave that text as it is")
        (oid,) = write_blobs(self.git, [data])
        self._contents[oid] = data
        return replace(self, changed={**self.changed, path: oid})

    def as_changes(self) -> tuple[Change, ...]:
        """What `git.tree.write_tree` has to do to the commit; without files that hold what they held."""
        was = _listed(self.git, self.commit)
        return tuple(
            Change(path, self._files[path].mode, oid)
            for path, oid in sorted(self.changed.items())
            if path not in was or was[path].oid != oid
        )

    @cached_property
    def _files(self) -> dict[str, TreeEntry]:
        """The regular files by path."""
        files = {path: entry for path, entry in _listed(self.git, self.commit).items() if entry.mode not in _WHAT}
        for path, oid in self.changed.items():
            files[path] = TreeEntry(path, files[path].mode if path in files else _PLAIN, oid, 0)
        return files

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(sorted(path for path in self._files if _is_unicode(path)))

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(part for path in self._files for part in parts_of(path) if part != path)

    def _entry(self, path: str) -> TreeEntry:
        if path in self._files:
            return self._files[path]
        if path.strip("/") in self._folders | {"", "."}:
            raise EditRefused(f"{_shown(path)} is a folder")
        if (there := _listed(self.git, self.commit).get(path)) is not None:
            raise EditRefused(f"{_shown(path)} is {_WHAT[there.mode]}")
        meant = did_you_mean(self._near(path))
        raise EditRefused(f"there is no file {_shown(path)}" + (f"; {meant}" if meant else ""))

    def _near(self, path: str) -> list[str]:
        """The paths that were perhaps meant: with the same name first, then those spelled alike."""
        name = posixpath.basename(path)
        same = [each for each in self._paths if posixpath.basename(each).lower() == name.lower()]
        alike = nearest(path, self._paths[:_NAMES_TO_COMPARE], _NEAR, at_least=0.75)
        return [*dict.fromkeys([*same, *alike])][:_NEAR]

    def _refuse_new(self, path: str) -> None:
        """Raise EditRefused unless a file may be made at a path where no regular file is."""
        if not all(map(_is_plain, path.split("/"))):
            raise EditRefused(f"{_shown(path)} is no plain path inside the repository")
        listed = _listed(self.git, self.commit)
        if path in self._folders:
            raise EditRefused(f"{_shown(path)} is a folder")
        for part in parts_of(path):
            if part in self._files or part in listed:
                what = _WHAT.get(listed[part].mode, "a file") if part in listed else "a file"
                raise EditRefused(f"{_shown(part)} is {what}")
        # On other people's file systems these would be one file.
        folded = path.casefold()
        if twin := next((each for each in self._files if each.casefold() == folded), None):
            raise EditRefused(f"{_shown(path)} differs from {_shown(twin)} in case only")


@lru_cache(maxsize=4)
def _listed(git: Git, commit: str) -> Mapping[str, TreeEntry]:
    """What a commit holds, by path: kept, because every call of a tool asks, and a commit never changes."""
    return {entry.path: entry for entry in list_tree(git, commit)}


def _is_plain(part: str) -> bool:
    """Whether a part of a path means the same on every file system."""
    odd = any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character in '\\:*?"<>|' for character in part)
    name = part.rstrip(". ")
    return part not in _ASTRAY and name == part and name.lower() not in _GIT_FOLDER and not odd


def _is_unicode(path: str) -> bool:
    return path.isascii() or not any("\ud800" <= character <= "\udfff" for character in path)


def _shown(path: str) -> str:
    """A path of which only the asker knows where it comes from, for a message."""
    short = path if len(path) <= 120 else path[:120] + "..."  # noqa: PLR2004 - longer ones are no paths
    return short if short and short.isprintable() and " " not in short else ascii(short)
