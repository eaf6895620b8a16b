"""The gates that look at bytes and comments alone."""

from __future__ import annotations

import re
import tokenize
from collections import Counter
from typing import TYPE_CHECKING

from archaeologist_tools.engine.comments import comments_in
from archaeologist_tools.gates.failure import Gate, GateFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.gates.failure import Allowed
    from archaeologist_tools.source.module import Module

_LONGEST = 60
# What takes code out of sight of the checks of the project, and of this program.
_SILENCING = re.compile(
    r"#\s*(?:noqa|nosec|type:\s*ignore|pyright:|mypy:|pragma:|pylint:|flake8:|ruff:|fmt:|isort:|archaeologist:)",
    re.IGNORECASE,
)


def changes_elsewhere(before: bytes, after: bytes, allowed: Allowed) -> Iterator[GateFailure]:
    """What changed outside of the places that an edit names."""
    if allowed.spans is None:
        return
    position, kept = 0, _kept(before, sorted(allowed.spans))
    *others, last = kept
    for number, part in enumerate(others):
        found = after.find(part, position) if number else (0 if after.startswith(part) else -1)
        if found < 0:
            yield _changed(before, part)
            return
        position = found + len(part)
    if after != last if not others else not after.endswith(last) or len(after) - len(last) < position:
        yield _changed(before, last)


def _kept(before: bytes, spans: Sequence[tuple[int, int]]) -> list[bytes]:
    starts, ends = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(before)]
    return [before[start:end] for start, end in zip(starts, ends, strict=True)]


def _changed(before: bytes, part: bytes) -> GateFailure:
    line = before.count(b"\n", 0, before.find(part)) + 1
    return GateFailure(Gate.ELSEWHERE, f"code from line {line} on changed that the edit does not name")


def changed_comments(before: Module, after: Module, allowed: Allowed) -> Iterator[GateFailure]:
    """The comments that are there no more, but for those of code that an edit takes out, and new ones for tools."""
    if b"#" not in before.data and b"#" not in after.data:
        return
    try:
        were, now = [*comments_in(before.text)], [*comments_in(after.text)]
    except (tokenize.TokenError, SyntaxError):
        yield GateFailure(Gate.COMMENTS, "whether its comments are still there cannot be told; leave it as it is")
        return
    yield from (
        GateFailure(Gate.COMMENTS, f"a comment of line {line} is lost: {_shortened(text)}")
        for line, text in _missing(were, Counter(text for _, text in now))
        if not any(text in code for code in allowed.dropped)
    )
    yield from (
        GateFailure(Gate.COMMENTS, f"line {line} tells a tool to look away: {_shortened(text)}")
        for line, text in _missing(now, Counter(text for _, text in were))
        if _SILENCING.search(text)
    )


def _missing(were: Iterable[tuple[int, str]], are: Counter[str]) -> Iterator[tuple[int, str]]:
    rest = Counter(are)
    for line, text in were:
        rest[text] -= 1
        if rest[text] < 0:
            yield line, text


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
