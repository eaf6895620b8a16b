"""How an entry of an outline is drawn: its mark, its lead, its lines, and the words that are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.strip import Strip

from archaeologist_tui.widgets.layout import NARROW, STEP, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.style import Style

    from archaeologist_tui.widgets.layout import Layout

_OPEN, _CLOSED = "▾ ", "▸ "


class Look(NamedTuple):
    """All that decides how an entry looks, beside the width.

    Attributes:
        shown: which one, as the layout has it; another one when its text or place changed.
        chosen: whether it is the current one.
        focused: whether the keys go to it.
        opened: whether what is inside is seen, too.
        words: what is looked for.
    """

    shown: Shown
    chosen: bool
    focused: bool
    opened: bool
    words: tuple[str, ...]


def draw(look: Look, layout: Layout, style: Style, found: Style) -> list[Strip]:
    """Return the lines of an entry.

    Args:
        look: which one, and how it stands.
        layout: where it is seen.
        style: of its text.
        found: of the words that are looked for, on top of that.
    """
    shown, entry = look.shown, look.shown.entry
    narrow = layout.width < NARROW
    mark = (_OPEN if look.opened else _CLOSED) if layout.marks and entry.inside else ""
    set_in = " " * STEP * shown.level + mark.ljust(STEP if layout.marks else 0)
    below = " " * (layout.set_in(shown) + entry.margins(narrow=narrow)[1])
    lines = _marked(entry.body(), look.words, found).divide(shown.starts[1:])
    heads: list[Content | str] = [Content(set_in) + entry.lead(narrow=narrow), *[below] * (len(lines) - 1)]
    return [_strip(head + line.rstrip(), layout.width, style) for head, line in zip(heads, lines, strict=True)]


def _strip(content: Content, width: int, style: Style) -> Strip:
    return Strip(content.render_segments(style)).adjust_cell_length(width, style.rich_style)


def _marked(content: Content, words: Iterable[str], style: Style) -> Content:
    """Return text in which the words that are looked for can be seen."""
    text = content.plain.lower()
    for word in words:
        place = text.find(word)
        while place >= 0:
            content = content.stylize(style, place, place + len(word))
            place = text.find(word, place + len(word))
    return content
