"""What a display may tell a run, and what it can see of server and worker without asking them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from archaeologist.domain.run import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.events import RunLine


@dataclass(frozen=True)
class Health:
    """Whether there is somebody to keep a run going, as locks and files of this machine tell.

    A server elsewhere, and workers elsewhere, count as alive: nothing here can tell.
    """

    server: bool = True
    worker: bool = True
    web_ui: str = ""
    """Address of the Temporal Web UI; empty when it is not known."""
    logs: tuple[str, ...] = ()
    """Paths of the logs of worker and server, for whoever wants to know why one is gone."""

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.server and self.worker

    def stops(self, line: RunLine) -> str:
        """Return in words why a run stands still that its state calls running; empty when it goes on."""
        if line.state is not RunState.RUNNING or self.whole:
            return ""
        return f"stands still: no {'worker' if self.server else 'server'}"


class RunControls(Protocol):
    """What a person may do with runs. Everything but `health` raises ArchaeologistError when it cannot be done."""

    def health(self) -> Health:
        """Look at server and worker; takes no time and never fails."""
        ...

    def seen(self, run: RunLine) -> datetime | None:
        """Return when a person looked at a run last; None when nobody knows."""
        ...

    def see(self, run: RunLine, when: datetime) -> None:
        """Remember that a person looks at a run. Never fails."""
        ...

    async def revive(self) -> None:
        """Return once server and worker are there, started when they were gone."""
        ...

    async def pause(self, run: RunLine) -> None:
        """Ask a run to stop before its next step."""
        ...

    async def resume(self, run: RunLine) -> RunLine:
        """Make a paused or failed run go on; return the run to follow."""
        ...

    async def cancel(self, run: RunLine, *, force: bool = False) -> None:
        """Give a run up and return once it has ended; with `force` without asking its code."""
        ...

    async def decide(self, run: RunLine, deny: str | None, question: str = "") -> str:
        """Allow what a run waits for, or deny it with a reason; return what it was.

        Args:
            run: which run.
            deny: why not; None to allow it.
            question: what the answer is to, so that it answers no other that came up meanwhile; empty for the oldest.
        """
        ...

    async def raise_budget(self, run: RunLine, limits: Budget) -> None:
        """Set limits anew; a run that had reached one goes on."""
        ...

    async def tell(self, run: RunLine, agent: str, text: str) -> None:
        """Say something to an agent at work, which reads it in its next turn.

        Args:
            run: which run.
            agent: what the agent is known by in the run; a sub-agent is told by itself, not by who began it.
            text: what is said.
        """
        ...

    async def delete(self, run: RunLine) -> None:
        """Forget a run that has ended: its histories and logs. Its branch and its artefacts stay."""
        ...
