"""A pane whose picture takes time to make: artefacts are read in a thread, one reading at a time, and seldom enough."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from archaeologist_tools.errors import ArchaeologistError
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.outline_pane import OutlinePane

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

_ReadT = TypeVar("_ReadT")

_UNREADABLE = (ArchaeologistError, OSError, LookupError, TypeError, ValueError)
"""What is raised for artefacts that are gone or spoiled, and for results of steps as another version had them."""
_IDLE_SHARE = 9
"""So many times as long as a reading takes is nothing read: a run of which something happens all the time is fine."""


class ReadPane(OutlinePane, Generic[_ReadT]):
    """A pane of what has to be read first."""

    def __init__(
        self,
        *,
        hides: bool = True,
        follows: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(hides=hides, follows=follows, id=id)
        self.picture: Picture | None = None
        self._view: RunView | None = None
        self._wishes = 0
        self._asked = 0
        self._known = 0
        self._busy = False
        self._shown: _ReadT | None = None
        self._hurry = asyncio.Event()

    def reading(self, picture: Picture) -> Callable[[], _ReadT]:
        """Return what reads in a thread what is to be shown; what it gives again is shown already."""
        raise NotImplementedError

    def take(self, read: _ReadT) -> None:
        """Show what was read."""
        raise NotImplementedError

    def show(self, picture: Picture) -> None:
        """Read anew when something happened in the run."""
        self.picture = picture
        if picture.view is not self._view:
            self._view = picture.view
            self.read_on()

    @property
    def is_behind(self) -> bool:
        """Whether there is something that is not shown yet."""
        return self._asked != self._known

    def read_again(self) -> None:
        """Read something else: what is being read by now is not shown."""
        self._wishes += 1
        self._hurry.set()
        self.read_on()

    def read_on(self) -> None:
        """Read what there is by now."""
        if self.picture is not None:
            self._asked += 1
            if not self._busy:
                self._busy = True
                self.run_worker(self._read(), group="reading")

    async def _read(self) -> None:
        try:
            while self.is_behind and self.picture is not None:
                await self._read_once(self.picture)
        finally:
            self._busy = False

    async def _read_once(self, picture: Picture) -> None:
        wishes, asked, began = self._wishes, self._asked, time.monotonic()
        self._hurry.clear()
        try:
            read = await asyncio.to_thread(self.reading(picture))
        except _UNREADABLE as error:
            told = str(error) if isinstance(error, ArchaeologistError) else repr(error)
            self.outline.set_entries([Paragraph("unread", plain(f"this cannot be read: {told}", "$text-error"))])
            read, self._shown = None, None
        if wishes != self._wishes:
            return
        self._known = asked
        if read is not None and read is not self._shown:
            self._shown = read
            self.take(read)
        with suppress(TimeoutError):
            async with asyncio.timeout((time.monotonic() - began) * _IDLE_SHARE):
                await self._hurry.wait()
