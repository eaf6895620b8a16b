"""What a tool is given besides its arguments, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.artefacts import ArtefactStore


@dataclass(frozen=True)
class ToolContext:
    """Where a tool call happens. A parameter of this type is filled in by the program and not shown to the model.

    Attributes:
        agent: who calls.
        key: the same for every attempt at this call and for no other call; what makes an effect outside repeatable.
        artefacts: the artefact store.
        state: the state directory.
        workspace: artefact id of what the agent works on; empty for an agent without one.
    """

    agent: str
    key: str
    artefacts: ArtefactStore
    state: Path
    workspace: str = ""


@dataclass(frozen=True)
class ToolResult:
    """What came of a tool call. A tool that returns anything else is understood as a result with that content.

    Attributes:
        content: what the model reads.
        ok: False when the call was refused or failed; counts as a strike.
        workspace: artefact id of what the agent works on from now on; None when it did not change.
        redacted: how many secrets were taken out of the content.
        suspicions: how many places of the content speak to a model instead of telling it something.
        traceback: where the tool itself is wrong, for the log and not for the model.
    """

    content: str
    ok: bool = True
    workspace: str | None = None
    redacted: int = 0
    suspicions: int = 0
    traceback: str = ""
