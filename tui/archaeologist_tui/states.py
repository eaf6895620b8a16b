"""How states look: a word, a symbol and a colour, so that each of them alone is enough to tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tui.reading.marks import Mark

SYMBOLS: Mapping[Mark, str] = {"ok": "✓", "run": "▸", "wait": "·", "FAIL": "✗", "skip": "-", "ask": "?"}
# Not $text-muted: content loses how transparent an automatic colour is, and shows it in full.
COLOURS: Mapping[Mark, str] = {
    "ok": "$text-success",
    "run": "$text-primary",
    "wait": "$foreground-muted",
    "FAIL": "bold $text-error",
    "skip": "$foreground-muted",
    "ask": "bold $text-warning",
}
WIDTH = max(len(mark) for mark in SYMBOLS) + 2
"""Cells of a marked state."""


def marked(mark: Mark) -> Content:
    """Return a state as symbol and word, as wide as every other."""
    return Content.styled(f"{SYMBOLS[mark]} {mark}".ljust(WIDTH), COLOURS[mark])
