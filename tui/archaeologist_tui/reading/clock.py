"""Durations and big numbers as people read them."""

from __future__ import annotations

MINUTE = 60
HOUR = 3600
DAY = 86_400
_MILLION = 1_000_000
_THOUSAND = 1_000


def clock(seconds: float) -> str:
    """Return a duration that runs: `01:04`, `1:01:04`."""
    whole = max(0, int(seconds))
    if whole < HOUR:
        return f"{whole // MINUTE:02}:{whole % MINUTE:02}"
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02}:{whole % MINUTE:02}"


def span(seconds: float) -> str:
    """Return a duration in one unit: `4 s`, `12 min`, `3 h`, `2 d`."""
    whole = max(0, int(seconds))
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if whole >= unit:
            return f"{whole // unit} {name}"
    return f"{whole} s"


def short(number: int) -> str:
    """Return a number in at most five characters: `950`, `12.3k`, `2.1M`."""
    for unit, name in ((_MILLION, "M"), (_THOUSAND, "k")):
        if number >= unit:
            return f"{number / unit:.1f}".removesuffix(".0") + name
    return str(number)
