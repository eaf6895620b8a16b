"""Which string over several lines a place of a file stands in: whoever shows a part of a file must know how it begins.

One pass of a regular expression, as files that do not parse are shown, too, and thousands of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRIPLES = (b'"""', b"'''")
# Runs of plain characters are taken at once, which makes it fast; a string that does not end, ends with the file.
_STRINGS = re.compile(
    rb'#[^\n]*|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)|\'\'\'[^\'\\]*(?:(?:\\.|\'(?!\'\'))[^\'\\]*)*(?:\'\'\'|\Z)'
    rb'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|\'[^\'\\\n]*(?:\\.[^\'\\\n]*)*\'?',
    re.DOTALL,
)


def open_strings(data: bytes, offsets: Sequence[int]) -> list[str]:
    """Give the quotes of the strings over several lines that places stand in.

    Args:
        data: a Python file.
        offsets: places in it, in their order.

    Returns:
        For each place three quotes, or nothing when it stands in no such string.
    """
    found = [""] * len(offsets)
    if not offsets or not any(triple in data for triple in _TRIPLES):
        return found
    position = 0
    for match in _STRINGS.finditer(data, 0):
        while position < len(offsets) and offsets[position] <= match.start():
            position += 1
        while position < len(offsets) and offsets[position] < match.end():
            if match[0].startswith(_TRIPLES):
                found[position] = match[0][:3].decode("ascii")
            position += 1
        if position == len(offsets):
            break
    return found
