"""What a person has to know of a run now: its question, that something is not well, or how it ended that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.names import spoken_question
from archaeologist_tui.keys import with_keys
from archaeologist_tui.reading.asking import ANSWERS, Ask, AskKind, ask_of
from archaeologist_tui.reading.context import known
from archaeologist_tui.reading.ending import Ending, ending_of
from archaeologist_tui.reading.trouble import Trouble, stalled, trouble_of
from archaeologist_tui.widgets.banner import Banner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

_RECORDED = "answered when this was recorded"
_GOES_ON = "{run.go-on} goes on with it"
_PLAYS = "{player.halt} stops and plays on"
LOW = 24
"""Lines of a screen below which there is no room for where to read more: help names the tabs, too."""
_ITEM_IS_UNDER = "the diff that would be committed is under {run.diff} Diff, the conversation under {run.chat} Chat"

_PLAN_IS_UNDER = "what would be done is under {run.plan} Plan"


class Notice(Banner):
    """A question to a person, or what is wrong.

    Args:
        answerable: whether keys answer; not those of a recorded run.
        brief: leave out what the screen of the run is needed for.
        elsewhere: how to get to where questions are answered; empty where they are answered here.
    """

    def __init__(self, *, answerable: bool = True, brief: bool = False, elsewhere: str = "") -> None:
        super().__init__()
        self.answerable = answerable
        self._brief = brief
        self._elsewhere = elsewhere
        self._said: tuple[object, ...] = ()

    def show(self, picture: Picture) -> None:
        """Show what there is to say, or nothing."""
        trouble, ask = trouble_of(picture) or stalled(picture), ask_of(picture.view)
        answer = with_keys(self.app, self._answer(trouble, ask))
        ending = ending_of(picture.view)
        low = self.screen.size.height < LOW
        said = (trouble, ask, ending, answer, low, *(_counts(picture.view) if ask else ()))
        if said == self._said:
            return
        self._said = said
        if trouble is not None:
            self.warn(trouble.what, self._details(trouble), answer)
        elif ask is not None:
            self.ask(_question(ask), self._known(ask, picture.view), answer)
        elif ending is None:
            self.clear()
        elif ending.failed:
            self.warn(ending.what, *self._after(ending))
        else:
            self.note(ending.what, *self._after(ending))

    def _after(self, ending: Ending) -> tuple[Sequence[str], str]:
        """Return what else is known of an ending, and what can be done; above the run's screen its title is enough."""
        if self._brief:
            return (), ""
        goes_on = f"{_GOES_ON}; " if ending.goes_on and self.answerable else ""
        return ending.details, with_keys(self.app, f"{goes_on}{ending.answer}")

    def _details(self, trouble: Trouble) -> Sequence[str]:
        """Return as much of what is wrong as there is room for."""
        if self._brief:
            return ()
        return trouble.details[:1] if self.screen.size.height < LOW else trouble.details

    def _answer(self, trouble: Trouble | None, ask: Ask | None) -> str:
        if trouble is not None:
            return trouble.answer
        if ask is None:
            return ""
        if not self.answerable:
            return _RECORDED if self._brief else f"{_RECORDED}; {_PLAYS}"
        return self._elsewhere if ask.wants_answer and self._elsewhere else ANSWERS[ask.kind]

    def _known(self, ask: Ask, view: RunView) -> list[str]:
        """Return what to know for an answer, and where there is more of it."""
        facts = [fact for fact in (f"hint: {ask.hint}" if ask.hint else "", known(view, ask)) if fact]
        if self._brief or ask.kind is not AskKind.APPROVAL or not ask.step or self.screen.size.height < LOW:
            return facts
        is_item = ask.step.startswith("item-")
        return [*facts, with_keys(self.app, _ITEM_IS_UNDER if is_item else _PLAN_IS_UNDER)]


def _counts(view: RunView) -> Iterator[object]:
    """Yield what tells, in no time, whether anything else can be known of what is asked."""
    yield from (view.request is None, view.findings, view.files, view.edits)
    yield from (len(view.commits), len(view.drafts), len(view.tests))


def _question(ask: Ask) -> str:
    match ask.kind:
        case AskKind.APPROVAL:
            return f"{spoken_question(ask.step)} waits for you: {ask.what}".lstrip()
        case AskKind.FAULT:
            return f"stopped: {ask.what}"
        case _:
            return ask.what
