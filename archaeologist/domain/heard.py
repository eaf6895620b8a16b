"""Which events of a run are known: whoever reads a run again is told all of it again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist.domain.events import RunEvent

_PAGE = 1_024


class Heard:
    """The events that were heard, in a bit each."""

    def __init__(self) -> None:
        self._pages: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def is_new(self, event: RunEvent) -> bool:
        """Return whether an event was not heard before; from now on it was."""
        pages = self._pages[event.workflow_run]
        page, bit = event.number // _PAGE, 1 << event.number % _PAGE
        known = pages.get(page, 0)
        pages[page] = known | bit
        return not known & bit
