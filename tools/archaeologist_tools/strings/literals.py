"""The source of a string literal in its pieces: adjacent strings, what stands between them, the parentheses around.

Templates are many and small, so they are read with patterns. What these do not take (comments between the pieces,
quotes inside of quotes), LibCST reads, see `concatenation`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

_PIECE = re.compile(
    r"(?P<prefix>[rRuUfFbB]{0,2})(?P<quote>\'\'\'|\"\"\"|\'|\")(?P<body>(?:[^\\'\"]|\\.|(?!(?P=quote))['\"])*)(?P=quote)",
    re.DOTALL,
)
_AROUND = "( \t\f\r\n"
_GAP = re.compile(r"(?:[ \t\f]|\\?(?:\r\n?|\n))*")
_CLOSING = re.compile(r"[) \t\f\r\n]*")
_NEWLINE = re.compile(r"[\r\n]")
_EMPTY = re.compile(r"[rRuU]?(?:''|\"\"|'{6}|\"{6})")
# A field with no braces and no backslashes in its strings, and no braces inside of those inside of it.
_CODE = r"[^{}'\"\\]|'[^'{}\\]*'|\"[^\"{}\\]*\""
_FIELD = rf"\{{(?:{_CODE}|\{{(?:{_CODE})*\}})*\}}"
_BRACES = r"\{\{|\}\}"
_PARTS, _RAW_PARTS = (
    re.compile(rf"(?P<text>(?:{text}|{_BRACES})+)|(?P<field>{_FIELD})", re.DOTALL)
    for text in (rf"[^{{}}\\]|\\(?:[^N{{}}]|(?={_BRACES}))", r"[^{}]")
)


class Piece(NamedTuple):
    """One string.

    Attributes:
        prefix: the letters in front of the quotes.
        quote: the quotes.
        body: what stands between them, as it is written.
    """

    prefix: str
    quote: str
    body: str


Parted: TypeAlias = tuple[Piece, list[tuple[str, bool]]]
"""A string, with its stretches of text and its fields, each with whether it is a field."""


@dataclass(frozen=True)
class Literal:
    """Adjacent strings.

    Attributes:
        opening: the parentheses, and the blanks, in front of them.
        pieces: the strings.
        gaps: the blanks between them, one less than there are strings.
        closing: the blanks, and the parentheses, behind them.
    """

    opening: str
    pieces: tuple[Piece, ...]
    gaps: tuple[str, ...]
    closing: str

    def written(self, texts: list[str]) -> str:
        """The literal with other strings, without those that are empty where one is not, on one line if it can be.

        Args:
            texts: the source of each string.
        """
        kept = [texts[-1]]
        for text, gap in zip(texts[-2::-1], self.gaps[::-1], strict=True):
            if _is_empty(kept):
                kept = [text]
            elif not _is_empty([text]):
                kept = [text, gap, *kept]
        code = "".join((self.opening, *kept, self.closing))
        # Parentheses that held the template against the operator have nothing to hold any more.
        return kept[0] if len(kept) == 1 and not _NEWLINE.search(code) else code

    @property
    def parted(self) -> list[Parted] | None:
        """The strings with their parts; None where it is unsure what is a field."""
        found = [(piece, parts) for piece in self.pieces if (parts := _parts_of(piece)) is not None]
        return found if len(found) == len(self.pieces) else None


def read(source: str) -> Literal | None:
    """Take a literal apart; None where patterns cannot.

    Args:
        source: one string or several adjacent ones, possibly parenthesized.
    """
    opening = source[: len(source) - len(source.lstrip(_AROUND))]
    place, pieces, gaps = len(opening), [], []
    while piece := _PIECE.match(source, place):
        pieces.append(Piece(*piece.group("prefix", "quote", "body")))
        gap = _GAP.match(source, piece.end())
        gaps.append(gap.group() if gap else "")
        place = piece.end() + len(gaps[-1])
    *between, last = gaps or [""]
    closing = last + source[place:]
    return Literal(opening, tuple(pieces), tuple(between), closing) if pieces and _CLOSING.fullmatch(closing) else None


def _parts_of(piece: Piece) -> list[tuple[str, bool]] | None:
    if "f" not in piece.prefix.lower():
        return [(piece.body, False)]
    found, place = [], 0
    pattern = _RAW_PARTS if "r" in piece.prefix.lower() else _PARTS
    while part := pattern.match(piece.body, place):
        found.append((part.group(), part["field"] is not None))
        place = part.end()
    return found if place == len(piece.body) else None


def _is_empty(texts: list[str]) -> bool:
    return len(texts) == 1 and _EMPTY.fullmatch(texts[0]) is not None
