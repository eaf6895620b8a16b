"""What may have been meant by a name that nobody knows, and how that is asked: people and models misspell alike."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(wanted: str, known: Iterable[str], most: int = 1, *, at_least: float = 0.6) -> list[str]:
    """Return the known names that are spelled most alike, the nearest one first.

    Args:
        wanted: the name that is not known.
        known: those that are.
        most: how many at most.
        at_least: how alike they are, from 0 to 1, as difflib measures it.
    """
    return difflib.get_close_matches(wanted, list(known), most, at_least)


def did_you_mean(names: Iterable[str]) -> str:
    """Ask whether one of these was meant; return nothing when there are none."""
    near = " or ".join(names)
    return f"did you mean {near}?" if near else ""
