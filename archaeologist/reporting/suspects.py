"""The report's section on what speaks to models in the repository, and what of it is in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.documents import COMMIT
from archaeologist.reporting.judged import cell
from archaeologist_tools.engine.base import Finding, Fixer, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.documents import SuspectPlace

RULE = "speaks-to-models"
LISTED = 60
EXCERPT_CHARACTERS = 120
_WORDS = (
    "These places tell a model what to do instead of telling people something. Models get them as data, and have no "
    "tool that could do harm; find out who wrote them."
)


def suspects_section(places: Sequence[SuspectPlace]) -> str:
    """Return the section; empty when nobody tries to talk a model into something."""
    if not places:
        return ""
    head = [
        "## Speaks to models",
        "",
        _WORDS,
        "",
        "| place | kind | what it says |",
        "| --- | --- | --- |",
    ]
    rows = [
        f"| `{cell(_where(place))}` | {place.kind} | `{cell(place.excerpt, EXCERPT_CHARACTERS)}` |"
        for place in places[:LISTED]
    ]
    more = [f"\nand {len(places) - LISTED} more, in the ledger"] if len(places) > LISTED else []
    return "\n".join([*head, *rows, *more])


def suspect_findings(places: Sequence[SuspectPlace]) -> Iterator[Finding]:
    """Yield the places as findings, for the ledger."""
    for place in places:
        span = Span(0, 0, max(place.line, 1), 1)
        yield Finding(RULE, place.path, span, f"{place.kind}: {place.excerpt}", Fixer.PERSON)


def _where(place: SuspectPlace) -> str:
    if place.line:
        return f"{place.path}:{place.line}"
    return place.path if place.path.startswith(COMMIT) else f"{place.path} (its name)"
