"""Templates of `%` formatting: their specifiers, and what means the same in an f-string.

https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.strings.fstrings import Placeholder, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator

# %%, or flags, width, precision, length modifier and conversion of printf-style formatting.
_SPECIFIER = re.compile(
    r"%(?:(?P<percent>%)|(?P<key>\([^()]*\))?(?P<flags>[-+ #0]*)(?P<width>\*|\d*)"
    r"(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>.))",
    re.DOTALL,
)
TEXT, WHOLE, FLOATING = "sra", "diu", "eEfFgG"
_BASED = "xXo"
_NUMBERS = frozenset(WHOLE + FLOATING + _BASED)
_CONVERSIONS = frozenset(TEXT + WHOLE + FLOATING + _BASED + "c")


class Specifier(NamedTuple):
    """One `%...` of a template.

    Attributes:
        start: where it starts in the text.
        end: where it ends.
        conversion: its last letter; `%` when it stands for a percent sign.
        key: what a mapping is asked for, or None.
        flags: the flag characters.
        width: digits, `*`, or nothing.
        precision: digits, `*`, or None.
    """

    start: int
    end: int
    conversion: str
    key: str | None = None
    flags: str = ""
    width: str = ""
    precision: str | None = None

    @property
    def is_star(self) -> bool:
        """Whether width or precision is a value, too."""
        return "*" in {self.width, self.precision}

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the conversion is given."""
        return not self.flags.replace("0", "") and not self.width and self.precision is None

    def of_text(self) -> str:
        """What stands behind a text in an f-string to give what `%s` does; flags other than `-` have no effect."""
        align = "" if "-" in self.flags or not self.width else ">"
        precision = "" if self.precision is None else f".{self.precision or 0}"
        return f"{align}{self.width}{precision}"

    def of_number(self) -> str:
        """What stands behind a number in an f-string.

        Raises:
            TemplateError: a precision of whole numbers has no counterpart.
        """
        floating = self.conversion in FLOATING
        if self.precision is not None and not floating:
            raise TemplateError("conversion")
        sign = "+" if "+" in self.flags else " " if " " in self.flags else ""
        other = "#" if "#" in self.flags and (floating or self.conversion in _BASED) else ""
        left = "<" if "-" in self.flags and self.width else ""
        zero = "0" if "0" in self.flags and self.width and not left else ""
        precision = "" if self.precision is None else f".{self.precision or 0}"
        kind = "d" if self.conversion in WHOLE else self.conversion
        return f"{left}{sign}{other}{zero}{self.width}{precision}{kind}"

    @property
    def is_number(self) -> bool:
        """Whether it formats a number."""
        return self.conversion in _NUMBERS

    @property
    def takes_float(self) -> bool:
        """Whether it formats a number with a point."""
        return self.conversion in FLOATING


def specifiers(text: str) -> Iterator[Specifier]:
    """Give the specifiers of a template in order.

    Raises:
        TemplateError: a percent sign starts no specifier.
    """
    position = 0
    while (position := text.find("%", position)) >= 0:
        match = _SPECIFIER.match(text, position)
        if match is None:
            raise TemplateError("conversion")
        position = match.end()
        yield _specifier(match)


def _specifier(match: re.Match[str]) -> Specifier:
    if match["percent"]:
        return Specifier(*match.span(), conversion="%")
    key = match["key"] and match["key"][1:-1]
    if match["type"] not in _CONVERSIONS:
        raise TemplateError("conversion")
    return Specifier(
        *match.span(),
        conversion=match["type"],
        key=key,
        flags=match["flags"],
        width=match["width"],
        precision=match["precision"],
    )


def placeholders(text: str) -> list[Placeholder]:
    """The placeholders of one piece of a template, given as its source.

    Raises:
        TemplateError: a percent sign starts no specifier.
    """
    return [Placeholder(found.start, found.end, "%" if found.conversion == "%" else None) for found in specifiers(text)]
