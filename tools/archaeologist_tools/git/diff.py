"""What one commit changed, as hunks of bytes: the text of a file is nobody's business here.

Nothing of the repository or of anybody's configuration bends it: no diff drivers, no `-diff` of an attributes file that
would hide a change, no renames, always three lines around a change.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.git.command import Git

# Plumbing asks no configuration, but for the heuristic.
_OPTIONS = ("-r", "--text", "--full-index", "--indent-heuristic", "--diff-algorithm=histogram")
_HEAD = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")
_SECTION = b"diff --git "
_RETYPED = "T"


class DiffLine(NamedTuple):
    """A line of a hunk.

    Attributes:
        sign: " ", "-" or "+".
        old: its number in the old file, 1-based; 0 for an added line.
        new: its number in the new file, 1-based; 0 for a removed line.
        text: its bytes, without the line feed.
        ended: whether it has a line feed.
    """

    sign: str
    old: int
    new: int
    text: bytes
    ended: bool = True


class Block(NamedTuple):
    """Lines that were replaced: half-open ranges of 0-based line numbers, either of which may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True)
class Hunk:
    """Changes that are close together, with the lines around them.

    Attributes:
        old_start: the first line in the old file, 1-based; the line before it where there is none.
        old_lines: how many.
        new_start: the first line in the new file, in the same way.
        new_lines: how many.
        section: what git says of where that is: the line of the function around it.
        body: the lines with their signs, as a patch has them.
    """

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    section: bytes
    body: bytes

    @property
    def header(self) -> bytes:
        """The line above its lines, in a patch."""
        place = f"@@ -{self.old_start},{self.old_lines} +{self.new_start},{self.new_lines} @@"
        return place.encode() + (b" " + self.section if self.section else b"")

    @cached_property
    def lines(self) -> tuple[DiffLine, ...]:
        """Its lines in their order."""
        return tuple(self._lines())

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What was replaced, in its order."""
        return tuple(self._blocks())

    def _lines(self) -> Iterator[DiffLine]:
        old, new = max(self.old_start, 1), max(self.new_start, 1)
        rows = self.body.removesuffix(b"\n").split(b"\n")
        for position, row in enumerate(rows):
            sign, text = row[:1], row[1:]
            if sign == b"\\":
                continue
            ended = rows[position + 1][:1] != b"\\" if position + 1 < len(rows) else True
            yield DiffLine(sign.decode(), old * (sign != b"+"), new * (sign != b"-"), text, ended)
            old += sign != b"+"
            new += sign != b"-"

    def _blocks(self) -> Iterator[Block]:
        # A range without lines is given by the line before it.
        old, new = self.old_start - (self.old_lines > 0), self.new_start - (self.new_lines > 0)
        start: tuple[int, int] | None = None
        for line in self.lines:
            if line.sign != " " and start is None:
                start = old, new
            elif line.sign == " " and start is not None:
                yield Block(start[0], old, start[1], new)
                start = None
            old += line.sign != "+"
            new += line.sign != "-"
        if start is not None:
            yield Block(start[0], old, start[1], new)


@dataclass(frozen=True)
class FileDiff:
    """What became of one file.

    Attributes:
        path: the file; bytes that are no UTF-8 are surrogate escapes.
        old_oid: the blob before; zeros for a new file.
        new_oid: the blob after; zeros for a file that is gone.
        header: what a patch says above the hunks, names quoted as git does.
        hunks: in the order of the file; none when only the mode changed, or an empty file came or went.
    """

    path: str
    old_oid: str
    new_oid: str
    header: bytes
    hunks: tuple[Hunk, ...]

    def patch(self, hunk: Hunk) -> bytes:
        """Give a patch of one hunk, which `git apply` takes."""
        return self.header + hunk.header + b"\n" + hunk.body


def commit_diff(git: Git, parent: str, commit: str) -> tuple[FileDiff, ...]:
    """Give what changed from one commit to another, in the order of paths.

    Raises:
        GitFailed: one of the commits is not there.
    """
    entries = _entries(git.run("diff-tree", "-r", "-z", "--raw", parent, commit))
    sections = _sections(git.run("diff-tree", "--patch", *_OPTIONS, parent, commit))
    return tuple(
        FileDiff(path, old, new, header, hunks)
        for (path, old, new), (header, hunks) in zip(entries, sections, strict=True)
    )


def is_blob(oid: str) -> bool:
    """Whether an id of a diff names a blob: that of a file which is not there is all zeros."""
    return oid.strip("0") != ""


def _entries(listing: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield path, old and new id of every section that the patch will have."""
    records = iter(listing.split(b"\0"))
    for meta in records:
        if not meta:
            return
        _, _, old, new, status = meta.decode("ascii").split(" ")
        path = os.fsdecode(next(records))
        if status == _RETYPED:  # git writes a file that becomes a link as one that goes and one that comes
            yield path, old, "0" * len(old)
            yield path, "0" * len(new), new
        else:
            yield path, old, new


def _sections(patch: bytes) -> Iterator[tuple[bytes, tuple[Hunk, ...]]]:
    """Yield header and hunks of every file. Lines are counted, as what stands in a file may look like anything."""
    position = 0
    while position < len(patch):
        start = position
        position = _header_end(patch, start)
        header, hunks = patch[start:position], list[Hunk]()
        while head := _HEAD.match(patch, position):
            hunk, position = _hunk(patch, head)
            hunks.append(hunk)
        yield header, tuple(hunks)


def _header_end(patch: bytes, start: int) -> int:
    """Find where the hunks of a file begin, or the next file: git quotes names that would look like one of these."""
    position = patch.find(b"\n", start) + 1 or len(patch)
    while position < len(patch) and not patch.startswith((b"@@ -", _SECTION), position):
        position = patch.find(b"\n", position) + 1 or len(patch)
    return position


def _hunk(patch: bytes, head: re.Match[bytes]) -> tuple[Hunk, int]:
    """Read one hunk; give it with the place behind it."""
    old_start, old_lines, new_start, new_lines = (1 if part is None else int(part) for part in head.groups()[:4])
    start = position = min(head.end() + 1, len(patch))
    old, new = old_lines, new_lines
    while old or new or patch.startswith(b"\\", position):
        sign = patch[position : position + 1]
        old -= sign in {b" ", b"-"}
        new -= sign in {b" ", b"+"}
        position = patch.find(b"\n", position) + 1 or len(patch)
    return Hunk(old_start, old_lines, new_start, new_lines, head[5], patch[start:position]), position
