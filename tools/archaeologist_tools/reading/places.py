"""Places in the code, and the names of the functions and classes that they are in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.excerpts import clean_lines
from archaeologist_tools.source.module import ONLY_WORDS, line_starts
from archaeologist_tools.surgery.definitions import definitions

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.git.snapshot import Snapshot
    from archaeologist_tools.source.module import Module

LINE_CHARACTERS = 140
"""Of a line that is shown to say what stands there."""


class Place(NamedTuple):
    """A line of a file.

    Attributes:
        path: the file.
        line: its number.
        kind: what is there, in one or two words.
        inside: the function or class around it; empty for the module.
        text: the line, without its indent.
    """

    path: str
    line: int
    kind: str
    inside: str
    text: str

    def __str__(self) -> str:
        """Show it in one line."""
        inside = f" in {self.inside}" if self.inside else ""
        return f"{self.path}:{self.line} {self.kind}{inside}: {self.text}"


class Surroundings:
    """The functions and classes of one module, by what is inside of them.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        self._names: dict[ast.AST, str] = {node: name for name, node in definitions(module.index)}

    def of(self, node: ast.AST) -> str:
        """The name of the innermost function or class around a node; empty for the module."""
        around = (self._names[each] for each in self._module.index.ancestors(node) if each in self._names)
        return next(around, "")

    def name(self, node: ast.AST) -> str:
        """The name of a definition itself."""
        return self._names[node]

    def place(self, node: ast.expr | ast.stmt | ast.arg | ast.alias | ast.keyword, kind: str) -> Place:
        """The place of a node."""
        module = self._module
        text = module.line(node.lineno).decode(module.encoding, "backslashreplace")
        return Place(module.path, node.lineno, kind, self.of(node), brief(text))


def places_of_word(path: str, data: bytes, word: str, kind: str) -> Iterator[Place]:
    """The lines of a file, whatever it holds, in which a word stands."""
    sought = word.encode()
    starts = line_starts(data)
    for number, (start, end) in enumerate(pairwise(starts), 1):
        if data.find(sought, start, end) >= 0:
            line = data[start:end]
            if sought in line.translate(ONLY_WORDS).split():
                yield Place(path, number, kind, "", brief(line.decode("utf-8", "backslashreplace")))


def without_secrets(snapshot: Snapshot, places: Iterable[Place]) -> Iterator[Place]:
    """Yield places with their lines as a model may read them; what a secret is shows in the whole file only."""
    for place in places:
        try:
            lines = clean_lines(snapshot, place.path)
        except EditRefused:
            yield place._replace(text="(a line of a file that is no text)")
        else:
            yield place._replace(text=brief(lines[place.line - 1])) if place.line <= len(lines) else place


def brief(text: str) -> str:
    """A line without its indent, and not without end."""
    text = text.strip()
    return text if len(text) <= LINE_CHARACTERS else f"{text[:LINE_CHARACTERS]}..."
