"""The lines that edits touch, as far as the statements at the top level reach.

A file is its top-level statements, one after the other: lines that hold whole ones are read, and compiled, as if
nothing stood around them. So only these need be looked at again after edits, however long the file is.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.layers import splice
from archaeologist_tools.source.module import first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.source.module import Module

_Lines: TypeAlias = tuple[int, int]
"""The numbers of a first and a last line."""
_Blocks: TypeAlias = tuple[list[int], list[int]]
"""The numbers of all first, and of all last lines."""


@dataclass(frozen=True)
class Stretch:
    """Whole lines of a file, with all of each top-level statement that stands on them.

    Attributes:
        old_lines: their numbers before edits.
        new_lines: their numbers after them.
        old: their text before.
        new: their text after.
    """

    old_lines: range
    new_lines: range
    old: str
    new: str


def stretches(module: Module, edits: Sequence[Edit], *, in_classes: bool = False) -> list[Stretch]:
    """The stretches that edits touch, in order; the whole file where a backslash joins the lines at a border.

    Args:
        module: the file before the edits.
        edits: some edits of the file.
        in_classes: take the statements in a class for such at the top level: their lines can be read apart, too.

    Raises:
        UnicodeEncodeError: a new text cannot be written in the encoding.
        OverlapError: two edits replace the same bytes.
    """
    found = list(_cut(module, _parted(module, edits, _blocks(_statements(module.tree, in_classes=in_classes)))))
    if any(_is_joined(text) for stretch in found for text in (_line_above(stretch, module), stretch.old, stretch.new)):
        return list(_cut(module, [((1, len(module.starts) - 1), edits)]))
    return found


def _parted(module: Module, edits: Sequence[Edit], blocks: _Blocks) -> Iterator[tuple[_Lines, list[Edit]]]:
    """The lines of each stretch, with the edits inside of it."""
    around: _Lines = (0, 0)
    inside: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        touched = module.position(edit.span.start)[0], module.position(edit.span.end)[0]
        first, last = _widened(touched, blocks)
        if inside and first <= around[1]:
            around = around[0], max(around[1], last)
        else:
            if inside:
                yield around, inside
            around, inside = (first, last), []
        inside.append(edit)
    if inside:
        yield around, inside


def _statements(block: ast.Module | ast.ClassDef, *, in_classes: bool) -> Iterator[_Lines]:
    """The lines of the statements in a block, in order."""
    for node in block.body:
        first, last = first_line(node), node.end_lineno or node.lineno
        if in_classes and isinstance(node, ast.ClassDef):
            yield first, first_line(node.body[0]) - 1
            yield from _statements(node, in_classes=True)
        else:
            yield first, last


def _blocks(statements: Iterable[_Lines]) -> _Blocks:
    """The first and the last lines of statements; those that share a line are one."""
    firsts, lasts = list[int](), list[int]()
    for first, last in statements:
        if lasts and first <= lasts[-1]:
            lasts[-1] = max(last, lasts[-1])
        else:
            firsts.append(first)
            lasts.append(max(first, last))
    return firsts, lasts


def _widened(lines: _Lines, blocks: _Blocks) -> _Lines:
    """Some lines, and those of the statements that stand on one of them."""
    (first, last), (firsts, lasts) = lines, blocks
    begin, end = bisect_left(lasts, first), bisect_right(firsts, last)
    return (min(first, firsts[begin]), max(last, lasts[end - 1])) if begin < end else lines


def _cut(module: Module, parts: Iterable[tuple[_Lines, Sequence[Edit]]]) -> Iterator[Stretch]:
    shift = 0
    for (first, last), inside in parts:
        start, end = module.starts[first - 1], module.starts[last]
        old, new = module.data[start:end], splice(module.data[:end], inside, module.encoding)[start:]
        grown = len(new.splitlines()) - len(old.splitlines())
        lines = range(first, last + 1), range(first + shift, last + 1 + shift + grown)
        yield Stretch(*lines, old.decode(module.encoding), new.decode(module.encoding))
        shift += grown


def _line_above(stretch: Stretch, module: Module) -> str:
    first = stretch.old_lines.start
    return module.line(first - 1).decode(module.encoding) if first > 1 else ""


def _is_joined(text: str) -> bool:
    """Whether a text goes on in the next line."""
    return text.rstrip("\r\n").endswith("\\")
