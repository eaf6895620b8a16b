"""What a person has to know of a run that did not end well, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.run import RunState
from archaeologist.reporting.lines import broken_detail, edits_told, told_apart
from archaeologist.wording import counted
from archaeologist_tui.reading.marks import NOT_GOOD
from archaeologist_tui.reading.trouble import KEPT

if TYPE_CHECKING:
    from archaeologist.domain.view import RunView

_SHOWN = 3
"""Tests that are named."""
_READ = "{run.report} shows the report, {run.branch} the branch"


@dataclass(frozen=True)
class Ending:
    """How a run ended that did not end well.

    Args:
        what: in one sentence.
        details: further lines.
        answer: what to press, `{id}` for the key of that id.
        goes_on: whether it can be made to go on; not one that is done.
        failed: whether it failed, or a person gave it up.
    """

    what: str
    details: tuple[str, ...] = ()
    answer: str = _READ
    goes_on: bool = False
    failed: bool = True


def ending_of(view: RunView) -> Ending | None:
    """Return how a run ended; None of one that goes on, and of one that ended well."""
    match view.state:
        case RunState.FAILED:
            reason, hint = told_apart(view.message)
            details = (*([f"hint: {hint}"] if hint else []), _kept(view))
            return Ending(f"the run failed{f': {reason}' if reason else ''}", details, goes_on=True)
        case RunState.CANCELLED:
            return Ending("the run was given up", (_kept(view),), goes_on=True, failed=False)
        case RunState.DONE if view.is_worse:
            return Ending(f"the branch is {NOT_GOOD}: {_broken(view)}")
        case _:
            return None


def _kept(view: RunView) -> str:
    return f"{KEPT}: {edits_told(view)}, {counted(len(view.commits), 'commit')}"


def _broken(view: RunView) -> str:
    """Return how many tests fail that passed before, and the names of some."""
    ran = view.tests.get("tests-again") or view.tests.get("tests-branch") or {}
    names = list(view.result.broken if view.result else ())
    if not names:
        return broken_detail(ran)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{broken_detail({'broken': names})}: {', '.join(names[:_SHOWN])}{more}"
