"""What a person has said to a run: it changes the picture at once, and the last of it is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.domain.agents import asker_of
from archaeologist.domain.events import BudgetRaised, Decided, PauseAsked, ResumeAsked, RunReopened
from archaeologist.domain.names import Role, asked_in

if TYPE_CHECKING:
    from archaeologist.domain.view import RunView

Said = Decided | BudgetRaised | PauseAsked | ResumeAsked | RunReopened
REMEMBERED = 50
"""Words of people that a picture remembers, the last ones: somebody decides on each of very many items."""


def said(view: RunView, event: Said) -> RunView:
    """Return the picture of a run after what a person said; a word that holds on from before is no new one."""
    again = False
    match event:
        case BudgetRaised(limits=limits, again=again):
            view = replace(view, limits=view.limits.raised(limits))
        case Decided(again=again):
            event = replace(event, question=event.question or asked_in(view.paused)[0])
            asker = asker_of(view.agents, event.question)
            view = replace(view, decisions={**view.decisions, (asker, event.question): event})
        case PauseAsked() | ResumeAsked() if event.agent != Role.ORCHESTRATOR:
            return view  # it was passed on to an agent at work
        case PauseAsked():
            view = replace(view, pause_asked=True)
        case ResumeAsked():
            agents = {name: replace(agent, paused="") for name, agent in view.agents.items()}
            view = replace(view, agents=agents, pause_asked=False)
        case _:
            pass
    return view if again else replace(view, said=(*view.said, event)[-REMEMBERED:])
