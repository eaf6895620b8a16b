"""How hunks are laid out: one row a line, so that each can be drawn alone, and nothing is drawn that nobody sees.

A row says what it shows by numbers into its hunk. Texts are decoded and coloured when a row is drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from archaeologist_tools.engine.base import Evidence
from archaeologist_tools.safety.fencing import on_one_line
from archaeologist_tui.levels import levelled
from archaeologist_tui.reading.code import LONGEST, TAB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist.review.model import ReviewHunk
    from archaeologist_tools.git.diff import DiffLine

NO_EDIT = "nothing is known of what made this"
_INDENT = 4
_MOST = 600
"""Characters of a reason: what a model gives may be of any length, and the commit has all of it."""
_LEAST = 20
"""Cells that a reason has at least, however narrow the screen is."""


class RowKind(IntEnum):
    """What a row is."""

    FILE = 0
    HUNK = 1
    LINE = 2
    NOTE = 3
    GAP = 4


class DiffRow(NamedTuple):
    """A row.

    Attributes:
        kind: what it is.
        hunk: number of its hunk.
        old: number of the line of the hunk that it shows of the old file; -1 for none.
        new: the same of the new file.
        note: what it says, where it is a note.
    """

    kind: RowKind
    hunk: int
    old: int = -1
    new: int = -1
    note: Content | None = None


@dataclass(frozen=True)
class Layout:
    """Hunks as rows.

    Attributes:
        rows: all rows.
        starts: the number of the row that each hunk begins with.
        digits: of the largest line number.
        longest: characters of the longest line.
    """

    rows: tuple[DiffRow, ...] = ()
    starts: tuple[int, ...] = ()
    digits: int = 1
    longest: int = 0

    def hunk_at(self, row: int) -> int:
        """Return the number of the hunk that a row belongs to."""
        return self.rows[min(row, len(self.rows) - 1)].hunk if self.rows else -1


def lay_out(hunks: Sequence[ReviewHunk], notes: Mapping[str, str], width: int, *, split: bool) -> Layout:
    """Lay hunks out.

    Args:
        hunks: in the order in which they are shown.
        notes: what is to be said of commits whose hunks have no edits, by commit.
        width: cells that a note has.
        split: whether old and new stand side by side.
    """
    rows, starts, longest, last = list[DiffRow](), list[int](), 0, 1
    before: ReviewHunk | None = None
    for number, hunk in enumerate(hunks):
        if before is None or (before.path, before.commit.commit) != (hunk.path, hunk.commit.commit):
            rows.append(DiffRow(RowKind.FILE, number))
        starts.append(len(rows))
        rows.append(DiffRow(RowKind.HUNK, number))
        rows += _sides(number, hunk.hunk.lines) if split else _lines(number, hunk.hunk.lines)
        rows += (DiffRow(RowKind.NOTE, number, note=note) for note in told(hunk, notes, width))
        rows.append(DiffRow(RowKind.GAP, number))
        longest = max(longest, *(_length(line.text) for line in hunk.hunk.lines))
        last = max(last, hunk.hunk.old_start + hunk.hunk.old_lines, hunk.hunk.new_start + hunk.hunk.new_lines)
        before = hunk
    return Layout(tuple(rows), tuple(starts), len(str(last)), longest)


def told(hunk: ReviewHunk, notes: Mapping[str, str], width: int) -> Iterator[Content]:
    """Yield what is said below a hunk: its evidence and the reasons, wrapped."""
    if not hunk.edits:
        yield from _wrapped(None, hunk.commit.label, notes.get(hunk.commit.commit) or NO_EDIT, width)
    reasons = Counter((edit.evidence, edit.rule, edit.reason) for edit in hunk.edits)
    for (level, rule, reason), times in reasons.items():
        name = hunk.commit.label if rule == hunk.commit.rule else rule
        yield from _wrapped(level, name, f"{reason} ({times} times)" if times > 1 else reason, width)
    if hunk.level is Evidence.UNVERIFIED and hunk.commit.why:
        yield from _wrapped(Evidence.UNVERIFIED, hunk.commit.model or "why", hunk.commit.why, width)


@lru_cache(maxsize=2048)
def _wrapped(level: Evidence | None, name: str, reason: str, width: int) -> tuple[Content, ...]:
    head = levelled(level) + Content("  ") + Content.styled(_line(name), "bold") + Content("  ")
    whole = head + Content(_line(reason))
    first = whole.wrap(max(width, _LEAST))[0].rstrip()
    rest = Content(whole.plain[len(first.plain) :].strip())
    indent = Content(" " * _INDENT)
    return (first, *(indent + line for line in rest.wrap(max(width - _INDENT, _LEAST)) if rest))


def _line(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= _MOST else f"{line[:_MOST]}..."


def _length(line: bytes) -> int:
    return min(len(line) + (TAB - 1) * line.count(b"\t"), 2 * LONGEST)


def _lines(hunk: int, lines: Sequence[DiffLine]) -> Iterator[DiffRow]:
    for number, line in enumerate(lines):
        old, new = (number if line.old else -1), (number if line.new else -1)
        yield DiffRow(RowKind.LINE, hunk, old, new)


def _sides(hunk: int, lines: Sequence[DiffLine]) -> Iterator[DiffRow]:
    """Yield rows in which removed lines stand beside added ones."""
    old, new = list[int](), list[int]()
    for number, line in enumerate(lines):
        if line.sign == "-":
            old.append(number)
        elif line.sign == "+":
            new.append(number)
        else:
            yield from _pairs(hunk, old, new)
            yield DiffRow(RowKind.LINE, hunk, number, number)
    yield from _pairs(hunk, old, new)


def _pairs(hunk: int, old: list[int], new: list[int]) -> Iterator[DiffRow]:
    for index in range(max(len(old), len(new))):
        left = old[index] if index < len(old) else -1
        right = new[index] if index < len(new) else -1
        yield DiffRow(RowKind.LINE, hunk, left, right)
    old.clear()
    new.clear()
