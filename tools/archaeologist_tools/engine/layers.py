"""Splicing edits into a file, and following places of the file through the layers above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import Edit


class OverlapError(ValueError):
    """Two edits replace the same bytes.

    Args:
        path: the file.
        line: where the second one begins.
    """

    def __init__(self, path: str, line: int) -> None:
        super().__init__(f"two edits overlap in {path}, line {line}")


def splice(data: bytes, edits: Sequence[Edit], encoding: str) -> bytes:
    """Apply edits that do not overlap; every byte outside their spans stays.

    Raises:
        UnicodeEncodeError: a new text cannot be written in the encoding.
        OverlapError: two edits replace the same bytes.
    """
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < position:
            raise OverlapError(edit.path, edit.span.line)
        parts += [data[position : edit.span.start], edit.after.encode(encoding)]
        position = edit.span.end
    return b"".join((*parts, data[position:]))


def without_overlaps(edits: Sequence[Edit]) -> list[Edit]:
    """Choose edits that can be applied together; the next pass finds the others again."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        free = not kept or edit.span.start > kept[-1].span.end or kept[-1].span.end == edit.span.start < edit.span.end
        if free:
            kept.append(edit)
    return kept


class Drift:
    """Where a place of a file went while layers were put on it."""

    def __init__(self) -> None:
        self._layers: list[list[tuple[int, int, int]]] = []

    def add(self, edits: Sequence[Edit], encoding: str) -> None:
        """Note a layer."""
        sizes = [(edit.span.start, edit.span.end, len(edit.after.encode(encoding))) for edit in edits]
        self._layers.append(sorted(sizes))

    def follow(self, start: int, end: int) -> tuple[int, int] | None:
        """The place today; None when a layer touched it."""
        for layer in self._layers:
            shift = 0
            for edit_start, edit_end, size in layer:
                if edit_end <= start and edit_start < start:
                    shift += size - (edit_end - edit_start)
                elif edit_start >= end and edit_end > end and edit_start > start:
                    break
                else:
                    return None
            start, end = start + shift, end + shift
        return start, end
