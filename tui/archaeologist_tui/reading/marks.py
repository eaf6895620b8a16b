"""The states of what a run consists of, each in one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from archaeologist.domain.run import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

Mark = Literal["ok", "run", "wait", "FAIL", "skip", "ask"]

MARK_OF_RUN: Mapping[RunState, Mark] = {
    RunState.RUNNING: "run",
    RunState.PAUSED: "ask",
    RunState.DONE: "ok",
    RunState.FAILED: "FAIL",
    RunState.CANCELLED: "skip",
}
