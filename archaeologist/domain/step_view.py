"""The steps of a run as people see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime

Key = tuple[str, str]
"""What a step is known by: the execution of its workflow, and its name."""
StepState = Literal["wait", "run", "ok", "FAIL", "skip"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as people see it."""

    agent: str
    name: str
    kind: str
    summary: str
    state: StepState
    scheduled: datetime
    started: datetime | None = None
    ended: datetime | None = None
    attempt: int = 1
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def seconds(self) -> float | None:
        """Wall time from the last attempt's start to its end."""
        if self.ended is None:
            return None
        return (self.ended - (self.started or self.scheduled)).total_seconds()
