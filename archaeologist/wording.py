"""Numbers, lists and versions as people say them, for commit messages, reports and answers alike. Imports nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`, `12,000 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def first_of(lines: Sequence[str], most: int) -> list[str]:
    """Return so many lines at most, and behind them how many more there are."""
    more = len(lines) - most
    return [*lines[:most], *([f"and {more} more"] if more > 0 else [])]


def lines_about(topic: str, texts: Sequence[str], most: int) -> list[str]:
    """Return so many texts at most and how many more there are, each as a line that says what it is about."""
    return [f"{topic}: {text}" for text in first_of(texts, most)]


def tallied(names: Iterable[str]) -> str:
    """Return `read, grep 2 times`: each name once, in the order in which they came first."""
    times = Counter(names)
    return ", ".join(name if number == 1 else f"{name} {number} times" for name, number in times.items())


def spoken(target: str) -> str:
    """Return `3.8` for `py38`."""
    digits = target.removeprefix("py")
    return f"{digits[0]}.{digits[1:]}"
