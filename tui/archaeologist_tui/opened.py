"""A run that somebody opened, with all that its screens need to read it and to tell it something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tui.feed import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunLine, RunSource


@dataclass(frozen=True)
class OpenedRun:
    """What a screen of a run is made for.

    Args:
        source: where the run is read.
        controls: what can be done with it.
        run: which run.
        editor: command line of the editor; empty for that of the environment.
        pressed: returns when a key was pressed last, by `time.monotonic`.
    """

    source: RunSource
    controls: RunControls
    run: RunLine
    editor: str = ""
    pressed: Callable[[], float] = never
