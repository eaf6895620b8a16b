"""How source is laid out, line by line: which lines begin a statement, which go on inside of a text, how deep all are.

An agent gives code as it would stand in a file of its own, or as it stood where it was read, with whatever indentation
it likes. To fit it to a place, the lines of code may be moved; those inside of a text must not, unless they belong to a
docstring or moved with their code before.
"""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist_tools.errors import EditRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENDING = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"[ \t\f]*")
_FSTRING_START = getattr(tokenize, "FSTRING_START", -1)
_FSTRING_END = getattr(tokenize, "FSTRING_END", -1)
_LAYOUT = frozenset(
    {tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER}
)
_HEADER = "if 1:"


@dataclass(frozen=True)
class Text:
    """A text literal of several lines.

    Attributes:
        rows: the lines behind its first one.
        stands_alone: it is a statement, as docstrings are.
    """

    rows: range
    stands_alone: bool


@dataclass(frozen=True)
class Layout:
    """The lines of some statements, numbered from 0.

    Attributes:
        rows: the lines, without endings.
        depths: how many blocks are around each line that begins a statement.
        texts: the texts of several lines.
        heads: for each line that a statement goes on in, the line that it begins in.
    """

    rows: Sequence[str]
    depths: dict[int, int] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    heads: dict[int, int] = field(default_factory=dict)

    @property
    def indent(self) -> str:
        """The indentation of the first line."""
        return indent_of(self.rows[0])

    @property
    def unit(self) -> str | None:
        """How much deeper the first block is; None without one."""
        deeper = (row for row, depth in self.depths.items() if depth == 1)
        row = next(deeper, None)
        return None if row is None else indent_of(self.rows[row]).removeprefix(self.indent)

    @property
    def in_texts(self) -> frozenset[int]:
        """The lines that begin inside of a text."""
        return frozenset(row for text in self.texts for row in text.rows)


def split_rows(source: str) -> list[str]:
    """The lines of a text as Python tells them apart, without endings and without blank ones at either end."""
    rows = _ENDING.split(source)
    while rows and not rows[0].strip():
        rows.pop(0)
    while rows and not rows[-1].strip():
        rows.pop()
    return rows


def indent_of(row: str) -> str:
    """The blanks that a line begins with."""
    match = _BLANK.match(row)
    return match.group() if match else ""


def on_its_own(rows: Sequence[str]) -> str:
    """A text that parses as a file of its own: below a header of its own where the lines are indented."""
    text = "\n".join(rows) + "\n"
    return f"{_HEADER}\n{text}" if indent_of(rows[0]) else text


def layout_of(rows: Sequence[str]) -> Layout:
    """Look at the layout of whole statements, which may be indented.

    Raises:
        EditRefused: they cannot be told apart.
    """
    shift = 1 if indent_of(rows[0]) else 0
    found = Layout(rows)
    try:
        _fill(found, tokenize.generate_tokens(io.StringIO(on_its_own(rows), newline="").readline), shift)
    except (tokenize.TokenError, SyntaxError) as error:
        raise EditRefused(f"the source does not parse: {error.args[0]}") from error
    return found


def _fill(found: Layout, tokens: Iterator[tokenize.TokenInfo], shift: int) -> None:
    depth, head, fstrings = -shift, None, list[tuple[int, bool]]()
    for token in tokens:
        depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        if token.type == tokenize.NEWLINE:
            head = None
        if token.type in _LAYOUT:
            continue
        first, last = token.start[0] - 1 - shift, token.end[0] - 1 - shift
        begins = head is None
        if head is None and first >= 0:
            head = first
            found.depths[first] = depth
        if head is not None:
            found.heads.update((row, head) for row in range(max(head, first), last + 1))
        if token.type == _FSTRING_START:
            fstrings.append((first, begins))
        elif token.type == _FSTRING_END:
            start, alone = fstrings.pop()
            _note(found, start, last, alone=alone)
        elif token.type == tokenize.STRING:
            _note(found, first, last, alone=begins)


def _note(found: Layout, first: int, last: int, *, alone: bool) -> None:
    if last > first:
        found.texts.append(Text(range(first + 1, last + 1), alone))
