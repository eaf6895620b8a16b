"""The states of what a run consists of, each in one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.reporting.lines import is_worse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView

Mark = Literal["ok", "run", "wait", "FAIL", "skip", "ask"]

MARK_OF_RUN: Mapping[RunState, Mark] = {
    RunState.RUNNING: "run",
    RunState.PAUSED: "ask",
    RunState.DONE: "ok",
    RunState.FAILED: "FAIL",
    RunState.CANCELLED: "skip",
}

NOT_GOOD = "NOT GOOD"
"""What is said of a branch on which tests fail that passed before."""


def run_mark(view: RunView) -> Mark:
    """Return how a run stands; one that was done and left a branch that is not good has failed people."""
    return "FAIL" if view.state is RunState.DONE and view.is_worse else MARK_OF_RUN[view.state]


def run_word(view: RunView) -> str:
    """Return how a run stands in a word, in capitals."""
    return NOT_GOOD if view.state is RunState.DONE and view.is_worse else view.state.value.upper()


def step_mark(step: StepView) -> Mark:
    """Return how a step stands; what an agent with a model made worse is told to it, and it goes on."""
    return "FAIL" if step.agent == Role.ORCHESTRATOR and is_worse(step.kind, step.result) else step.state
