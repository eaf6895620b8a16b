"""A screen that tells runs what to do, and says so when nobody is there to hear it or when the answer takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tui.screens.attempts import ResultT, attempted
from archaeologist_tui.screens.calm import CalmScreen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from archaeologist.domain.controls import RunControls

PATIENT_SECONDS = 1.5
"""Whoever hears nothing for longer wonders whether the key was heard."""


class TellingScreen(CalmScreen[None]):
    """Tells runs what to do.

    Attributes:
        controls: what can be done with runs.
    """

    controls: RunControls

    async def told(
        self, telling: Awaitable[ResultT], done: str | Callable[[ResultT], str], *, starts: bool = True
    ) -> ResultT | None:
        """Tell a run something, and say how it goes.

        Args:
            telling: what is done; raises ArchaeologistError when it cannot be.
            done: what is said when it is done, or what makes it of what came of it.
            starts: whether server and worker are started for it when they are gone.

        Returns:
            What came of it; None when it could not be done.
        """
        if starts and not self.controls.health().whole:
            self.notify("starting what is gone")
        patience = self.set_timer(PATIENT_SECONDS, lambda: self.notify("no answer yet; it is waited for"))
        try:
            return await attempted(self, telling, done)
        finally:
            patience.stop()
