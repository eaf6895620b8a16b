"""The controls of a recorded run: it has happened, and stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from archaeologist.domain.controls import Health
from archaeologist.errors import RunError

if TYPE_CHECKING:
    from datetime import datetime

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.events import RunLine


class RecordedControls:
    """Refuses all that would change a run. Nobody is missing, as nobody is needed."""

    def health(self) -> Health:
        """Return that nobody is missing."""
        return Health()

    def seen(self, run: RunLine) -> datetime | None:  # noqa: ARG002 - it is always the first time
        """Return that nobody has looked."""
        return None

    def see(self, run: RunLine, when: datetime) -> None:
        """Do nothing."""

    async def revive(self) -> None:
        """Return at once."""

    async def pause(self, run: RunLine) -> None:
        """Refuse. Raises RunError, as all that follow."""
        _refuse(run)

    async def resume(self, run: RunLine) -> RunLine:
        """Refuse."""
        _refuse(run)

    async def cancel(self, run: RunLine, *, force: bool = False) -> None:  # noqa: ARG002 - neither way
        """Refuse."""
        _refuse(run)

    async def decide(self, run: RunLine, deny: str | None, question: str = "") -> str:  # noqa: ARG002 - it is recorded
        """Refuse."""
        _refuse(run)

    async def raise_budget(self, run: RunLine, limits: Budget) -> None:  # noqa: ARG002 - none is asked for
        """Refuse."""
        _refuse(run)

    async def tell(self, run: RunLine, agent: str, text: str) -> None:  # noqa: ARG002 - nobody listens
        """Refuse."""
        _refuse(run)

    async def delete(self, run: RunLine) -> None:
        """Refuse."""
        _refuse(run)


def _refuse(run: RunLine) -> NoReturn:
    raise RunError(
        f"a recorded run cannot be changed: {run.run_id}", hint="`archaeologist modernize` starts a run of your own"
    )
