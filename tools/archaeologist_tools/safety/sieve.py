"""Tells in little time which pieces of a text may speak to a model, so that whole repositories can be looked at.

The phrases of `phrases.toml` are slow to look for. Each of them needs words that ordinary code holds seldom near each
other, so only the surroundings of some of these words are looked at. Whatever is said in the text, a piece holds it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.safety.fencing import is_hidden
from archaeologist_tools.safety.wordview import LINE_END, LOOKALIKES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
# The apostrophe comes first, which makes the search many times as fast.
_APOSTROPHE = re.compile(b"'(?<=[A-Za-z]')(?=[A-Za-z])")
_SPACED = re.compile(rb" [a-z\d] +[a-z\d] +[a-z\d] +[a-z\d] +[a-z\d](?: +[a-z\d])*(?![a-z\d])")
# The same, where each letter is an `a`; it begins with plain characters for the same reason.
_APART = re.compile(rb" a  *a  *a  *a  *a(?!a)")
_ENDINGS = ("", "s", "ing")
_STEP = 100
_REACH = 20
"""Words; no phrase has more."""


def words_in(text: str) -> list[bytes]:
    """Return the words that `words_of` gives, in a fraction of the time; letters beyond ASCII are a `0`."""
    folded = _folded(text)
    if b"\0" in folded:
        # Controls separate words, but on lines that are not all ASCII they are left out.
        lines = (line if line.isascii() else _CONTROL.sub("", line) for line in LINE_END.split(text))
        folded = _folded("\n".join(lines)).replace(b"\0", b" ")
    if _APART.search(folded.translate(_SHAPES)):
        return _SPACED.sub(lambda letters: b" " + letters.group().replace(b" ", b""), folded).split()
    return folded.split()


def _folded(text: str) -> bytes:
    """Return small letters, each line behind a blank, and a zero for each control."""
    data = text.encode("ascii", _PLAIN).replace(b"`", b"'")
    return b" " + _APOSTROPHE.sub(b"", data).translate(_FOLDED).replace(b"\n", b"\n ")


def _plain_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


_PLAIN = "archaeologist.plain"
codecs.register_error(_PLAIN, _plain_letters)


@lru_cache(4096)
def _plain(character: str) -> str:
    """Return what a character is to `words_of`: plain letters, a `0` for any other letter, a blank between words."""
    if is_hidden(character):
        return ""
    parts = unicodedata.normalize("NFKD", character.translate(LOOKALIKES)).replace("\u2019", "'")
    return "".join(
        each if each.isascii() else "0" if each.isalnum() else " " for each in parts if not unicodedata.combining(each)
    )


def _fold(character: str) -> str:
    if character in "\r\n":
        return "\n"
    return "\0" if _CONTROL.match(character) else character.lower() if character.isalnum() else " "


_FOLDED = "".join(map(_fold, map(chr, range(0x80)))).encode().ljust(0x100)
_SHAPES = re.sub(rb"[^\s\0]", b"a", _FOLDED)


class Piece(NamedTuple):
    """A piece of a text that is worth to be looked at.

    Attributes:
        start: how many words are in front of it, without some that it shares with the piece before.
        text: its words.
        patterns: the numbers of the patterns that may match in it.
    """

    start: int
    text: str
    patterns: frozenset[int]


@dataclass(frozen=True, eq=False)
class _Need:
    pattern: int
    others: tuple[frozenset[bytes], ...]

    def is_met(self, words: frozenset[bytes]) -> bool:
        return not any(map(words.isdisjoint, self.others))


class Sieve:
    """What patterns cannot do without.

    Args:
        needs: for each pattern the lines that `phrases.toml` has, names filled in.
    """

    def __init__(self, needs: Sequence[Sequence[str]]) -> None:
        self._needs: dict[bytes, list[_Need]] = defaultdict(list)
        for pattern, lines in enumerate(needs):
            for line in lines:
                seldom, *others = (_group(part) for part in line.split(" & "))
                need = _Need(pattern, tuple(others))
                for word in seldom:
                    self._needs[word].append(need)
        self._seldom = frozenset(self._needs)

    def pieces(self, words: list[bytes]) -> Iterator[Piece]:
        """Yield, in their order, pieces of a text of which one holds all of whatever a pattern matches."""
        for start in range(0, len(words), _STEP):
            near = words[max(0, start - _REACH) : start + _STEP + _REACH]
            known = frozenset(near)
            needs = {need for word in known & self._seldom for need in self._needs[word]}
            if patterns := frozenset(need.pattern for need in needs if need.is_met(known)):
                yield Piece(start, b" ".join(near).decode("ascii"), patterns)


def _group(part: str) -> frozenset[bytes]:
    return frozenset(f"{word}{ending}".encode() for word in part.split("|") for ending in _ENDINGS)
