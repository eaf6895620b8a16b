"""What of a run was undone: it happened, it is told, and it counts no more.

A run that had ended and goes on does so from a point before its end, in another execution. What the first one did after
that point, its end included, is no part of the picture of the run, and has one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.events import RunEvent

if TYPE_CHECKING:
    from archaeologist.domain.view import RunView


@dataclass(frozen=True, slots=True)
class Undone(RunEvent):
    """What happened in an execution that had ended when the run went on from an earlier point: it counts no more.

    Attributes:
        event: what happened.
        closed: the execution of the run that had ended.
        by: the one that went on from before the event.
    """

    event: RunEvent
    closed: str
    by: str


def as_it_happened(event: RunEvent, view: RunView) -> tuple[RunEvent, RunView]:
    """Return an event and the picture that it is part of, given a picture of the run that includes it."""
    return (event.event, view.undone[event.closed]) if isinstance(event, Undone) else (event, view)
