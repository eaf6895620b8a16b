"""Which bytes edits are about, before and after the commit that they made.

The edits of a rule's layer are all made to one text. Those of a work item are made one after the other, each to what
the ones before it left, or a few together to one text; which of these is not recorded, but every edit says what stood
at its place, and in which line and column, and all of them together have to make the file that was committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.engine.layers import OverlapError, splice
from archaeologist_tools.source.encoding import encoding_of
from archaeologist_tools.source.module import line_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import Edit


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


Traced = tuple["Edit", Stretch, Stretch]
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


def traced(edits: Sequence[Edit], before: bytes, after: bytes) -> list[Traced] | None:
    """Find the bytes of edits that made one file of another; None when together they do not."""
    encoding = encoding_of(before) or "utf-8"
    try:
        return _together(edits, before, after, encoding) or _in_turn(edits, before, after, encoding)
    except UnicodeEncodeError:
        return None


def _together(edits: Sequence[Edit], before: bytes, after: bytes, encoding: str) -> list[Traced] | None:
    """Find the bytes of edits that are all made to one text; None when they are not."""
    try:
        if splice(before, edits, encoding) != after:
            return None
    except OverlapError:
        return None
    found, shift = list[Traced](), 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start, size = edit.span.start + shift, len(edit.after.encode(encoding))
        found.append((edit, Stretch(edit.span.start, edit.span.end), Stretch(start, start + size)))
        shift += size - (edit.span.end - edit.span.start)
    return found


def _in_turn(edits: Sequence[Edit], before: bytes, after: bytes, encoding: str) -> list[Traced] | None:
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
