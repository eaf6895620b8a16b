"""Numbers and versions as people say them, for commit messages, reports and answers alike. Imports nothing."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`, `12,000 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def spoken(target: str) -> str:
    """Return `3.8` for `py38`."""
    digits = target.removeprefix("py")
    return f"{digits[0]}.{digits[1:]}"
