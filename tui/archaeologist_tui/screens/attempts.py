"""Does what a person asked for, and says how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from archaeologist_tools.errors import ArchaeologistError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.screen import Screen


ResultT = TypeVar("ResultT")


async def attempted(
    screen: Screen[None], doing: Awaitable[ResultT], done: str | Callable[[ResultT], str]
) -> ResultT | None:
    """Do something with a run.

    Args:
        screen: where it is told.
        doing: what is done; raises ArchaeologistError when it cannot be.
        done: what is said when it is done, or what makes it of what came of it.

    Returns:
        What came of it; None when it could not be done.
    """
    try:
        result = await doing
    except ArchaeologistError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        screen.notify(f"{error}{hint}", severity="error", markup=False)
        return None
    screen.notify(done if isinstance(done, str) else done(result), markup=False)
    return result
