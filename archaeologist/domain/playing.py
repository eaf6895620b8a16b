"""What a person may do with a recorded run while it is played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from archaeologist.domain.events import RunSource

if TYPE_CHECKING:
    from datetime import datetime


@runtime_checkable
class Player(Protocol):
    """What plays a recording. Nothing of it waits: whoever follows events is woken."""

    @property
    def speed(self) -> float:
        """How many seconds of the past go by in one of now."""
        ...

    @property
    def playing(self) -> bool:
        """Whether time goes by; not before anybody looks, while it is halted, and after the end."""
        ...

    @property
    def progress(self) -> float:
        """How much of the recording has been played, from 0 to 1."""
        ...

    def now(self) -> datetime:
        """Return the past time at which it is."""
        ...

    def set_speed(self, speed: float) -> None:
        """Play on so fast; more than 0."""
        ...

    def halt(self) -> None:
        """Stop where it is."""
        ...

    def play(self) -> None:
        """Go on from where it is."""
        ...

    def step(self) -> None:
        """Go on to the next moment at which something happens, and stop there."""
        ...

    def finish(self) -> None:
        """Go to the end at once."""
        ...

    def begin(self) -> None:
        """Play from the beginning; whoever follows the events has to follow them anew."""
        ...


@runtime_checkable
class PlayedSource(RunSource, Player, Protocol):
    """A run source that is a player, too: what it shows happened before."""
