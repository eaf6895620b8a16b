"""A model's turn in one line, with the tools that it asked for; a call of its own line is one that went wrong.

A long run with a model has thousands of calls: all of them are lines of `runs log`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.domain.events import StepEnded
from archaeologist.domain.names import Step
from archaeologist.domain.undone import as_it_happened
from archaeologist.reporting.lines import told
from archaeologist.reporting.text import spelt
from archaeologist.wording import tallied
from archaeologist_tui.reading.groups import ITEM

if TYPE_CHECKING:
    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.view import RunView
    from archaeologist.reporting.lines import Line

_TALKING = frozenset({Step.OPEN_CONVERSATION, Step.THINK, Step.USE_TOOL})


def event_line(event: RunEvent, view: RunView) -> str | None:
    """Return the line for an event; None when it is not worth one, or when its turn has told it.

    Args:
        event: what happened.
        view: a picture that includes it.
    """
    event, view = as_it_happened(event, view)
    line = told(event, view)
    if line is None:
        return None
    if not isinstance(event, StepEnded):
        return spelt(line)
    kind = view.steps[event.workflow_run, event.step].kind
    if kind == Step.USE_TOOL and event.result.get("ok", True):
        return None
    return spelt(_of_turn(line, event) if kind in _TALKING else line)


def _of_turn(line: Line, event: StepEnded) -> Line:
    """Return a line of a conversation that says which item it is about, and which tools were asked for."""
    item = ITEM.match(event.step)
    where = f"{item.group().replace('-', ' ')}, " if item else ""
    used = tallied(call["tool"] for call in event.result.get("calls", ()))
    return replace(line, text=f"{where}{line.text}" + (f"; {used}" if used else ""))
