"""The phases of a run: whose turn each one is, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.names import Phase, Role
from archaeologist.domain.run import RunState
from archaeologist_tui.reading.marks import MARK_OF_RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist.domain.view import RunView
    from archaeologist_tui.reading.marks import Mark

AGENT_OF: Mapping[Phase, Role] = {
    Phase.DIG: Role.ARCHAEOLOGIST,
    Phase.REWRITE: Role.MODERNIZER,
    Phase.DOCUMENT: Role.DOCUMENTER,
}
_ORDER = list(Phase)


def mark_of(view: RunView, phase: Phase) -> Mark:
    """Return how a phase stands; one that a person refused was left out, though the run is beyond it."""
    current = view.busy_with
    if phase is current and view.state is not RunState.DONE:
        return MARK_OF_RUN[view.state]
    # A plan is asked for when the survey is there, though it comes before it.
    reached = max(_ORDER.index(view.phase), _ORDER.index(current))
    if _ORDER.index(phase) <= reached or view.state is RunState.DONE:
        if phase is Phase.VERIFY and view.is_worse:
            return "FAIL"
        agent = AGENT_OF.get(phase)
        return "skip" if agent is not None and agent not in view.agents else "ok"
    return "wait" if view.state.is_open else "skip"
