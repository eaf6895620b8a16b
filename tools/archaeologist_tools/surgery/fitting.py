"""Fits new code to the place where it goes: its indentation, tabs or blanks, and its line endings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING

from archaeologist_tools.surgery.layout import indent_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.layout import Layout

_ENDINGS = ("\r\n", "\n", "\r")


@dataclass(frozen=True)
class Change:
    """Some bytes of a file, and the text that goes in their place."""

    start: int
    end: int
    text: str


def fitted(given: Layout, old: Layout, indent: str, unit: str | None) -> list[str]:
    """Move code to the indentation of a place.

    A line inside of a text stays as it is given, or moves with the code around, by what stood there before; where that
    tells nothing, the lines of docstrings move, and those of other texts stay.

    Args:
        given: the code.
        old: what stands there, which shows how the lines inside of texts are meant.
        indent: the indentation of the place.
        unit: how much deeper each block of it is; None when that cannot be told.
    """
    change = unit if given.unit not in {None, unit} else None
    moved = _moved(given, indent, change)
    known = _rows_in_texts(old)
    for text in given.texts:
        kept = [given.rows[row] for row in text.rows]
        shifted = [_shifted(row, given.indent, indent) for row in kept]
        stay, move = (sum(_is_known(row, known) for row in rows) for rows in (kept, shifted))
        moves = move > stay or (move == stay and text.stands_alone)
        for number, before, after in zip(text.rows, kept, shifted, strict=True):
            if _is_known(before, known) != _is_known(after, known):
                moved[number] = before if _is_known(before, known) else after
            elif not moves:
                moved[number] = before
    return moved


def _moved(given: Layout, indent: str, unit: str | None) -> list[str]:
    """All lines as deep as they are to be, those inside of texts as well; in steps of a unit where there is one."""
    rows = [_shifted(row, given.indent, indent) for row in given.rows]
    if unit is None:
        return rows
    inside = given.in_texts
    depths = {row: depth for row, depth in given.depths.items() if row not in inside}
    steps = {indent_of(given.rows[row]): indent + unit * depth for row, depth in depths.items()}
    for number, row in enumerate(given.rows):
        # A line that goes on with a statement moves as far as the line that begins it.
        was = indent_of(given.rows[given.heads.get(number, number)])
        if row.strip() and was in steps and row.startswith(was):
            rows[number] = steps[was] + row.removeprefix(was)
    return rows


def _shifted(row: str, was: str, indent: str) -> str:
    return indent + row.removeprefix(was) if row.strip() and row.startswith(was) else row


def _rows_in_texts(layout: Layout) -> Mapping[str, AbstractSet[str]]:
    """The lines inside of texts without their indentation, and the indentations that each has."""
    found = defaultdict[str, set[str]](set)
    for number in layout.in_texts:
        row = layout.rows[number]
        found[row.strip()].add(indent_of(row))
    found.pop("", None)
    return found


def _is_known(row: str, known: Mapping[str, AbstractSet[str]]) -> bool:
    """Whether a line stood inside of a text before, with the same indentation."""
    return indent_of(row) in known.get(row.strip(), ())


def narrowest(module: Module, first: int, last: int, rows: Sequence[str]) -> Change | None:
    """The smallest change that makes some lines of a file read as others.

    Args:
        module: the file.
        first: the number of the first line.
        last: the number of the last one.
        rows: the new lines, without endings.

    Returns:
        A change of whole lines, whose endings are those of the lines there; None when nothing changes.
    """
    old = [module.line(number).decode(module.encoding) for number in range(first, last + 1)]
    bare = [_bare(line) for line in old]
    head = _common(bare, rows)
    if head == len(old) and old[-1] == bare[-1]:
        head -= 1  # nothing can be put behind a line without an ending
    tail = _common(bare[head:][::-1], rows[head:][::-1])
    if bare == [*rows]:
        return None
    endings = [line.removeprefix(row) or module.newline for line, row in zip(old, bare, strict=True)]
    new, replaced = rows[head : len(rows) - tail], endings[head : len(old) - tail]
    pairs = zip_longest(new, replaced[: len(new)], fillvalue=endings[0])
    text = "".join(f"{row}{ending}" for row, ending in pairs)
    if not tail and old[-1] == bare[-1]:
        text = _bare(text)
    return Change(module.starts[first - 1 + head], module.starts[last - tail], text)


def _bare(line: str) -> str:
    ending = next((each for each in _ENDINGS if line.endswith(each)), "")
    return line.removesuffix(ending)


def _common(some: Sequence[str], others: Sequence[str]) -> int:
    """How many lines are the same at the beginning."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False))))
