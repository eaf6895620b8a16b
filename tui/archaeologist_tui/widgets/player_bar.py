"""The line that says that a run is not live: how much of its recording was played, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from archaeologist.domain.playing import Player

REFRESH_SECONDS = 0.25
_BAR = 16


class PlayerBar(Widget):
    """Shows where a player is.

    Args:
        player: what plays the run.
    """

    DEFAULT_CSS = """
    PlayerBar { height: 1; padding: 0 1; background: $panel; color: $text-accent; }
    """

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._state = ""

    def on_mount(self) -> None:
        """Follow the player."""
        self.set_interval(REFRESH_SECONDS, self._follow)

    def _follow(self) -> None:
        self.refresh()
        state = state_of(self._player)
        if state != self._state:
            self._state = state
            self.screen.refresh_bindings()

    def render(self) -> Content:
        """Return the line."""
        share, width = self._player.progress, self.content_size.width
        before = Content.styled("recorded run", "bold")
        before += Content(f"  {state_of(self._player)}  at {self._player.speed:g}x  ")
        behind = f"  {share:4.0%}"
        room = max(0, min(_BAR, width - before.cell_length - len(behind)))
        filled = round(share * room)
        bar = Content.assemble(("━" * filled, "$accent"), ("─" * (room - filled), "$foreground-muted"))
        return (before + bar + Content(behind)).truncate(width, ellipsis=True)


def state_of(player: Player) -> str:
    """Return in a word what a player does, with its symbol."""
    if player.progress >= 1:
        return "■ at its end"
    return "▸ plays" if player.playing else "‖ stands still"
