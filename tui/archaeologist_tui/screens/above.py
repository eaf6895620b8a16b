"""What lies above the screen of a run and is about it: its questions and troubles are seen there, and answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from archaeologist_tui.screens.calm import CalmScreen
from archaeologist_tui.screens.command import CANCEL, CommandScreen
from archaeologist_tui.widgets.headline import Headline
from archaeologist_tui.widgets.notice import Notice

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture

_ANSWERS = ("allow", "refuse", "budget", "revive", "pause", "go_on", "wait", "cancel")
"""What a run may be told from here, too, by the same keys."""


def answering(*actions: str) -> list[BindingType]:
    """Return the keys by which the screen of a run is told something, for a screen above it."""
    return [
        replace(binding, action=f"answer('{binding.action}')")
        for binding in (*CommandScreen.BINDINGS, CANCEL)
        if isinstance(binding, Binding) and binding.action in actions
    ]


class AboveScreen(CalmScreen[None]):
    """A screen with the headline and the questions of the run below it.

    Args:
        picture: the run; `show` brings it up to date.
    """

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self._picture = picture
        self._answers: list[bool | None] = []

    @property
    def _run(self) -> CommandScreen | None:
        """The screen of the run, which is told what to do; None where there is none."""
        below = reversed(self.app.screen_stack)
        return next((screen for screen in below if isinstance(screen, CommandScreen)), None)

    def show(self, picture: Picture) -> None:
        """Follow the run."""
        self._picture = picture
        if not self.query(Headline):
            return  # it is not there yet, or not any more
        self.query_one(Headline).show(picture)
        notice, run = self.query_one(Notice), self._run
        notice.answerable = run is not None and run.answerable
        notice.show(picture)
        answers = [self.check_action("answer", (name,)) for name in _ANSWERS]
        if answers != self._answers:
            self._answers = answers
            self.refresh_bindings()
        self.shown(picture)

    def shown(self, picture: Picture) -> None:
        """Show the rest of it."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer keys only while they do something."""
        if action != "answer":
            return True
        return self._run is not None and self._run.check_action(str(parameters[0]), ())

    def action_answer(self, name: str) -> None:
        """Tell the run."""
        if self._run is not None:
            getattr(self._run, f"action_{name}")()
