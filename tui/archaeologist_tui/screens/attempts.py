"""Does what a person asked for, and says how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.errors import ArchaeologistError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from textual.screen import Screen


async def attempted(screen: Screen[None], doing: Awaitable[object], done: str) -> bool:
    """Do something with a run.

    Args:
        screen: where it is told.
        doing: what is done; raises ArchaeologistError when it cannot be.
        done: what is said when it is done.

    Returns:
        Whether it could be done.
    """
    try:
        await doing
    except ArchaeologistError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        screen.notify(f"{error}{hint}", severity="error", markup=False)
        return False
    screen.notify(done, markup=False)
    return True
