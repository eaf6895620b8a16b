"""Tells whether the tests got worse from one run to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.checks.plan import require_baseline

if TYPE_CHECKING:
    from archaeologist_tools.checks.plan import TestRun


@dataclass(frozen=True)
class Comparison:
    """What changed between two test runs; names are sorted.

    Args:
        broken: passed before, ran and did not pass after.
        missing: passed before, did not run after.
        fixed: was there and did not pass before, passed after.
        new: not there before.
        worse: something is broken or missing, or the run as a whole fails, hangs or shrinks where it did not before.
    """

    broken: tuple[str, ...]
    missing: tuple[str, ...]
    fixed: tuple[str, ...]
    new: tuple[str, ...]
    worse: bool

    @property
    def lost(self) -> tuple[str, ...]:
        """The tests that passed before and do not any more; none where only the run as a whole is worse."""
        return (*self.broken, *self.missing)


def compare(before: TestRun, after: TestRun) -> Comparison:
    """Compares a test run with the one of the base commit.

    Raises:
        TestsUnusable: nothing passed before, so nothing can be said.
    """
    require_baseline(before)
    gone = before.passed - after.outcomes.keys()
    broken = before.passed - after.passed - gone
    return Comparison(
        broken=tuple(sorted(broken)),
        missing=tuple(sorted(gone)),
        fixed=tuple(sorted(after.passed & before.outcomes.keys() - before.passed)),
        new=tuple(sorted(after.outcomes.keys() - before.outcomes.keys())),
        worse=bool(broken or gone) or _worse_as_a_whole(before, after),
    )


def _worse_as_a_whole(before: TestRun, after: TestRun) -> bool:
    fails = after.exit_code != 0 and before.exit_code == 0
    shrinks = before.counted is not None and (after.counted or 0) < before.counted
    return after.timed_out or fails or shrinks
