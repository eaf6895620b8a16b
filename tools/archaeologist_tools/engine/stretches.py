"""The lines that edits touch, as far as the statements on them reach.

A file is its top-level statements, one after the other: lines that hold whole ones are read, and compiled, as if
nothing stood around them. So only these need be looked at again after edits, however long the file is. Lines that hold
whole statements of one suite are read so, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.suites import place_on

if TYPE_CHECKING:
    import ast
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.suites import Place
    from archaeologist_tools.source.module import Module


@dataclass(frozen=True)
class Stretch:
    """Whole lines of a file, with all of each statement that stands on them, at the top level or in one suite.

    Attributes:
        place: where they are before edits.
        old_lines: their numbers before edits.
        new_lines: their numbers after them.
        old: their text before.
        new: their text after.
    """

    place: Place
    old_lines: range
    new_lines: range
    old: str
    new: str


def stretches(module: Module, edits: Sequence[Edit], *, in_suites: Collection[type[ast.stmt]] = ()) -> list[Stretch]:
    """The stretches that edits touch, in order; the whole file where a backslash joins the lines at a border.

    Args:
        module: the file before the edits.
        edits: some edits of the file.
        in_suites: take the statements in the suites of these for such at the top level: they can be read apart, too.

    Raises:
        UnicodeEncodeError: a new text cannot be written in the encoding.
        OverlapError: two edits replace the same bytes.
    """
    found = list(_cut(module, _parted(module, edits, in_suites)))
    if any(_is_joined(text) for stretch in found for text in (_line_above(stretch, module), stretch.old, stretch.new)):
        return list(_cut(module, [(place_on(module, 1, len(module.starts) - 1, in_suites), edits)]))
    return found


def _parted(
    module: Module, edits: Sequence[Edit], in_suites: Collection[type[ast.stmt]]
) -> list[tuple[Place, list[Edit]]]:
    """The places of the stretches, each with the edits inside of it."""
    found: list[tuple[Place, list[Edit]]] = []
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        place, inside = place_on(module, *_touched(edit, module), in_suites), [edit]
        while found and place.first <= found[-1][0].last:
            before, others = found.pop()
            place = place_on(module, min(before.first, place.first), max(before.last, place.last), in_suites)
            inside = others + inside
        found.append((place, inside))
    return found


def _touched(edit: Edit, module: Module) -> tuple[int, int]:
    """The first and the last line of an edit; one that takes the ending of a line touches the next one."""
    (first, column), (last, end) = module.position(edit.span.start), module.position(edit.span.end)
    # What takes whole lines, or writes such, leaves an ending in front of the next one.
    whole = edit.after.endswith("\n") or (not edit.after and column == 1)
    return first, last - (first < last and end == 1 and whole)


def _cut(module: Module, parts: Iterable[tuple[Place, Sequence[Edit]]]) -> Iterator[Stretch]:
    shift = 0
    for place, inside in parts:
        first, last = place.first, place.last
        start, end = module.starts[first - 1], module.starts[last]
        old, new = module.data[start:end], splice(module.data, inside, module.encoding, start, end)
        grown = len(new.splitlines()) - len(old.splitlines())
        lines = range(first, last + 1), range(first + shift, last + 1 + shift + grown)
        yield Stretch(place, *lines, old.decode(module.encoding), new.decode(module.encoding))
        shift += grown


def _line_above(stretch: Stretch, module: Module) -> str:
    first = stretch.old_lines.start
    return module.line(first - 1).decode(module.encoding) if first > 1 else ""


def _is_joined(text: str) -> bool:
    """Whether a text goes on in the next line."""
    return text.rstrip("\r\n").endswith("\\")
