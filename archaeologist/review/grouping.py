"""Hunks by commit, by file or by agent, and the sum of them that stands on top."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archaeologist.review.model import STRENGTH
from archaeologist.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archaeologist.review.model import ReviewHunk
    from archaeologist_tools.engine.base import Evidence

UNKNOWN = "of unknown evidence"


class Grouping(StrEnum):
    """What hunks are grouped by."""

    RULE = "rule"
    FILE = "file"
    AGENT = "agent"


@dataclass(frozen=True)
class Group:
    """Hunks that belong together.

    Attributes:
        key: what tells it from its neighbours, the same while the run goes on.
        title: what it is called.
        hunks: all of it, those of its parts as well.
        parts: what it consists of; none at the lowest level.
    """

    key: str
    title: str
    hunks: tuple[ReviewHunk, ...]
    parts: tuple[Group, ...] = ()


def grouped(hunks: Iterable[ReviewHunk], by: Grouping) -> list[Group]:
    """Return hunks in groups, in the order in which the first hunk of each comes; files in the order of their paths."""
    match by:
        case Grouping.RULE:
            return _groups(hunks, _commit, _path)
        case Grouping.FILE:
            return sorted(_groups(hunks, _path, _commit), key=lambda group: group.title)
        case Grouping.AGENT:
            return _groups(hunks, _agent, _commit)


def levels(hunks: Iterable[ReviewHunk]) -> list[tuple[Evidence | None, int]]:
    """Return how many hunks have each level of evidence, the strongest first and the unknown one last."""
    counts = Counter(hunk.level for hunk in hunks)
    return [(level, counts[level]) for level in (*STRENGTH, None) if counts[level]]


def summed(hunks: Sequence[ReviewHunk]) -> str:
    """Return `31 hunks: 9 identical, 20 proved, 2 unverified`."""
    parts = ", ".join(f"{count:,} {UNKNOWN if level is None else level}" for level, count in levels(hunks))
    return f"{counted(len(hunks), 'hunk')}: {parts}" if parts else counted(0, "hunk")


_Named = tuple[str, str]
"""Key and title of a group."""


def _commit(hunk: ReviewHunk) -> _Named:
    return hunk.commit.step or hunk.commit.commit, hunk.commit.subject


def _path(hunk: ReviewHunk) -> _Named:
    return hunk.path, hunk.path


def _agent(hunk: ReviewHunk) -> _Named:
    agent, model = hunk.commit.agent or "nobody knows who", hunk.commit.model
    return f"{agent} {model}", f"{agent} with {model}" if model else f"{agent} with rules"


def _groups(hunks: Iterable[ReviewHunk], *by: Callable[[ReviewHunk], _Named]) -> list[Group]:
    if not by:
        return []
    found: dict[_Named, list[ReviewHunk]] = {}
    for hunk in hunks:
        found.setdefault(by[0](hunk), []).append(hunk)
    return [Group(key, title, tuple(held), tuple(_groups(held, *by[1:]))) for (key, title), held in found.items()]
