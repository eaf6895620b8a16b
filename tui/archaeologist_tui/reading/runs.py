"""Runs in a list: their order, their rows, and what is said when one is given up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.domain.controls import Health
from archaeologist.domain.run import RunState
from archaeologist_tools.safety.fencing import on_one_line, visible
from archaeologist_tui.reading.clock import short, span
from archaeologist_tui.reading.marks import MARK_OF_RUN, NOT_GOOD
from archaeologist_tui.states import marked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.budget import Spent
    from archaeologist.domain.events import RunLine
    from archaeologist.domain.view import RunView

_WIDE = 96
"""Cells in which name and branch are mostly whole; in less, a row leaves out how long the run took."""
WELL = Health()
NOTHING_MADE = "It has committed nothing"
_LEAST = 8
"""Cells of a branch's end that tell something."""


@dataclass(frozen=True)
class Outcome:
    """What is known of a run only once its histories are read.

    Attributes:
        spent: what it has cost.
        is_worse: whether it is done and its branch is not good.
        is_stuck: whether its code fails over and over; of one that has ended: failed until then.
        commits: how many it has made.
    """

    spent: Spent
    is_worse: bool = False
    is_stuck: bool = False
    commits: int = 0


def heading(width: int) -> str:
    """Return the names of the columns of a row, for so many cells."""
    if width < _WIDE:
        return f"{'state':<7}{'run':<8}  {'begun':>6}  {'cost':>8}  repository  branch"
    return f"{'state':<7}{'run':<8}  {'begun':>10}  {'took':>7}  {'cost':>8}  repository  branch"


def none_shown(lines: Sequence[RunLine], health: Health, *, were_read: bool) -> str:
    """Return why no run is shown, `{id}` for the key of that id.

    Args:
        lines: the runs there are.
        health: who keeps them going.
        were_read: whether the runs have been read; until then nobody knows whether there are any.
    """
    if not were_read:
        return "reading runs" if health.server else "the runs are read once the server is back"
    if lines:
        return "no run has such a word; {runs.unfilter} shows all"
    return "no runs yet; `archaeologist modernize PATH` starts one"


def cancel_question(line: RunLine, commits: int) -> str:
    """Return what a person is asked before a run is given up that has made so many commits."""
    stays = f"What it has committed stays on its branch {line.branch}" if commits else NOTHING_MADE
    return f"Give up run {line.run_id} of {line.repository}? {stays}."


def revival_question(line: RunLine) -> str:
    """Return what a person is asked before a run goes on that somebody gave up."""
    return f"Run {line.run_id} of {line.repository} was given up. Make it go on where it was?"


def delete_question(line: RunLine, commits: int) -> str:
    """Return what a person is asked before a run is forgotten that has made so many commits."""
    stays = f"Its branch {line.branch} stays in the repository" if commits else NOTHING_MADE
    return f"Forget run {line.run_id}? {stays}."


def removal(line: RunLine, commits: int) -> str:
    """Return how to throw away what a run has made."""
    if not commits:
        return NOTHING_MADE.lower()
    return f"`git -C {visible(line.repository)} branch -D {visible(line.branch)}` removes what it made"


def ordered(lines: Sequence[RunLine], words: str = "") -> list[RunLine]:
    """Return the runs that have all words, those that wait for a person first, then open ones, then the newest."""
    wanted = words.casefold().split()
    kept = [line for line in lines if all(word in _text(line) for word in wanted)]
    return sorted(kept, key=lambda line: (not line.paused, not line.state.is_open, -line.started.timestamp()))


def _text(line: RunLine) -> str:
    return f"{line.run_id} {line.state} {line.branch} {line.repository} {line.paused}".casefold()


def outcome_of(view: RunView) -> Outcome:
    """Return what a run has come to."""
    stuck = any(agent.stuck for agent in view.agents.values())
    return Outcome(view.spent, view.state is RunState.DONE and view.is_worse, stuck, len(view.commits))


def wrong_with(line: RunLine, outcome: Outcome | None, health: Health) -> str:
    """Return in words what is wrong with a run that does not tell it by its state; empty when nothing is."""
    if line.state.is_open and outcome is not None and outcome.is_stuck:
        return "its code fails"
    return health.stops(line) or (NOT_GOOD if outcome is not None and outcome.is_worse else "")


def row_of(line: RunLine, now: datetime, outcome: Outcome | None, width: int, health: Health = WELL) -> Content:
    """Return a run in a line of so many cells, under the names of `heading`; its outcome is None until it is read."""
    age, cost = span((now - line.started).total_seconds()), _cost(outcome.spent if outcome else None)
    wrong = wrong_with(line, outcome, health)
    if width < _WIDE:
        return _row(line, f" {line.run_id:<8}  {age:>6}  {cost:>8}  ", width, wrong=wrong)
    took = span(((line.ended or now) - line.started).total_seconds())
    return _row(line, f" {line.run_id:<8}  {f'{age} ago':>10}  {took:>7}  {cost:>8}  ", width, wrong=wrong)


@lru_cache(maxsize=4_096)
def _row(line: RunLine, columns: str, width: int, *, wrong: str) -> Content:
    """Return a row; most of them are the same when the list is made anew for the next letter of a filter."""
    name = visible(line.name)
    mark = marked("FAIL" if wrong else MARK_OF_RUN[line.state])
    row = mark + Content.styled(columns, "$foreground-muted") + Content.styled(name, "bold")
    if wrong:
        row += Content.styled(f"  {wrong}", "$text-error")
    elif line.paused:
        told = "" if width < _WIDE else "waits for you: "  # the state says so, too
        row += Content.styled(f"  {told}{on_one_line(line.paused)}", "$text-warning")
    return row + Content.styled(_end(f"  {visible(line.branch)}", width - row.cell_length), "$foreground-muted")


def _end(branch: str, room: int) -> str:
    """Return as much of a branch as there is room for: its end, by which those of one program differ."""
    if len(branch) <= room:
        return branch
    return f"  …{branch[3 - room :]}" if room >= _LEAST else ""


def _cost(spent: Spent | None) -> str:
    if spent is None:
        return "..."
    if spent.turns and spent.unpriced == spent.turns:
        return f"{short(spent.tokens)} tok"
    return f"${spent.usd:.2f}"
