"""Which edits of all rules can be made together in one text; the others wait for the next round."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from archaeologist_tools.engine.imports import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.source.module import Module


class _Taken:
    """Places that are taken: they do not overlap, and are kept in order."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []

    def is_free(self, start: int, end: int) -> bool:
        """Whether a place is apart from all that are taken, or only touches one, and neither is an insertion."""
        number = bisect_left(self._places, (start, end))
        after = self._places[number] if number < len(self._places) else None
        before = self._places[number - 1] if number else None
        behind = before is None or before[1] < start or before[0] < before[1] == start < end
        return behind and (after is None or end < after[0] or start < end == after[0] < after[1])

    def take(self, start: int, end: int) -> None:
        """Take a place, and all that it overlaps or touches as one."""
        first = bisect_left(self._places, (start, start))
        while first and self._places[first - 1][1] >= start:
            first -= 1
        last = first
        while last < len(self._places) and self._places[last][0] <= end:
            start, end = min(start, self._places[last][0]), max(end, self._places[last][1])
            last += 1
        self._places[first:last] = [(start, end)]


def fitting(found: Iterable[Sequence[Edit]], module: Module) -> list[Edit]:
    """Choose edits that can be made together.

    An edit that another one is in the way of keeps its place: no later rule gets it before. So the rules have their
    turns at every place of the file as if each had run over the whole file alone.

    Args:
        found: the edits of each rule, in the order of the rules.
        module: the file they were found in.

    Returns:
        The edits by rule and place. At most one rule among them brings imports that the file does not have yet, since
        each of two might bind the same name, or count on the same place.
    """
    chosen: list[Edit] = []
    taken, brought = _Taken(), None
    for edits in found:
        mine = _Taken()
        for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
            brings = bool(edit.imports) and bool(missing([edit], module))
            waits = brings and brought not in {None, edit.rule}
            if not waits and mine.is_free(edit.span.start, edit.span.end) and taken.is_free(*_reach(edit, module)):
                brought = edit.rule if brings else brought
                chosen.append(edit)
            mine.take(edit.span.start, edit.span.end)
        for edit in edits:
            taken.take(*_reach(edit, module))
    return chosen


def _reach(edit: Edit, module: Module) -> tuple[int, int]:
    """The place of an edit; of one that takes lines out, with the lines above and below, whose gap it decides on."""
    start, end = edit.span.start, edit.span.end
    if edit.after or start == end or start not in module.starts or end not in module.starts:
        return start, end
    data = module.data
    while start and data[start - 1 : start].isspace():
        start -= 1
    while end < len(data) and data[end : end + 1].isspace():
        end += 1
    return max(start - 1, 0), end + 1
