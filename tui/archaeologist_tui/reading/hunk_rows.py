"""How hunks are laid out: rows that can each be drawn alone, so that nothing is drawn that nobody sees.

A row says what it shows by numbers into its hunk. Texts are coloured when a row is drawn, and decoded before that only
where a line may be too long for one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tui.reading.code import LONGEST, decoded, shown
from archaeologist_tui.reading.hunk_notes import MARGIN, told
from archaeologist_tui.reading.wrapping import code_starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from textual.content import Content

    from archaeologist.review.model import ReviewHunk
    from archaeologist_tools.git.diff import DiffLine

UNENDED = "  (no line end)"
SIGN = 3
"""Cells between the number of a line and its code."""
_TWO_NUMBERS = 76
"""Cells from which the numbers of both files are shown."""
_PLAIN = bytes(range(ord(" "), ord("~") + 1))
_WIDEST = 6
"""Cells that any other byte takes at most: one that stands for a hidden character, shown as its escape."""


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
        part: which part of its lines it shows: a long line goes on in the rows below.
    """

    kind: RowKind
    hunk: int
    old: int = -1
    new: int = -1
    note: Content | None = None
    part: int = 0


@dataclass(frozen=True)
class Shape:
    """What rows are to be like.

    Attributes:
        width: cells of a row.
        split: whether old and new stand side by side.
        wrapped: whether long lines go on in the row below; else their ends are scrolled to.
    """

    width: int = 0
    split: bool = False
    wrapped: bool = True

    @property
    def both_numbers(self) -> bool:
        """Whether the numbers of both files stand before a line."""
        return not self.split and self.width >= _TWO_NUMBERS

    def room(self, digits: int) -> int:
        """Return how many cells there are for code behind numbers of so many digits."""
        if self.split:
            return (self.width - 2) // 2 - digits - SIGN
        return self.width - 1 - (2 * digits + 1 if self.both_numbers else digits) - SIGN


@dataclass(frozen=True)
class Layout:
    """Hunks as rows.

    Attributes:
        shape: what the rows are like.
        rows: all rows.
        starts: the number of the row that each hunk begins with.
        digits: of the largest line number.
        longest: characters of the longest line.
    """

    shape: Shape = Shape()
    rows: tuple[DiffRow, ...] = ()
    starts: tuple[int, ...] = ()
    digits: int = 1
    longest: int = 0

    @property
    def room(self) -> int:
        """Cells that there are for code."""
        return self.shape.room(self.digits)

    def held(self, hunk: int, top: int, height: int) -> tuple[DiffRow, int]:
        """Return the row that has to stay where it is in other layouts, and how far from the top that is.

        That is the head of a hunk, or the first row when the head is not seen.

        Args:
            hunk: the current hunk.
            top: the first row that is seen.
            height: how many rows are seen.
        """
        head = self.starts[hunk]
        place = min(head if top <= head < top + height else top, len(self.rows) - 1)
        return self.rows[place], place - top

    def place_of(self, hunk: int, like: DiffRow) -> int:
        """Return where a hunk has the row that is most like one of another layout."""
        start = self.starts[hunk]
        end = self.starts[hunk + 1] if hunk + 1 < len(self.starts) else len(self.rows)
        places = [place for place in range(max(0, start - 1), end) if self.rows[place].hunk == hunk]
        alike = [place for place in places if _shows_the_same(self.rows[place], like)] or [start]
        return next((place for place in alike if self.rows[place].part == like.part), alike[-1])


def _shows_the_same(row: DiffRow, other: DiffRow) -> bool:
    if row.kind is not other.kind:
        return False
    return row.kind is not RowKind.LINE or row.old == other.old >= 0 or row.new == other.new >= 0


def lay_out(hunks: Sequence[ReviewHunk], notes: Mapping[str, str], shape: Shape) -> Layout:
    """Lay hunks out.

    Args:
        hunks: in the order in which they are shown.
        notes: what is to be said of commits whose hunks have no edits, by commit.
        shape: what the rows are to be like.
    """
    rows, starts, longest = list[DiffRow](), list[int](), 0
    digits = _digits(hunks)
    room = shape.room(digits)
    before: ReviewHunk | None = None
    for number, hunk in enumerate(hunks):
        if before is None or (before.path, before.commit.commit) != (hunk.path, hunk.commit.commit):
            rows.append(DiffRow(RowKind.FILE, number))
        starts.append(len(rows))
        rows.append(DiffRow(RowKind.HUNK, number))
        lines = (_sides if shape.split else _lines)(number, hunk.hunk.lines)
        cells = max(map(_most_cells, hunk.hunk.lines))
        rows += _parted(lines, hunk, room) if shape.wrapped and cells > room else lines
        longest = max(longest, cells)
        rows += (DiffRow(RowKind.NOTE, number, note=note) for note in told(hunk, notes, shape.width - MARGIN))
        rows.append(DiffRow(RowKind.GAP, number))
        before = hunk
    return Layout(shape, tuple(rows), tuple(starts), digits, longest)


def _digits(hunks: Sequence[ReviewHunk]) -> int:
    """Return how many digits the largest number of a line has."""
    ends = (max(each.old_start + each.old_lines, each.new_start + each.new_lines) for each in (h.hunk for h in hunks))
    return len(str(max(ends, default=1)))


def _most_cells(line: DiffLine) -> int:
    """Return a bound of the cells that a line takes, which is exact for most and costs next to nothing."""
    text = line.text
    most = min(len(text) + (_WIDEST - 1) * len(text.translate(None, _PLAIN)), 2 * LONGEST)
    return most if line.ended else most + len(UNENDED)


def _parted(rows: Iterable[DiffRow], hunk: ReviewHunk, room: int) -> Iterator[DiffRow]:
    """Yield rows as often as there are parts of their lines: of the longer one, where two stand side by side."""
    lines = hunk.hunk.lines
    texts = map(shown, decoded([line.text for line in lines], hunk.encoding))
    ends = ("" if line.ended else UNENDED for line in lines)
    parts = [len(code_starts(text + end, room)) for text, end in zip(texts, ends, strict=True)]
    for row in rows:
        yield row
        for part in range(1, max(parts[number] for number in (row.old, row.new) if number >= 0)):
            yield row._replace(part=part)


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
    for left, right in zip_longest(old, new, fillvalue=-1):
        yield DiffRow(RowKind.LINE, hunk, left, right)
    old.clear()
    new.clear()
