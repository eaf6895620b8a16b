"""Whether what an agent says it saw stands where it says: a finding without that is worth nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Span
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.excerpts import clean_lines
from archaeologist_tools.source.module import line_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.git.snapshot import Snapshot

MOST_LINES = 400
"""Lines of one finding; of more, nobody can tell what it is about."""
SHORTEST_QUOTE = 4

# What excerpts put in front of a line.
_NUMBER = re.compile(r"(?m)^[ ]*\d+\t")


def quoted_span(snapshot: Snapshot, path: str, first: int, last: int, quote: str) -> Span:
    """The place of some lines, which are shown to be there by a quote.

    Args:
        snapshot: what the file is read from.
        path: the file.
        first: the first line.
        last: the last line.
        quote: what stands there, or a part of it; blanks do not count, nor do the numbers of an excerpt.

    Raises:
        EditRefused: there is no such file, it has no such lines, or the quote stands somewhere else or nowhere.
    """
    lines = clean_lines(snapshot, path)
    if not 1 <= first <= last <= len(lines):
        raise EditRefused(f"{path} has no lines {first} to {last}, but 1 to {len(lines)}")
    if last - first >= MOST_LINES:
        raise EditRefused(f"a finding is about at most {MOST_LINES} lines; name those that matter")
    sought = _dense(_NUMBER.sub("", quote))
    if len(sought) < SHORTEST_QUOTE:
        raise EditRefused("the quote is too short to show anything; quote a line of the code")
    if sought not in _dense("\n".join(lines[first - 1 : last])):
        raise EditRefused(_elsewhere(path, lines, sought, (first, last)))
    starts = line_starts(snapshot.read(path))
    end = starts[last] if last < len(starts) else starts[-1]
    return Span(starts[first - 1], end, first, 1)


def _dense(text: str) -> str:
    return "".join(text.split())


def _elsewhere(path: str, lines: Sequence[str], sought: str, extent: tuple[int, int]) -> str:
    """Say where the quote is, when it is somewhere."""
    wrong = f"the quote does not stand on lines {extent[0]} to {extent[1]} of {path}"
    dense = [_dense(line) for line in lines]
    place = "".join(dense).find(sought)
    if place < 0:
        return f"{wrong}, nor anywhere in it; quote what you read there"
    first = last = _line_at(dense, place)
    last = _line_at(dense, place + len(sought) - 1)
    return f"{wrong}, but on {first} to {last}" if last > first else f"{wrong}, but on line {first}"


def _line_at(dense: Sequence[str], place: int) -> int:
    """The number of the line in which a character of all lines, joined, stands."""
    for number, line in enumerate(dense, 1):
        if place < len(line):
            return number
        place -= len(line)
    return len(dense)
