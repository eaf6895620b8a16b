"""Edits of several rules on one file: splicing them in, and parting them into layers, one a rule.

All edits of a round are found in one text and do not overlap. A layer is what one rule does; it lies on the layers
before it, so its places move by what these put in and take out. The layers of a later round are carried back to where
their rule belongs, past all layers they do not touch, so that a rule comes once and not once a round.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Span, make_edit
from archaeologist_tools.source.module import line_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Edit

_Place: TypeAlias = tuple[int, int]


class OverlapError(ValueError):
    """Two edits replace the same bytes.

    Args:
        path: the file.
        line: where the second one begins.
    """

    def __init__(self, path: str, line: int) -> None:
        super().__init__(f"two edits overlap in {path}, line {line}")


@dataclass(frozen=True)
class Layer:
    """The whole file after one rule's edits; spans of the edits are places in the layer before."""

    rule: str
    data: bytes
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Move:
    """An edit at its place in the text that its layer lies on.

    Attributes:
        start: byte offset.
        end: byte offset.
        size: bytes of the new text.
        edit: the edit, with the place where it was found.
    """

    start: int
    end: int
    size: int
    edit: Edit

    def at(self, place: _Place) -> Move:
        """The same edit at another place."""
        return Move(*place, self.size, self.edit)


@dataclass(frozen=True)
class Sheet:
    """A layer before its text is written: one rule's edits, in the order of their places."""

    rule: str
    moves: tuple[Move, ...]


def splice(data: bytes, edits: Sequence[Edit], encoding: str, start: int = 0, end: int | None = None) -> bytes:
    """Apply edits that do not overlap; every byte outside their spans stays.

    Args:
        data: what they apply to.
        edits: the edits.
        encoding: of the data.
        start: where to begin; what comes before is left out.
        end: where to end; the end of the data when None.

    Raises:
        UnicodeEncodeError: a new text cannot be written in the encoding.
        OverlapError: two edits replace the same bytes.
    """
    parts, position = [], start
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < position:
            raise OverlapError(edit.path, edit.span.line)
        parts += [data[position : edit.span.start], edit.after.encode(encoding)]
        position = edit.span.end
    return b"".join((*parts, data[position:end]))


def parted(edits: Iterable[Edit], order: Callable[[str], int], encoding: str) -> list[Sheet]:
    """Part the edits of a round into one sheet a rule, each on top of those before.

    Args:
        edits: edits of one text that do not overlap.
        order: the position of a rule's code among all commits.
        encoding: of the file.
    """
    by_rule: dict[str, list[Move]] = {}
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        move = Move(edit.span.start, edit.span.end, len(edit.after.encode(encoding)), edit)
        by_rule.setdefault(edit.rule, []).append(move)
    sheets, below = [], list[Move]()
    for rule in sorted(by_rule, key=order):
        sheets.append(Sheet(rule, tuple(_lifted(by_rule[rule], below))))
        below = sorted([*below, *by_rule[rule]], key=lambda move: (move.start, move.end))
    return sheets


def settled(sheets: Sequence[Sheet], order: Callable[[str], int]) -> list[Sheet]:
    """Carry sheets back to where their rules belong, past those they do not touch, and join those of one rule."""
    done: list[Sheet] = []
    for sheet in sheets:
        moving, above = sheet, list[Sheet]()
        while done and order(done[-1].rule) > order(moving.rule) and (swapped := _swapped(done[-1], moving)):
            moving = swapped[0]
            above.insert(0, swapped[1])
            done.pop()
        if done and done[-1].rule == moving.rule and (joined := _joined(done[-1], moving)):
            moving = joined
            done.pop()
        done += [moving, *above]
    return done


def written(sheets: Iterable[Sheet], data: bytes, path: str, encoding: str) -> list[Layer]:
    """Write the text of every layer.

    Args:
        sheets: the layers, each on top of those before.
        data: the file below all of them.
        path: the file.
        encoding: of the file.
    """
    layers: list[Layer] = []
    for sheet in sheets:
        starts = line_starts(data) if any(map(_is_moved, sheet.moves)) else ()
        edits = tuple(_placed(move, starts, path) if _is_moved(move) else move.edit for move in sheet.moves)
        data = splice(data, edits, encoding)
        layers.append(Layer(sheet.rule, data, edits))
    return layers


def _is_moved(move: Move) -> bool:
    return (move.start, move.end) != (move.edit.span.start, move.edit.span.end)


def _placed(move: Move, starts: Sequence[int], path: str) -> Edit:
    edit = move.edit
    line = min(bisect_right(starts, move.start), len(starts) - 1)
    span = Span(move.start, move.end, line, move.start - starts[line - 1] + 1)
    return make_edit(
        edit.rule,
        path,
        span,
        before=edit.before,
        after=edit.after,
        evidence=edit.evidence,
        reason=edit.reason,
        imports=edit.imports,
    )


def _lifted(moves: Sequence[Move], below: Sequence[Move]) -> Iterator[Move]:
    """Edits at their places in the text with the edits below; both in order, found in one text, without overlaps."""
    shift, position = 0, 0
    for move in moves:
        while position < len(below) and (below[position].start, below[position].end) < (move.start, move.end):
            shift += _growth(below[position])
            position += 1
        yield move.at((move.start + shift, move.end + shift))


def _lowered(moves: Sequence[Move], below: Sequence[Move]) -> list[Move] | None:
    """Edits at their places in the text without the edits below; None when one touches what these wrote."""
    found, shift, position = list[Move](), 0, 0
    for move in moves:
        while position < len(below) and below[position].start + shift + below[position].size <= move.start:
            shift += _growth(below[position])
            position += 1
        if position < len(below) and below[position].start + shift < max(move.end, move.start + 1):
            return None
        found.append(move.at((move.start - shift, move.end - shift)))
    return found


def _swapped(first: Sheet, second: Sheet) -> tuple[Sheet, Sheet] | None:
    """The second sheet below the first one; None when it touches what the first one wrote."""
    lowered = _apart(_lowered(second.moves, first.moves), first.moves)
    if lowered is None:
        return None
    return Sheet(second.rule, tuple(lowered)), Sheet(first.rule, tuple(_lifted(first.moves, lowered)))


def _joined(first: Sheet, second: Sheet) -> Sheet | None:
    """Two sheets of one rule as one; None when the second touches what the first one wrote."""
    lowered = _apart(_lowered(second.moves, first.moves), first.moves)
    if lowered is None:
        return None
    moves = sorted([*first.moves, *lowered], key=lambda move: (move.start, move.end))
    return Sheet(first.rule, tuple(moves))


def _apart(moves: list[Move] | None, others: Sequence[Move]) -> list[Move] | None:
    """The edits, when none of them begins or ends where one of the others does: there, the order would matter."""
    edges = {edge for move in others for edge in (move.start, move.end)}
    clear = moves is not None and not any(move.start in edges or move.end in edges for move in moves)
    return moves if clear else None


def _growth(move: Move) -> int:
    return move.size - (move.end - move.start)
