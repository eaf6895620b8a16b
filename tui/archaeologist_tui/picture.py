"""All that a screen shows of a run at one moment, in one frozen value, so that panes need nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.controls import Health
    from archaeologist.domain.events import DataPlane, PendingStep, RunEvent, RunLine
    from archaeologist.domain.view import RunView


READING = "reading what has happened"
"""What is said of a run as long as none of its events is read, whatever became of it."""


@dataclass(frozen=True)
class Picture:
    """A run at one moment.

    Args:
        run: which run it is.
        view: what its histories tell.
        now: the time by the run's clock.
        health: whether server and worker are there.
        pending: steps in flight, as the server knew them a moment ago.
        data: where its artefacts and git objects are; None until its first event is read.
        unread: why the run cannot be read at the moment; empty when it can.
        behind: whether there is more of the past than the view tells yet.
    """

    run: RunLine
    view: RunView
    now: datetime
    health: Health
    pending: tuple[PendingStep, ...] = ()
    data: DataPlane | None = None
    unread: str = ""
    behind: bool = False


class Pane(Protocol):
    """A widget that shows a part of the picture."""

    def show(self, picture: Picture) -> None:
        """Show it; called at most ten times a second, and only while the pane is visible."""
        ...


class EventPane(Pane, Protocol):
    """A pane that needs every event, visible or not."""

    def add(self, events: Sequence[RunEvent], picture: Picture) -> None:
        """Take events in, with the picture that includes them."""
        ...
