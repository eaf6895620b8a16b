"""How evidence looks: a word, a symbol and a colour, so that each of them alone is enough to tell levels apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.review.grouping import levels
from archaeologist.wording import counted
from archaeologist_tools.engine.base import Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.review.model import ReviewHunk

UNKNOWN = "unknown"
SYMBOLS: Mapping[Evidence | None, str] = {
    Evidence.IDENTICAL: "=",
    Evidence.PROVED: "✓",
    Evidence.TESTED: "+",
    Evidence.COVERED: "~",
    Evidence.UNVERIFIED: "!",
    None: "?",
}
COLOURS: Mapping[Evidence | None, str] = {
    Evidence.IDENTICAL: "$text-success",
    Evidence.PROVED: "$text-success",
    Evidence.TESTED: "$text-primary",
    Evidence.COVERED: "$text-primary",
    Evidence.UNVERIFIED: "bold $text-warning",
    None: "bold $text-warning",
}


def levelled(level: Evidence | None) -> Content:
    """Return a level as symbol and word."""
    return Content.styled(f"{SYMBOLS[level]} {level or UNKNOWN}", COLOURS[level])


def sum_of(hunks: Sequence[ReviewHunk]) -> Content:
    """Return `31 hunks: ! 2 unverified  ✓ 20 proved  = 9 identical`: what matters most comes first."""
    parts = [
        Content.styled(f"{SYMBOLS[level]} {count:,} {level or UNKNOWN}", COLOURS[level])
        for level, count in reversed(levels(hunks))
    ]
    head = Content(counted(len(hunks), "hunk"))
    return head + Content(": ") + Content("  ").join(parts) if parts else head
