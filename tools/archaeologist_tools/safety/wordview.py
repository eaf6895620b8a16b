"""A text as the words that a reader takes from it, however they are written, with the line that each one stands on.

Whoever wants to be read by a model and not found by patterns breaks lines inside comments, puts in characters without
width, borrows letters from other alphabets, spaces letters out, or joins words with underscores in names.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from archaeologist_tools.safety.fencing import is_hidden

# Letters that look like Latin ones (Unicode's confusables.txt has them among many others).
LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0432\u043a\u043c\u043d\u0442\u0433\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f"
    "\u03a1\u03a4\u03a5\u03a7\u03b1\u03bf\u03bd\u03c1\u03b9\u03ba\u03c5\u0131\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405",
    "aeopcyxijsdhbkmhtrabezhikmno" "ptyxaovpikui" "abekmhopctyxijs",
)  # fmt: skip
LINE_END = re.compile(r"\r\n|\r|\n")
_APOSTROPHES = re.compile("(?<=[A-Za-z])['\u2019`](?=[A-Za-z])")
_WORD = re.compile(r"[^\W_]+")
_SPACED = re.compile(r"(?:(?<![^\W_])[^\W_] ){4,}[^\W_](?![^\W_])")


@dataclass(frozen=True)
class WordView:
    """The words of a text.

    Attributes:
        text: in small letters, with one blank between two words.
        starts: the offset in `text` at which the words of each line begin.
    """

    text: str
    starts: tuple[int, ...]

    def line(self, offset: int) -> int:
        """The number of the line, from 1, that a place in `text` was on."""
        return bisect_right(self.starts, offset)


def words_of(lines: list[str]) -> WordView:
    """Give the words of the lines of a text."""
    parts, starts, length = [], [], 0
    for line in lines:
        words = _words(line)
        starts.append(length)
        if words:
            parts.append(words)
            length += len(words) + 1
    return WordView(" ".join(parts), tuple(starts))


def _words(line: str) -> str:
    if not line.isascii():
        line = "".join(character for character in line if not is_hidden(character) or character in "\r\v\f")
        line = unicodedata.normalize("NFKD", line.translate(LOOKALIKES))
        line = "".join(character for character in line if not unicodedata.combining(character))
    words = " ".join(_WORD.findall(_APOSTROPHES.sub("", line))).lower()
    return _SPACED.sub(lambda match: match.group().replace(" ", ""), words)
