"""Lines of a file as a model reads them: numbered, without secrets, and under the hash that an edit has to name.

A file is redacted as a whole before any line is taken, because what a value is shows in what stands around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.files import text_of
from archaeologist_tools.safety.secrets import holds_redaction, redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.git.snapshot import Snapshot

HASH_DIGITS = 12
"""Of a blob's id: what an edit says it is based on."""
LINE_CHARACTERS = 500
"""A longer line is data; the model is told how much of it is missing."""
MOST_LINES = 5_000

# What ends a line for Python, git and every editor; `str.splitlines` knows of more.
_LINE_END = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """One line of a file."""

    number: int
    text: str


class Room(NamedTuple):
    """How much is shown at most."""

    characters: int
    lines: int = MOST_LINES


@dataclass(frozen=True)
class Excerpt:
    """Some lines of a file.

    Attributes:
        path: the file.
        oid: the id of its content.
        first: the first line that was asked for.
        last: the last line that was asked for.
        total: how many lines the file has.
        lines: those that are shown, without secrets.
        cut: the first line that there was no more room for, 0 when there was room for all.
    """

    path: str
    oid: str
    first: int
    last: int
    total: int
    lines: tuple[Line, ...]
    cut: int

    @property
    def label(self) -> str:
        """What the excerpt is of, with the hash that an edit of it has to name."""
        last = self.lines[-1].number if self.cut else self.last
        parts = "" if len(self.lines) == last - self.first + 1 else "parts of "
        return f"{self.path}, {parts}lines {self.first}-{last} of {self.total}, based_on={based_on(self.oid)}"

    @property
    def text(self) -> str:
        """The lines behind their numbers."""
        return "\n".join(_shown(self.lines))

    @property
    def redacted(self) -> int:
        """How many of the lines lost a secret."""
        return sum(holds_redaction(line.text) for line in self.lines)

    @property
    def rest(self) -> str:
        """How to read on; empty when nothing is missing."""
        return f"[cut: read on with first_line={self.cut} and last_line={self.last}]" if self.cut else ""


def based_on(oid: str) -> str:
    """What an edit calls the content that it was made from: the first digits of the blob's id."""
    return oid[:HASH_DIGITS]


def numbered(text: str, first: int = 1, last: int | None = None) -> str:
    """The lines `first` to `last` of a text, each behind its number and a tab; of long ones the beginning."""
    lines = _LINE_END.split(text)
    return "\n".join(_shown(_lines(lines, first, last or len(lines))))


def lines_of(
    snapshot: Snapshot, path: str, first: int, last: int | None, limit: int, *, most: int = MOST_LINES
) -> Excerpt:
    """Some lines of a file.

    Args:
        snapshot: what the file is read from.
        path: the file.
        first: the first line, from 1.
        last: the last line; None for that of the file.
        limit: characters at most.
        most: lines at most.

    Raises:
        EditRefused: the path is no regular file of the repository, the file is no text or too large, or it has no such
            lines.
    """
    lines = clean_lines(snapshot, path)
    end = min(last or len(lines), len(lines))
    if not 1 <= first <= max(end, 1):
        raise EditRefused(f"{path} has lines 1 to {len(lines)}")
    return filled(snapshot, path, _lines(lines, first, end), (first, end, len(lines)), Room(limit, most))


def clean_lines(snapshot: Snapshot, path: str) -> Sequence[str]:
    """All lines of a file without its secrets; what stands on a line still stands on it.

    Raises:
        EditRefused: the path is no regular file of the repository, or the file is no text or too large.
    """
    return _clean(path, text_of(snapshot, path))


@lru_cache(maxsize=8)
def _clean(path: str, text: str) -> Sequence[str]:
    lines = _LINE_END.split(redact(text, path).text)
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def _lines(lines: Sequence[str], first: int, last: int) -> Iterator[Line]:
    yield from (Line(number, lines[number - 1]) for number in range(max(first, 1), min(last, len(lines)) + 1))


def filled(snapshot: Snapshot, path: str, lines: Iterable[Line], extent: tuple[int, int, int], room: Room) -> Excerpt:
    """As many of the lines as there is room for, one at least.

    Args:
        snapshot: what the file is read from.
        path: the file.
        lines: the lines, without secrets.
        extent: the first and the last line that is meant, and how many the file has.
        room: how much is shown.
    """
    chosen, left, cut = list[Line](), room.characters, 0
    for line in lines:
        left -= min(len(line.text), LINE_CHARACTERS) + len(str(line.number)) + 2
        if chosen and (left < 0 or len(chosen) == room.lines):
            cut = line.number
            break
        chosen.append(line)
    return Excerpt(path, snapshot.oid(path), *extent, tuple(chosen), cut)


def _shown(lines: Iterable[Line]) -> Iterator[str]:
    for number, text in lines:
        more = len(text) - LINE_CHARACTERS
        yield f"{number}\t{text}" if more <= 0 else f"{number}\t{text[:LINE_CHARACTERS]} [cut: {more} more characters]"
