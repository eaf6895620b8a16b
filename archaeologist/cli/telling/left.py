"""What was left alone, and why, in words: summed up by rule and reason, or place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.review.model import amount_of
from archaeologist.wording import counted
from archaeologist_tui.reading.plan import grouped
from archaeologist_tui.reading.rules import rule_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.review.model import LeftPlace
    from archaeologist_tui.reading.plan import LeftGroup


def summed_up(places: Sequence[LeftPlace], most: int) -> Iterator[str]:
    """Yield how much was left alone, and the most frequent reasons with an example each; work items told elsewhere."""
    groups = grouped(place for place in places if not place.of_item)
    if not groups:
        return
    yield f"left alone: {_amount(groups)}, for {counted(len(groups), 'reason')}"
    yield from (_group(group) for group in groups[:most])
    if rest := groups[most:]:
        yield f"left alone: {_amount(rest)} more, for {counted(len(rest), 'other reason')}"


def place_lines(places: Sequence[LeftPlace]) -> Iterator[str]:
    """Yield every place with its reason."""
    for place in places:
        rule = f"{_named(place.rule)}, " if place.rule else ""
        yield f"{_where(place)}: {rule}{place.code}: {place.reason}"


def _amount(groups: Sequence[LeftGroup]) -> str:
    return amount_of(place for group in groups for place in group.places)


def _group(group: LeftGroup) -> str:
    what = f"{len(group.places):,} of {_named(group.rule)}" if group.rule else counted(len(group.places), "whole file")
    return f"left alone: {what}: {group.reason}, for example {_where(group.places[0])}"


def _named(rule: str) -> str:
    return f"{rule} {rule_name(rule)}".strip()


def _where(place: LeftPlace) -> str:
    return f"{place.path}:{place.line}" if place.line else place.path
