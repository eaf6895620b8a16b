"""Watches the runs that nobody looks at while one is open: its screen tells of that one only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.patience import answer_within
from archaeologist_tui.reading.alarms import Watch

if TYPE_CHECKING:
    from archaeologist.domain.events import RunLine, RunSource
    from archaeologist_tui.reading.alarms import Alarm

ELSEWHERE_SECONDS = 10.0
"""How often the runs are listed meanwhile; a list costs the server little, and reads no history."""


class Elsewhere:
    """Hears of other runs that one of them needs a person, or has ended.

    Args:
        source: where runs are listed.
    """

    def __init__(self, source: RunSource) -> None:
        self._source = source
        self._watch = Watch()

    def rest(self) -> None:
        """Leave the watch to the list of runs."""
        self._watch.begin_anew()

    async def heard(self, looked_at: RunLine) -> list[Alarm]:
        """Return what is new of other runs than the one that is looked at; what is found first is not new.

        Raises:
            Exception: the server does not answer.
        """
        async with answer_within(ELSEWHERE_SECONDS):
            lines = await self._source.runs()
        others = [line for line in lines if line.run_id != looked_at.run_id]
        return self._watch.happened(others)
