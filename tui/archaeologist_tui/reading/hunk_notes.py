"""What is said below a hunk: its evidence and the reasons, on lines of a row each."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist_tools.engine.base import Evidence
from archaeologist_tools.safety.fencing import on_one_line
from archaeologist_tui.levels import levelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archaeologist.review.model import ReviewHunk

NO_EDIT = "nothing is known of what made this"
MARGIN = 4
"""Cells that are left free beside a line."""
_INDENT = 4
_MOST = 600
"""Characters of a reason: what a model gives may be of any length, and the commit has all of it."""
_LEAST = 20
"""Cells that a reason has at least, however narrow the screen is."""


def told(hunk: ReviewHunk, notes: Mapping[str, str], width: int) -> Iterator[Content]:
    """Yield the lines below a hunk.

    Args:
        hunk: the hunk.
        notes: what is to be said of commits whose hunks have no edits, by commit.
        width: cells of a line.
    """
    if not hunk.edits:
        yield from _wrapped(None, hunk.commit.label, notes.get(hunk.commit.commit) or NO_EDIT, width)
    reasons = Counter((edit.evidence, edit.rule, edit.reason) for edit in hunk.edits)
    for (level, rule, reason), times in reasons.items():
        name = hunk.commit.label if rule == hunk.commit.rule else rule
        yield from _wrapped(level, name, f"{reason} ({times} times)" if times > 1 else reason, width)
    if hunk.level is Evidence.UNVERIFIED and hunk.commit.why:
        yield from _wrapped(Evidence.UNVERIFIED, hunk.commit.model or "why", hunk.commit.why, width)


@lru_cache(maxsize=2048)
def _wrapped(level: Evidence | None, name: str, reason: str, width: int) -> tuple[Content, ...]:
    head = levelled(level) + Content("  ") + Content.styled(_line(name), "bold") + Content("  ")
    whole = head + Content(_line(reason))
    first = whole.wrap(max(width, _LEAST))[0].rstrip()
    rest = Content(whole.plain[len(first.plain) :].strip())
    indent = Content(" " * _INDENT)
    return (first, *(indent + line for line in rest.wrap(max(width - _INDENT, _LEAST)) if rest))


def _line(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= _MOST else f"{line[:_MOST]}..."
