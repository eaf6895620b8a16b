"""Where edits are: from the bytes that they replaced to the lines that a diff shows, before and after.

The edits of a rule's layer are all made to one text. Those of a work item are made one after the other, each to what
the ones before it left, or a few together to one text; which of these is not recorded, but every edit says what stood
at its place, and in which line and column, and all of them together have to make the file that was committed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.engine.layers import OverlapError, splice
from archaeologist_tools.source.encoding import encoding_of
from archaeologist_tools.source.module import line_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.git.diff import Block, Hunk


_ENDS = 200
"""Wrong ways to make edits again after which nobody looks for the right one."""


class Stretch(NamedTuple):
    """A half-open range: of bytes, or of 0-based lines."""

    start: int
    end: int

    def meets(self, start: int, end: int) -> bool:
        """Whether it has something in common with another range; one that is empty, when it lies in or at the other."""
        if self.start == self.end or start == end:
            return self.start <= end and start <= self.end
        return self.start < end and start < self.end

    def distance(self, start: int, end: int) -> int:
        """How far away another range is; 0 when they meet or touch."""
        return max(start - self.end, self.start - end, 0)


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


_Bytes = tuple["Edit", Stretch, Stretch]
"""An edit with the bytes it is about, before and after the commit."""


class _Move(NamedTuple):
    """An edit in the text that is there when its turn comes, with the bytes of its new text."""

    edit: Edit
    start: int
    end: int
    text: bytes

    @property
    def growth(self) -> int:
        return len(self.text) - (self.end - self.start)


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
    encoding = encoding_of(before) or "utf-8"
    try:
        found = _together(edits, before, after, encoding) or _in_turn(edits, before, after, encoding)
    except UnicodeEncodeError:
        return None
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


def _together(edits: Sequence[Edit], before: bytes, after: bytes, encoding: str) -> list[_Bytes] | None:
    """Find the bytes of edits that are all made to one text; None when they are not."""
    try:
        if splice(before, edits, encoding) != after:
            return None
    except OverlapError:
        return None
    found, shift = list[_Bytes](), 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start, size = edit.span.start + shift, len(edit.after.encode(encoding))
        found.append((edit, Stretch(edit.span.start, edit.span.end), Stretch(start, start + size)))
        shift += size - (edit.span.end - edit.span.start)
    return found


def _in_turn(edits: Sequence[Edit], before: bytes, after: bytes, encoding: str) -> list[_Bytes] | None:
    """Find the bytes of edits that are made one after the other, or a few together; None when they are not.

    An edit that fits the text as it is by now, and the one that the edits before it were made to, is tried in both.
    """
    waiting, ends = [_Replay(before, before)], 0
    while waiting and ends < _ENDS:
        replay = waiting.pop()
        moves = replay.moves
        if len(moves) < len(edits):
            waiting += replay.followed(edits[len(moves)], encoding)
        elif replay.text == after:
            return [(move.edit, _origin(moves, index), _outcome(moves, index)) for index, move in enumerate(moves)]
        else:
            ends += 1
    return None


@dataclass(frozen=True)
class _Replay:
    """Edits that are made again.

    Attributes:
        text: the file as it is by now.
        base: the file that the last few were made to together.
        moves: all so far.
        group: how many the last few are.
    """

    text: bytes
    base: bytes
    moves: tuple[_Move, ...] = ()
    group: int = 0

    def followed(self, edit: Edit, encoding: str) -> list[_Replay]:
        """Give what there is with one more edit; the likeliest last."""
        found = []
        if self.group and _fits(edit, self.base, encoding):
            others = self.moves[-self.group :]
            shift = sum(other.growth for other in others if other.edit.span.start <= edit.span.start)
            found.append(self._with(_move(edit, edit.span.start + shift, encoding), self.base, self.group + 1))
        if _fits(edit, self.text, encoding):
            found.append(self._with(_move(edit, edit.span.start, encoding), self.text, 1))
        return found

    def _with(self, move: _Move, base: bytes, group: int) -> _Replay:
        text = self.text[: move.start] + move.text + self.text[move.end :]
        return _Replay(text, base, (*self.moves, move), group)


def _move(edit: Edit, start: int, encoding: str) -> _Move:
    return _Move(edit, start, start + edit.span.end - edit.span.start, edit.after.encode(encoding))


def _fits(edit: Edit, text: bytes, encoding: str) -> bool:
    """Whether an edit was made to a text: what it replaces stands there, in the line and column that it says."""
    span = edit.span
    starts = line_starts(text)
    if not 0 < span.line <= len(starts) or text[span.start : span.end] != edit.before.encode(encoding):
        return False
    return starts[span.line - 1] + span.column - 1 == span.start


def _origin(moves: Sequence[_Move], index: int) -> Stretch:
    """Give the bytes of the first text that a move is about."""
    start, end = moves[index].start, moves[index].end
    for move in reversed(moves[:index]):
        written = move.start + len(move.text)
        start = start if start <= move.start else move.start if start < written else start - move.growth
        end = end if end <= move.start else move.end if end < written else end - move.growth
    return Stretch(start, max(start, end))


def _outcome(moves: Sequence[_Move], index: int) -> Stretch:
    """Give the bytes of the last text that a move is about."""
    start, end = moves[index].start, moves[index].start + len(moves[index].text)
    for move in moves[index + 1 :]:
        start = start if start < move.start else move.start if start < move.end else start + move.growth
        end = end if end <= move.start else move.start + len(move.text) if end <= move.end else end + move.growth
    return Stretch(start, max(start, end))


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
