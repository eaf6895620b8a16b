"""What an answer cost: as the server metered it, or estimated where it did not, or metered nonsense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.chat import Usage

if TYPE_CHECKING:
    from archaeologist.models.prices import Price

# Four letters are about one token of English or code; the usual rule of thumb.
_LETTERS_A_TOKEN = 4
# No token is shorter than a byte. Servers may add a preamble of their own, and models think without showing it.
_UNSEEN_INPUT = 50_000
_UNSEEN_OUTPUT = 200_000


@dataclass(frozen=True)
class Sizes:
    """What can be counted on this side: bytes that were sent, letters that came."""

    sent: int
    came: int


@dataclass(frozen=True)
class _Metered:
    sent: int
    cached: int
    cache_written: int
    came: int


def usage_of(metered: object, sizes: Sizes, price: Price | None) -> Usage:
    """Return the usage, with its price when that is known."""
    read = _read(metered, sizes)
    counted = read or _Metered(-(-sizes.sent // _LETTERS_A_TOKEN), 0, 0, -(-sizes.came // _LETTERS_A_TOKEN))
    usd = None
    if price is not None:
        usd = price.usd(counted.sent, counted.cached, counted.cache_written, counted.came)
    return Usage(
        input_tokens=counted.sent,
        cached_tokens=counted.cached,
        output_tokens=counted.came,
        usd=usd,
        estimated=read is None,
    )


def _read(metered: object, sizes: Sizes) -> _Metered | None:
    """Return what the server metered, or None when there is nothing, or nothing that can be true."""
    if not isinstance(metered, dict):
        return None
    sent, came = _count(metered.get("prompt_tokens")), _count(metered.get("completion_tokens"))
    if not 0 < sent <= sizes.sent + _UNSEEN_INPUT:
        return None
    if not (0 <= came <= sizes.came + _UNSEEN_OUTPUT) or (sizes.came and not came):
        return None
    details = metered.get("prompt_tokens_details")
    details = details if isinstance(details, dict) else {}
    cached = min(max(_count(details.get("cached_tokens")), 0), sent)
    written = min(max(_count(details.get("cache_write_tokens")), 0), sent - cached)
    return _Metered(sent, cached, written, came)


def _count(value: object) -> int:
    """Return a number of tokens; -1 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
