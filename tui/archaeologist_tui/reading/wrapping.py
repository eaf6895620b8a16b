"""Where the lines of a paragraph begin: fast for the many that fit or have narrow letters only."""

from __future__ import annotations

import re
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size

_NARROWEST = 8
"""Cells that a line has in any case: a screen that is still narrower shows its beginning."""
_BEFORE_VALUE = re.compile(r"\s*(?:\S.*?\s{2,}(?=\S))?")
"""What a line of a table of names and values begins with."""


def line_starts(text: str, first: int, others: int) -> tuple[int, ...]:
    """Return the offsets at which lines begin, the first one included; a blank before them may be out of sight.

    Args:
        text: a paragraph without line breaks.
        first: cells of the first line.
        others: cells of those below it.
    """
    return _starts(text, first, others, exact=False)


def code_starts(text: str, room: int) -> tuple[int, ...]:
    """Return the offsets at which the rows of a line of code begin: all of it is seen, and no row is half empty.

    Args:
        text: the line.
        room: cells of a row.
    """
    return _starts(text, room, room, exact=True)


def hung(text: str, width: int) -> list[str]:
    """Return the lines of names and values for a screen: what a value has no room for goes on below its beginning."""
    return [part for line in text.splitlines() for part in _hung(line, width)]


def _hung(line: str, width: int) -> list[str]:
    before = _BEFORE_VALUE.match(line)
    hang = min(before.end() if before else 0, width // 2)
    starts = line_starts(line, width, width - hang)
    first, *others = [line[begin:end].rstrip() for begin, end in pairwise([*starts, len(line)])]
    return [first, *(" " * hang + other for other in others)]


def _starts(text: str, first: int, others: int, *, exact: bool) -> tuple[int, ...]:
    if len(text) * 2 <= first:
        return (0,)
    narrow = text.isascii() or (not exact and cell_len(text) == len(text))
    starts, room, set_in = [0], max(first, _NARROWEST), len(text) - len(text.lstrip(" "))
    while True:
        begin = starts[-1]
        end = begin + room if narrow else _end(text, begin, room)
        if end >= len(text):
            return tuple(starts)
        least, most = (max(set_in, (begin + end) // 2), end) if exact else (begin + 1, end + 1)
        space = text.rfind(" ", least, most)
        starts.append(space + 1 if space > 0 else end)
        room = max(others, _NARROWEST)


def _end(text: str, begin: int, room: int) -> int:
    """Return how far a line reaches that has letters of several widths."""
    used, end = 0, len(text)
    for place in range(begin, len(text)):
        used += get_character_cell_size(text[place])
        if used > room:
            end = place
            break
    while cell_len(text[begin:end]) > room:  # a selector of a variant makes the letter before it wider
        end -= 1
    return end
