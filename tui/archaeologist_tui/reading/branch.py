"""What a branch consists of, as lines of a list: commits, files or agents, with hunks and what was left alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.review.grouping import Grouping, grouped, levels
from archaeologist.review.model import weakest_first
from archaeologist_tools.engine.base import Evidence
from archaeologist_tui.levels import COLOURS, SYMBOLS, sum_of
from archaeologist_tui.picture import READING
from archaeologist_tui.widgets.entries import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from archaeologist.review.filtering import Filter
    from archaeologist.review.grouping import Group
    from archaeologist.review.model import LeftPlace, Review, ReviewHunk
    from archaeologist_tui.picture import Picture

FIRST = "first"
ALL = "all"
WEAKEST = "weakest"
_COUNT = 5


@dataclass(frozen=True, eq=False)  # to compare thousands of hunks takes longer than to draw a line anew
class BranchLine:
    """A line of the list.

    Attributes:
        key: the same while the run goes on.
        title: what it is called.
        hunks: what it holds, in the order in which they are shown.
        places: what was left alone there.
        depth: 0, or 1 for a part of the line above.
        folded: whether it has parts that are not shown; None when it has none.
        detail: what more is said of it where there is room.
    """

    key: str
    title: str
    hunks: tuple[ReviewHunk, ...]
    places: tuple[LeftPlace, ...]
    depth: int = 0
    folded: bool | None = None
    detail: str = ""

    @cached_property
    def level(self) -> Evidence | None:
        """The weakest evidence of its hunks; None also where it is not known."""
        return levels(self.hunks)[-1][0] if self.hunks else None

    @cached_property
    def content(self) -> Content:
        """How sure it is, how many hunks it has, and what it is called; made for those lines that are seen."""
        mark = Content.styled(SYMBOLS[self.level], COLOURS[self.level]) if self.hunks else Content("-")
        fold = "  " if self.folded is None else "▸ " if self.folded else "▾ "
        count = Content(f"{len(self.hunks):{_COUNT},} ")
        title = plain(self.title, "$foreground-muted" if self.depth or not self.hunks else "")
        return mark + count + Content("  " * self.depth + fold) + title

    @property
    def nothing_left(self) -> str:
        """That nothing was left alone there, in words."""
        return "nothing was left alone here" if self.depth else f"nothing of {self.detail or self.title} was left alone"

    @property
    def aside(self) -> Content:
        """What more is said of it, or nothing: the half of a rule's code is of no use."""
        return Content("  ") + plain(self.detail, "$foreground-muted")


@dataclass(frozen=True)
class Branch:
    """What is shown of a branch.

    Attributes:
        lines: the lines of the list, by their keys.
        summary: the sum of them.
    """

    lines: Mapping[str, BranchLine]
    summary: Content


def branch_of(picture: Picture, review: Review, kept: Filter, by: Grouping, unfolded: Container[str]) -> Branch:
    """Return what is shown of a branch; not for the event loop, as there may be thousands of hunks.

    Args:
        picture: the run.
        review: all that it committed.
        kept: what a person wants to see.
        by: what hunks are grouped by.
        unfolded: keys of lines whose parts are shown.
    """
    hunks, places = kept.keep(review.hunks), kept.keep(review.left_alone)
    lines = branch_lines(hunks, places, by, unfolded)
    for line in lines:
        line.level  # noqa: B018 - it is known when the line is drawn
    return Branch({line.key: line for line in lines}, summary(picture, review, hunks, kept.text))


def branch_lines(
    hunks: Sequence[ReviewHunk], places: Sequence[LeftPlace], by: Grouping, unfolded: Container[str]
) -> list[BranchLine]:
    """Return the lines of a branch: what to look at first, all of it, and then group by group.

    Args:
        hunks: what is shown.
        places: what was left alone.
        by: what hunks are grouped by.
        unfolded: keys of lines whose parts are shown.
    """
    lines = list(_heads(hunks, places))
    where = _BY[by]
    left: dict[str, list[LeftPlace]] = {}
    for place in places:
        left.setdefault(where(place), []).append(place)
    groups = grouped(hunks, by)
    for group in groups:
        detail = group.hunks[0].commit.rule if by is Grouping.RULE else ""
        lines += _lines(group, left.get(_name(group, by), ()), unfolded, detail)
    named = {_name(group, by) for group in groups}
    for name, its in sorted(left.items()):
        if name not in named:
            lines.append(
                BranchLine(f"left {name}", _nothing(name, by), (), tuple(its), detail=f"{len(its)} left alone")
            )
    return lines


def summary(picture: Picture, review: Review, hunks: Sequence[ReviewHunk], wanted: str) -> Content:
    """Return the sum of what is shown, and the branch's name.

    Args:
        picture: the run.
        review: all that it committed.
        hunks: those that are shown.
        wanted: what a person typed to see less than all; empty for all.
    """
    branch = plain(picture.run.branch, "$foreground-muted")
    if picture.view.request is None:
        return Content(f"{READING}  ") + branch
    if not review.hunks:
        return Content("no commit yet  " if picture.view.state.is_open else "nothing was committed  ") + branch
    more = plain(f"of {len(review.hunks):,}, filter: {wanted}", "$text-warning") + "  " if wanted else Content()
    return sum_of(hunks) + Content("  ") + more + branch


def _heads(hunks: Sequence[ReviewHunk], places: Sequence[LeftPlace]) -> Iterator[BranchLine]:
    weak = tuple(hunk for hunk in weakest_first(hunks) if hunk.level in {None, Evidence.UNVERIFIED})
    if weak:
        yield BranchLine(FIRST, "Look at these first", weak, _in_files_of(weak, places))
    yield BranchLine(ALL, "All hunks", tuple(hunks), tuple(places))
    if hunks and not weak:
        level = weakest_first(hunks)[0].level
        weakest = tuple(hunk for hunk in hunks if hunk.level is level)
        yield BranchLine(WEAKEST, f"None unverified; weakest: {level}", weakest, _in_files_of(weakest, places))


def _in_files_of(hunks: Iterable[ReviewHunk], places: Iterable[LeftPlace]) -> tuple[LeftPlace, ...]:
    paths = {hunk.path for hunk in hunks}
    return tuple(place for place in places if place.path in paths)


def _lines(group: Group, places: Sequence[LeftPlace], unfolded: Container[str], detail: str) -> Iterator[BranchLine]:
    folded = group.key not in unfolded if len(group.parts) > 1 else None
    yield BranchLine(group.key, group.title, group.hunks, tuple(places), folded=folded, detail=detail)
    if folded is False:
        for part in group.parts:
            its = _in_files_of(part.hunks, places)
            yield BranchLine(f"{group.key}\0{part.key}", part.title, part.hunks, its, depth=1)


def _name(group: Group, by: Grouping) -> str:
    """Return by what the places of a group are found."""
    commit = group.hunks[0].commit
    return {Grouping.RULE: commit.rule, Grouping.FILE: group.key, Grouping.AGENT: commit.agent or ""}[by]


_BY: Mapping[Grouping, Callable[[LeftPlace], str]] = {
    Grouping.RULE: lambda place: place.rule,
    Grouping.FILE: lambda place: place.path,
    Grouping.AGENT: lambda place: place.agent,
}


def _nothing(name: str, by: Grouping) -> str:
    if by is Grouping.RULE:
        return name or "Files that are not edited"
    return name
