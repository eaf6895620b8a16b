"""What a screen of a run does beside what it shows: it follows the run, and tells once what a person should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.message import Message

from archaeologist.domain.run import RunState
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.feed import RunFeed
from archaeologist_tui.messages import Alarmed, Titled
from archaeologist_tui.reading.alarms import Lasting, ended, troubled, waits
from archaeologist_tui.reading.clock import span
from archaeologist_tui.reading.marks import run_word
from archaeologist_tui.reading.meanwhile import meanwhile
from archaeologist_tui.reading.trouble import trouble_of
from archaeologist_tui.screens.command import CommandScreen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archaeologist.domain.events import RunEvent, RunLine
    from archaeologist_tui.opened import OpenedRun
    from archaeologist_tui.picture import Picture

REMEMBER_SECONDS = 5.0
SUCCESSOR_SECONDS = 3.0
ABSENT_SECONDS = 30.0
"""An absence that is worth a word."""
MEANWHILE_SECONDS = 20.0
"""How long the word stands; a key says it again."""


class FollowingScreen(CommandScreen):
    """Follows one run until it is closed; closing it stops nothing.

    Args:
        opened: the run, and what it needs.
    """

    BINDINGS: ClassVar = [
        Binding("M", "meanwhile", "Since you looked", show=False, id="run.meanwhile",
                tooltip="Say again what happened while you were away"),
    ]  # fmt: skip

    @dataclass
    class Ended(Message):
        """The run has ended while somebody looked."""

        picture: Picture

    def __init__(self, opened: OpenedRun) -> None:
        super().__init__()
        self.opened, self.controls = opened, opened.controls
        self._feed = self._feed_of(opened.run)
        self._seen = opened.controls.seen(opened.run)
        self._away: datetime | None = None
        """Since when the person was away who came back; None when it was not for long."""
        self._asked = self._title = ""
        self._lasting = Lasting()
        self._was_open = False
        self._decided: tuple[str, RunState, bool, bool] | None = None

    @property
    def picture(self) -> Picture:
        """The run as it is shown."""
        return self._feed.picture

    def advance(self, events: Sequence[RunEvent], picture: Picture) -> None:  # noqa: ARG002 - heirs show them
        """Say what a person should know of a new picture."""
        if picture.view.request is not None and not self._feed.behind:
            self._tell_meanwhile(picture)
        self._tell(picture)

    def on_mount(self) -> None:
        """Begin to follow the run."""
        self._follow()
        self.set_interval(REMEMBER_SECONDS, self._remember)
        self.set_interval(SUCCESSOR_SECONDS, self._look_for_successor)

    @work(exclusive=True, group="successor")
    async def _look_for_successor(self) -> None:
        """Follow a run that had ended and that somebody made go on elsewhere."""
        run, state = self.picture.run, self.picture.view.state
        if state.is_open or state is RunState.DONE:
            return
        try:
            lines = await self.opened.source.runs()
        except Exception:  # noqa: BLE001 - whatever keeps the server from answering, it is asked again
            return
        newer = next((line for line in lines if line.run_id == run.run_id), run)
        if newer.workflow_run != run.workflow_run:
            self.follow_anew(newer)

    def follow_anew(self, run: RunLine) -> None:
        """Follow another execution of the run."""
        self._feed = self._feed_of(run)
        self._follow()

    def _feed_of(self, run: RunLine) -> RunFeed:
        return RunFeed(self.opened.source, self.controls, run, self.advance, self.opened.pressed)

    def _remember(self) -> None:
        """Remember that somebody looks: a window that is closed says no more."""
        if self.picture.data is not None:
            self.controls.see(self.picture.run, self.picture.now)

    @work(exclusive=True, group="feed")
    async def _follow(self) -> None:
        await self._feed.follow()

    def _tell_meanwhile(self, picture: Picture) -> None:
        """Say once what happened since somebody looked last."""
        seen, self._seen = self._seen, None
        if (
            seen is not None
            and (picture.now - seen).total_seconds() >= ABSENT_SECONDS
            and meanwhile(picture.view, seen)
        ):
            self._away = seen
            self.action_meanwhile()

    def action_meanwhile(self) -> None:
        """Say what happened since a person, who was away, looked."""
        if self._away is not None:
            title = f"Since you looked, {span((self.picture.now - self._away).total_seconds())} ago"
            lines = meanwhile(self.picture.view, self._away)
            self.notify(visible("\n".join(lines)), title=title, timeout=MEANWHILE_SECONDS, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer keys only while they do something."""
        return self._away is not None if action == "meanwhile" else super().check_action(action, parameters)

    def _tell(self, picture: Picture) -> None:
        """Say once that a person is needed, once that the run ended, and how it stands."""
        paused, is_open = picture.view.paused, picture.view.state.is_open
        if paused != self._asked and (alarm := waits(picture.run, paused)):
            self.post_message(Alarmed(alarm))
        self._asked = paused
        if self._was_open and not is_open:
            self.post_message(Alarmed(ended(picture)))
            self.post_message(self.Ended(picture))
        trouble = trouble_of(picture)
        troubles = {trouble.answer: troubled([picture.run], trouble)} if trouble else {}
        for alarm in self._lasting.heard(troubles, picture.now.timestamp()):
            self.post_message(Alarmed(alarm))
        if (title := f"{run_word(picture.view)} {picture.run.name} {picture.run.run_id}") != self._title:
            self._title = title
            self.post_message(Titled(title))
        if picture.view.started is not None:
            self._was_open = is_open
        # What decides which keys do something.
        if (decides := (paused, picture.view.state, picture.view.pause_is_due, picture.health.whole)) != self._decided:
            self._decided = decides
            self.refresh_bindings()
