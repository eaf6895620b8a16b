"""The run screen over a recorded run, with the keys of a player."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding

from archaeologist_tui.keys import LEAVE
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.widgets.player_bar import PlayerBar

if TYPE_CHECKING:
    from archaeologist.domain.playing import PlayedSource
    from archaeologist_tui.opened import OpenedRun

SLOWEST, FASTEST = 1 / 8, 256.0


class PlayedRunScreen(RunScreen):
    """Follows a run that is played.

    Args:
        opened: the run, and what it needs.
        player: plays it.
    """

    BINDINGS: ClassVar = [
        replace(LEAVE, tooltip="Leave the recording"),
        Binding("p", "halt", "Stop", id="player.halt", tooltip="Let the recording stand still"),
        Binding("p", "play", "Play", id="player.play", tooltip="Let the recording go on"),
        Binding("plus,equals_sign", "speed(2.0)", "Faster", key_display="+", id="player.faster", tooltip="Play faster"),
        Binding("minus", "speed(0.5)", "Slower", key_display="-", id="player.slower", tooltip="Play slower"),
        Binding("full_stop", "step", "Step", show=False, id="player.step", tooltip="Go to the next event and stop"),
        Binding("E", "finish", "To the end", show=False, id="player.finish", tooltip="Go to the end of the recording"),
        Binding("B", "begin", "From the start", id="player.begin", tooltip="Play the recording from its beginning"),
    ]

    answerable = False

    def __init__(self, opened: OpenedRun, player: PlayedSource) -> None:
        super().__init__(opened)
        self._player = player

    def on_mount(self) -> None:
        """Say that this is a recording."""
        self.mount(PlayerBar(self._player), after="#panes")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer keys only while they do something; the bar says when other ones do."""
        match action:
            case "halt":
                return self._player.playing
            case "play":
                return not self._player.playing and self._player.progress < 1
            case "speed" | "step" | "finish":
                return self._player.progress < 1
            case "begin":
                return self._player.progress == 1
            case "allow" | "refuse" | "budget" | "go_on" | "pause" | "wait" | "message" | "cancel" | "revive" | "web":
                return False  # what is told a recorded run changes nothing, and its server is not here
            case _:
                return super().check_action(action, parameters)

    def action_halt(self) -> None:
        """Let the recording stand still."""
        self._player.halt()
        self.refresh_bindings()

    def action_play(self) -> None:
        """Let the recording go on."""
        self._player.play()
        self.refresh_bindings()

    def action_speed(self, factor: float) -> None:
        """Play so many times as fast as now."""
        self._player.set_speed(min(max(self._player.speed * factor, SLOWEST), FASTEST))

    def action_step(self) -> None:
        """Go to the next event and stop."""
        self._player.step()

    def action_finish(self) -> None:
        """Go to the end of the recording."""
        self._player.finish()

    @work
    async def action_begin(self) -> None:
        """Play the run once more, on a screen that knows nothing of it yet."""
        self._player.begin()
        (run,) = await self._player.runs()
        self.app.switch_screen(PlayedRunScreen(replace(self.opened, run=run), self._player))
