"""Says what is so at a moment and what no event tells: a question to a person, trouble, and how far the run is.

A question and a trouble are said once, progress at most once a minute: a log that nobody reads at once must not fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from archaeologist.cli.telling.pace import pace_line
from archaeologist.cli.telling.questions import context, question_lines
from archaeologist_tui.reading.asking import ask_of
from archaeologist_tui.reading.trouble import trouble_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.asking import Ask

EVERY = timedelta(minutes=1)
"""How often progress is told, at most."""


@dataclass
class Attention:
    """Looks at pictures of a run, and says what is new in them.

    Args:
        answerable: whether answers can be typed; not to a recorded run.
        ends: the command ends with a question, and says itself what is asked and what to type.
        paced: whether progress is told; not where a live line shows it.
    """

    answerable: bool
    ends: bool
    paced: bool
    _ask: Ask | None = None
    _trouble: str = ""
    """What helps against the trouble that was said, which tells one kind from another."""
    _seen: str = ""
    _told: datetime | None = None

    def lines(self, picture: Picture, *, quiet: bool) -> Iterator[str]:
        """Yield what has to be said at a moment.

        Args:
            picture: the run at that moment.
            quiet: whether nothing happens; a question of the past has been answered by what happens next.
        """
        yield from self._troubles(picture)
        if quiet:
            yield from self._questions(picture)
        if self.paced:
            yield from self._progress(picture)

    def _troubles(self, picture: Picture) -> Iterator[str]:
        """Say what is wrong when it is so at two looks in a row: who is being started again is no trouble."""
        trouble = trouble_of(picture)
        kind = trouble.answer if trouble else ""
        lasts, self._seen = kind == self._seen, kind
        if not lasts or kind == self._trouble:
            return
        self._trouble = kind
        if trouble is None:
            yield "the trouble is over: the run goes on"
            return
        yield f"trouble: {trouble.what}"
        yield from trouble.details
        yield f"to help: {trouble.typed or trouble.answer}"

    def _questions(self, picture: Picture) -> Iterator[str]:
        ask = ask_of(picture.view)
        if ask == self._ask:
            return
        self._ask = ask
        if ask is None:
            return
        if self.ends:
            yield from context(picture.view, ask, picture.run.run_id)
        else:
            yield from question_lines(picture.view, picture.run.run_id, answerable=self.answerable)

    def _progress(self, picture: Picture) -> Iterator[str]:
        if self._told is None:
            self._told = picture.now
        if picture.now - self._told >= EVERY and not self._trouble:
            self._told = picture.now
            if line := pace_line(picture):
                yield line
