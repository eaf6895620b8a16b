"""Where edits are: from the bytes that they replaced to the lines that a diff shows, and to its hunks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.review.traces import Stretch, traced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.git.diff import Block, Hunk


@dataclass(frozen=True)
class PlacedEdit:
    """An edit with the lines that it is about.

    Attributes:
        edit: the edit.
        old: the lines in the file before the commit.
        new: the lines in the file after it.
    """

    edit: Edit
    old: Stretch
    new: Stretch


def is_about_all(edit: Edit) -> bool:
    """Whether an edit says nothing of its place: a document was written anew."""
    return not edit.before and not edit.after


def place(edits: Sequence[Edit], before: bytes, after: bytes) -> list[PlacedEdit] | None:
    """Find the lines of edits that made one file of another.

    Args:
        edits: all edits of the file in one commit, in the order in which they were made.
        before: the file before the commit.
        after: the file after it.

    Returns:
        The edits, in their order; None when together they do not make the one file of the other, so that nothing can
        be said of their places.
    """
    found = traced(edits, before, after)
    if found is None:
        return None
    old_feeds, new_feeds = feeds(before), feeds(after)
    return [PlacedEdit(edit, _lines(old, old_feeds), _lines(new, new_feeds)) for edit, old, new in found]


def edits_of(hunks: Sequence[Hunk], placed: Sequence[PlacedEdit]) -> list[list[Edit]]:
    """Give the edits of each hunk, in the order of `placed`.

    A diff may show a line that was put in beside equal lines in another place than where it was put in; an edit that
    meets no changed line belongs to the hunk that is nearest to it.
    """
    found: list[list[Edit]] = [[] for _ in hunks]
    blocks = [(number, block) for number, hunk in enumerate(hunks) for block in hunk.blocks]
    ends = [block.old_end for _, block in blocks]
    for each in placed if blocks else ():
        # Blocks are in order, so those before the first one that reaches the edit need no look.
        first = bisect_left(ends, each.old.start)
        for number in _met(each, blocks, first) or {_nearest(each, blocks, first)}:
            found[number].append(each.edit)
    return found


def _met(placed: PlacedEdit, blocks: Sequence[tuple[int, Block]], first: int) -> set[int]:
    """Give the hunks that an edit changed lines of."""
    met = set[int]()
    for number, block in (blocks[position] for position in range(first, len(blocks))):
        if block.old_start > placed.old.end:
            break
        if placed.old.meets(block.old_start, block.old_end):
            met.add(number)
    return met


def _nearest(placed: PlacedEdit, blocks: Sequence[tuple[int, Block]], first: int) -> int:
    near = blocks[max(first - 1, 0) : first + 1]
    return min(near, key=lambda numbered: _distance(placed, numbered[1]))[0]


def _distance(placed: PlacedEdit, block: Block) -> int:
    old, new = placed.old, placed.new
    return old.distance(block.old_start, block.old_end) + new.distance(block.new_start, block.new_end)


def feeds(data: bytes) -> list[int]:
    """Give where the lines of a diff begin: git knows no other end of a line than a line feed."""
    starts, position = [0], 0
    while position := data.find(b"\n", position) + 1:
        starts.append(position)
    return starts


def _lines(stretch: Stretch, starts: Sequence[int]) -> Stretch:
    """Give the lines of a range of bytes; none for a place between two lines."""
    first = bisect_right(starts, stretch.start) - 1
    if stretch.start == stretch.end:
        return Stretch(first, first + (stretch.start != starts[first]))
    return Stretch(first, bisect_right(starts, stretch.end - 1))
