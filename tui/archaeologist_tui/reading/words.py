"""Which words of changed lines changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Marks = list[list[tuple[int, int]]]
"""For each line the half-open ranges of characters that changed."""

_PART = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_MOST = 600
"""Parts of a side beyond which nothing is marked: it would take long, and help nobody."""
_ALIKE = 0.4
"""Below this similarity everything changed, and marks would be noise."""


def changed_words(old: Sequence[str], new: Sequence[str]) -> tuple[Marks, Marks]:
    """Return what changed in the old and in the new lines of a block; nothing where too much did.

    The lines of a side are compared as one text, as a statement may have been put on fewer lines.
    """
    before, after = (_PART.findall("\n".join(lines)) for lines in (old, new))
    empty: tuple[Marks, Marks] = ([[] for _ in old], [[] for _ in new])
    if not before or not after or max(len(before), len(after)) > _MOST:
        return empty
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return empty
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        _marks(before, [(code[1], code[2]) for code in changes], len(old)),
        _marks(after, [(code[3], code[4]) for code in changes], len(new)),
    )


def _marks(parts: Sequence[str], changed: Sequence[tuple[int, int]], lines: int) -> Marks:
    """Turn ranges of parts into ranges of characters, line by line."""
    marked = {index for start, end in changed for index in range(start, end)}
    marks: Marks = [[] for _ in range(lines)]
    line = column = 0
    for index, part in enumerate(parts):
        if part == "\n":
            line, column = line + 1, 0
            continue
        end = column + len(part)
        if index in marked:
            found = marks[line]
            if found and found[-1][1] == column:
                found[-1] = (found[-1][0], end)
            else:
                found.append((column, end))
        column = end
    return marks
