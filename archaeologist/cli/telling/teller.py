"""Tells, beside the events of a run, what is known by them: what was asked for, the plan, the survey, what was left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from archaeologist.artefacts import ArtefactStore
from archaeologist.cli.telling.left import summed_up
from archaeologist.cli.telling.plan import (
    SHOWN,
    asked_lines,
    ended_line,
    goal_line,
    left_lines,
    phase_line,
    stand_of,
)
from archaeologist.cli.telling.survey import judged_lines, survey_lines
from archaeologist.domain.events import AgentEnded, AgentStarted, StepEnded
from archaeologist.domain.names import Phase, Role, Step
from archaeologist.domain.run import RunState
from archaeologist.errors import ArchaeologistError
from archaeologist.reporting.text import all_of
from archaeologist.review.left_alone import left_alone
from archaeologist_tui.reading.plan import goals
from archaeologist_tui.reading.survey import read_survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archaeologist.domain.events import RunEvent, RunSource
    from archaeologist.domain.view import RunView

_UNREADABLE = (ArchaeologistError, OSError, LookupError, TypeError, ValueError)
"""What is raised for artefacts that are gone or spoiled, and for results of steps as another version had them."""


class Teller:
    """Tells what is known by each event, once.

    Args:
        source: where the run is read from, artefacts included.
    """

    def __init__(self, source: RunSource) -> None:
        self._source = source
        self._begun: set[Phase] = set()
        self._planned: set[str] = set()

    def before(self, view: RunView) -> list[str]:
        """Return what is to be said before an event: which phase begins with it.

        Args:
            view: a picture that includes the event.
        """
        if view.request is None or view.phase in self._begun:
            return []
        self._begun.add(view.phase)
        return [phase_line(view.phase)]

    async def after(self, event: RunEvent, view: RunView) -> list[str]:
        """Return what is known by an event.

        Args:
            event: what happened.
            view: a picture that includes it.
        """
        match event:
            case AgentStarted(agent=Role.ORCHESTRATOR, continued=False) if view.request is not None:
                return list(asked_lines(view.request))
            case StepEnded(agent=Role.ORCHESTRATOR):
                return self._plan(view)
            case StepEnded(agent=Role.ARCHAEOLOGIST) if _kind(event, view) == Step.GATHER_SURVEY:
                return await self._read("survey", self._survey, view)
            case AgentEnded(agent=Role.ARCHAEOLOGIST, state=RunState.DONE):
                return [ended_line(view, event.agent), *await self._read("survey", self._judged, view)]
            case AgentEnded(agent=Role.MODERNIZER | Role.DOCUMENTER as agent, state=RunState.DONE):
                return [ended_line(view, agent), *await self._read("left alone", self._left(agent), view)]
            case _:
                return []

    def _plan(self, view: RunView) -> list[str]:
        try:
            planned = [goal_line(goal) for goal in goals(view)]
        except _UNREADABLE:
            return []
        new = [line for line in planned if line not in self._planned]
        self._planned.update(new)
        return new

    async def _read(self, what: str, reading: Callable[[RunView], Iterator[str]], view: RunView) -> list[str]:
        """Read artefacts beside the event loop; what cannot be read is no reason to stop."""
        try:
            return await asyncio.to_thread(lambda: list(reading(view)))
        except _UNREADABLE as error:
            return [f"{what}: this cannot be read: {error}"]

    def _store(self, view: RunView) -> ArtefactStore:
        assert view.request is not None  # noqa: S101 - agents are started after it
        return ArtefactStore(self._source.data(view.request).artefacts)

    def _survey(self, view: RunView) -> Iterator[str]:
        yield from survey_lines(read_survey(view, self._store(view)), SHOWN)
        yield f"survey: {_all_of(view, 'survey')} lists all files"

    def _judged(self, view: RunView) -> Iterator[str]:
        yield from judged_lines(read_survey(view, self._store(view)).judged, SHOWN)

    def _left(self, agent: str) -> Callable[[RunView], Iterator[str]]:
        def read(view: RunView) -> Iterator[str]:
            yield from left_lines(stand_of(view, agent), SHOWN)
            places, complete = left_alone(view, self._store(view))
            told = list(summed_up([place for place in places if place.agent == agent], SHOWN))
            yield from told
            if not complete:
                yield "left alone: what rules left alone in other files is not known: its artefacts are not here"
            if told:
                yield f"left alone: {_all_of(view, 'left-alone')} lists every place"

        return read


def _kind(event: StepEnded, view: RunView) -> str:
    return view.steps[event.workflow_run, event.step].kind


def _all_of(view: RunView, what: str) -> str:
    return all_of(view.request.run.run_id if view.request else "", what)
