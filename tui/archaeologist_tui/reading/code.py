"""Lines of code as a screen can show them: decoded, with tabs and hidden characters to be seen, in colour.

Nothing in a line may move the cursor or turn the direction of what follows it: what is hidden is shown as the escape
that Python has for it, and told apart from code that looks the same.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from textual.content import Content, Span
from textual.highlight import ANSIDarkHighlightTheme, ANSILightHighlightTheme, HighlightTheme, highlight

from archaeologist_tools.safety.fencing import uncovered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TAB = 4
ESCAPE = ".diff--escape"
"""The style of what is hidden, and of tabs: a component class of whoever shows the lines."""
_ARROW = "\N{RIGHTWARDS ARROW}"
_LANGUAGES = {".py": "python", ".pyi": "python", ".md": "markdown", ".rst": "rst", ".toml": "toml", ".cfg": "ini"}
LONGEST = 4_000
"""Characters of a line that are shown: to draw a megabyte on one line takes seconds, at each key."""

_QUIET = {
    "Token.Error": "$text",
    "Token.Keyword.Namespace": "$text-accent",
    "Token.Name.Constant": "$text-primary",
    "Token.Name.Function": "$text-warning",
    "Token.Name.Function.Magic": "$text-warning",
    "Token.Operator.Word": "$text-accent",
}
"""Red and underlines are left to the diff."""
_QUIET_ANSI = {
    "Token.Error": "ansi_default",
    "Token.Keyword.Namespace": "ansi_magenta",
    "Token.Name.Attribute": "ansi_default",
    "Token.Name.Constant": "ansi_default",
    "Token.Name.Function": "ansi_blue",
    "Token.Name.Function.Magic": "ansi_blue",
    "Token.Name.Variable": "ansi_default",
    "Token.Literal.String": "ansi_cyan",
    "Token.Literal.String.Doc": "ansi_cyan italic",
    "Token.Literal.String.Double": "ansi_cyan",
}
"""The same with the terminal's own colours, of which Textual misspells some; green is the diff's, too."""


def _quiet(theme: type[HighlightTheme], other: dict[str, str]) -> type[HighlightTheme]:
    styles = {token: other.get(str(token), style) for token, style in theme.STYLES.items()}
    return type(f"Quiet{theme.__name__}", (theme,), {"STYLES": styles})


_COLOURS = _quiet(HighlightTheme, _QUIET)
_DARK = _quiet(ANSIDarkHighlightTheme, _QUIET_ANSI)
_LIGHT = _quiet(ANSILightHighlightTheme, _QUIET_ANSI)


def decoded(lines: Sequence[bytes], encoding: str) -> list[str]:
    """Decode lines; a line ending of Windows is left out where all lines have it, and the rest of a very long line."""
    if lines and all(line.endswith(b"\r") for line in lines):
        lines = [line[:-1] for line in lines]
    return [_cut(line.decode(encoding, "backslashreplace")) for line in lines]


def _cut(text: str) -> str:
    more = len(text) - LONGEST
    return f"{text[:LONGEST]} ... and {more:,} more characters, which an editor shows" if more > 0 else text


def shown(text: str) -> str:
    """Return a line as `coloured` shows it, without its colours."""
    return _Shown(text).text


def coloured(texts: Sequence[str], path: str, *, ansi: bool, dark: bool, within: str = "") -> list[Content]:
    """Return lines that stand below each other in a file, with the colours of its language.

    Args:
        texts: the lines.
        path: the file.
        ansi: whether the terminal's own colours are used.
        dark: whether what is behind them is dark.
        within: the quotes of the string that the first line stands in; mostly none.
    """
    if within:
        return coloured([within, *texts], path, ansi=ansi, dark=dark)[1:]
    shown = [_Shown(text) for text in texts]
    language = _LANGUAGES.get(PurePosixPath(path).suffix, "text")
    theme = (_DARK if dark else _LIGHT) if ansi else _COLOURS
    if language == "text":
        return [line.content(()) for line in shown]
    spans = highlight("\n".join(line.plain for line in shown), language=language, theme=theme).spans
    return [line.content(its) for line, its in zip(shown, _parted(spans, shown), strict=True)]


class _Shown:
    """A line without anything hidden, and where characters of the line are in it.

    Attributes:
        plain: the line as it is coloured, tabs being blanks.
        text: the line as it is shown.
        starts: the place of each character of the line, and of its end.
    """

    def __init__(self, line: str) -> None:
        self.plain, self.text, self.escapes = line, line, list[Span]()
        if not line.isascii() or not line.isprintable():
            self._uncover(line)

    def _uncover(self, line: str) -> None:
        plain, text = list[str](), list[str]()
        place = 0
        for part, hidden in uncovered(line):
            for piece in [part] if hidden or "\t" not in part else _tabs(part):
                blank = piece == "\t"
                width = TAB - place % TAB if blank else len(piece)
                if hidden or blank:
                    self.escapes.append(Span(place, place + width, ESCAPE))
                plain.append(" " * width if blank else piece)
                text.append(_ARROW.ljust(width) if blank else piece)
                place += width
        self.plain, self.text = "".join(plain), "".join(text)

    def content(self, spans: Iterable[Span]) -> Content:
        """Return the line in colour."""
        return Content(self.text, [*spans, *self.escapes])


def _tabs(text: str) -> list[str]:
    """Part a text into tabs and what is between them."""
    first, *others = text.split("\t")
    return [piece for piece in (first, *(piece for other in others for piece in ("\t", other))) if piece]


def _parted(spans: Sequence[Span], lines: Sequence[_Shown]) -> list[list[Span]]:
    """Part the spans of a text into those of its lines."""
    found: list[list[Span]] = [[] for _ in lines]
    number = start = 0
    for span in sorted(spans, key=lambda span: span.start):
        while number < len(lines) - 1 and span.start > start + len(lines[number].plain):
            start += len(lines[number].plain) + 1
            number += 1
        line, begin = number, start
        while line < len(lines) and begin < span.end:
            end = begin + len(lines[line].plain)
            cut = Span(max(span.start, begin) - begin, min(span.end, end) - begin, span.style)
            if cut.start < cut.end:
                found[line].append(cut)
            line, begin = line + 1, end + 1
    return found
