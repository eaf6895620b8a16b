from __future__ import annotations

import pytest

from archaeologist.review.model import ReviewCommit, ReviewHunk
from archaeologist_tools.git.diff import FileDiff, Hunk
from archaeologist_tui.reading.hunk_rows import DiffRow, RowKind, Shape, lay_out

COMMIT = ReviewCommit("c" * 40, "p" * 40, "subject", "step", "AR001", "name", None, "", ("a.py",), 1, 0)


def hunk(body: bytes, encoding: str = "utf-8") -> ReviewHunk:
    only = Hunk(1, 0, 1, 1, b"", body)
    return ReviewHunk("h", COMMIT, FileDiff("a.py", "", "", b"", (only,)), only, (), encoding)


def rows(shown: ReviewHunk, room: int, *, split: bool = False) -> list[DiffRow]:
    """Return the rows of lines in a layout that has so many cells for code."""
    width = next(width for width in range(400) if Shape(width, split).room(1) == room)
    return [row for row in lay_out([shown], {}, Shape(width, split)).rows if row.kind is RowKind.LINE]


@pytest.mark.parametrize(
    ("line", "encoding", "cells"),
    [
        (b"x" * 40, "utf-8", 40),
        (b"\tx\t\t", "utf-8", 12),
        (b"x" * 10 + b"\x1b", "utf-8", 14),
        ("名".encode() * 9, "utf-8", 18),
        ("\u202e".encode() * 9, "utf-8", 54),
        ("\U000e0001".encode() * 9, "utf-8", 90),
        (b"\xff" * 9, "utf-8", 36),
        (b"\x85" * 9, "latin-1", 36),
        (b"\xfd" * 9, "cp1255", 54),
        (b"x" * 10 + b"\n\\ No newline at end of file", "utf-8", 25),
    ],
)
@pytest.mark.parametrize("split", [False, True])
def test_a_line_goes_on_below_as_soon_as_it_is_a_cell_too_long(
    line: bytes, encoding: str, cells: int, *, split: bool
) -> None:
    shown = hunk(b"+" + line + b"\n", encoding)
    assert [row.part for row in rows(shown, cells, split=split)] == [0]
    assert [row.part for row in rows(shown, cells - 1, split=split)] == [0, 1]


def test_of_two_lines_side_by_side_the_longer_one_decides() -> None:
    shown = hunk(b"-" + b"x" * 50 + b"\n+" + b"x" * 20 + b"\n+y\n")
    assert [(row.old, row.new, row.part) for row in rows(shown, 20, split=True)] == [
        (0, 1, 0),
        (0, 1, 1),
        (0, 1, 2),
        (-1, 2, 0),
    ]
