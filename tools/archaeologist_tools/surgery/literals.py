"""Docstrings as they are written: their quotes, escapes and indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LITERAL = re.compile(r"""(?P<prefix>[rRuU]?)(?P<mark>\"""|'''|"|')""")
_TRIPLE = 3


@dataclass(frozen=True)
class Quotes:
    """How a docstring is put into quotes.

    Attributes:
        mark: the quotes.
    """

    mark: str

    @classmethod
    def of(cls, source: str) -> Quotes | None:
        """The quotes of a literal; None for what is no single literal."""
        match = _LITERAL.match(source)
        if match is None or source.count(match["mark"]) > 2 or not source.endswith(match["mark"]):  # noqa: PLR2004 - both ends
            return None
        return cls(match["mark"])


def literal(said: str, quotes: Quotes, indent: str) -> str:
    r"""Write a docstring.

    Args:
        said: what it says, without indentation.
        quotes: those to use; a text of several lines gets three of them.
        indent: of the statement.

    Returns:
        The literal, with `\n` for line endings and without indentation in front of it.
    """
    rows = said.split("\n")
    mark = quotes.mark if len(rows) == 1 or len(quotes.mark) == _TRIPLE else quotes.mark * _TRIPLE
    prefix, text = _escaped("\n".join([rows[0], *(f"{indent}{row}" if row else row for row in rows[1:])]), mark)
    return f"{prefix}{mark}{text}\n{indent}{mark}" if len(rows) > 1 else f"{prefix}{mark}{text}{mark}"


def _escaped(text: str, mark: str) -> tuple[str, str]:
    """The prefix, and the text between the quotes: a raw one where backslashes are all there is to escape."""
    several = "\n" in text
    ends_badly = not several and text.endswith((mark[0], "\\"))
    if "\\" in text and mark not in text and not ends_badly:
        return "r", text
    # A quote at the very end would be one of those that end the literal.
    body = text if several else text.rstrip(mark[0])
    quoted = body.replace("\\", "\\\\").replace(mark, "".join(f"\\{each}" for each in mark))
    return "", quoted + f"\\{mark[0]}" * (len(text) - len(body))
