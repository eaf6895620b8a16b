"""Tells in little time that a text speaks to no model, so that whole repositories can be looked at.

The phrases of `phrases.toml` are slow to look for. Each of them needs words that ordinary code holds seldom together,
so the words of a file are asked first, and then its parts. What gets through is read line by line by `injection`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.safety.wordview import LOOKALIKES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TABLE = bytes(ord(chr(code).lower()) if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(256))  # noqa: PLR2004 - ASCII
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_CONTROL = bytes((*range(9), *range(14, 32), 127))
_APART = re.compile(" [a-z] [a-z] [a-z] [a-z] [a-z] ")
_SPACED = re.compile("(?<= )(?:[a-z] ){4,}[a-z](?= )")
_ENDINGS = ("", "s", "es", "ing")
_PART = 2_000
_OVERLAP = 600
"""Characters; more than a phrase and what has to be near it."""


@dataclass(frozen=True)
class Words:
    """The words of a text, folded to plain letters, and what is known of them.

    Attributes:
        text: with one blank between two words, and at both ends.
        vocabulary: each word once.
    """

    text: str
    vocabulary: frozenset[str]

    def parts(self) -> Iterator[str]:
        """Yield pieces of the text that are long enough for phrases and what is near them."""
        for start in range(0, max(1, len(self.text) - _OVERLAP), _PART - _OVERLAP):
            yield self.text[start : start + _PART]


def folded(text: str) -> Words | None:
    """Return the words of a text; None when it holds what no text should."""
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda match: _plain(match.group()), text)
    data = text.replace("n't", "nt").encode("ascii", "replace")
    if len(data.translate(None, _CONTROL)) != len(data):
        return None
    words = data.translate(_TABLE).decode("ascii").split()
    joined = f" {' '.join(words)} "
    if _APART.search(joined):
        joined = _SPACED.sub(lambda match: match.group().replace(" ", ""), joined)
        words = joined.split()
    return Words(joined, frozenset(words))


def _plain(characters: str) -> str:
    """Return what of the characters is, or looks like, a plain letter."""
    decomposed = unicodedata.normalize("NFKD", characters.translate(LOOKALIKES))
    return "".join(each if each.isascii() else "" if not each.isspace() else " " for each in decomposed)


Lines = tuple[tuple[tuple[str, ...], ...], ...]
"""Lines of groups of words and texts, of which each has a blank in front, as words in `Words.text` have."""


class Group:
    """Words and texts of which one is needed.

    Args:
        members: the words and texts.
    """

    def __init__(self, members: Sequence[str]) -> None:
        self.members = tuple(f" {member}" for member in members)
        self._single = frozenset(f"{word}{ending}" for word in members if " " not in word for ending in _ENDINGS)
        self._several: dict[str, list[str]] = defaultdict(list)
        for member in members:
            first, _, rest = member.partition(" ")
            if rest:
                self._several[first].append(f" {member}")
        self._firsts = frozenset(self._several)

    def is_in(self, words: Words) -> bool:
        """Whether a text holds a member."""
        if not self._single.isdisjoint(words.vocabulary):
            return True
        if self._firsts.isdisjoint(words.vocabulary):
            return False
        firsts = self._firsts & words.vocabulary
        return any(member in words.text for first in firsts for member in self._several[first])


class Needs:
    """What a phrase cannot do without: all groups of one of the lines.

    Args:
        lines: as `phrases.toml` has them, names filled in.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = tuple(tuple(Group(part.split("|")) for part in line.split(" & ")) for line in lines)

    def may_be_met_by(self, words: Words) -> bool:
        """Whether the text meets them."""
        for line in self._lines:
            for group in line:
                if not group.is_in(words):
                    break
            else:
                return True
        return False

    def met_by(self, words: Words) -> Lines:
        """Return what of the needs the text meets, to be looked for in its parts; nothing when they are not met."""
        return tuple(
            tuple(tuple(member for member in group.members if member in words.text) for group in line)
            for line in self._lines
            if all(group.is_in(words) for group in line)
        )


def are_in(part: str, lines: Lines) -> bool:
    """Whether a piece of a text meets needs that the text met."""
    for line in lines:
        for group in line:
            if not any(map(part.__contains__, group)):
                break
        else:
            return True
    return False
