"""All of the plan, of the survey or of what was left alone, one line each: what the other lines only sum up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from archaeologist.artefacts import ArtefactMissing
from archaeologist.cli.telling.left import place_lines
from archaeologist.cli.telling.plan import plan_lines, rule_lines
from archaeologist.cli.telling.survey import file_lines, judged_lines, survey_lines
from archaeologist.review.left_alone import left_alone
from archaeologist_tui.reading.planned import planned
from archaeologist_tui.reading.survey import read_survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.view import RunView

List = Literal["plan", "survey", "left-alone"]


def listed(what: List, view: RunView, store: ArtefactStore) -> Iterator[str]:
    """Yield all lines of a list. Raises ArtefactMissing."""
    match what:
        case "plan":
            yield from plan_lines(view)
            try:
                yield from rule_lines(planned(view, store))
            except ArtefactMissing:
                yield "what will be done: what each rule finds is not known: its artefacts are not here"
        case "survey":
            survey = read_survey(view, store)
            yield from survey_lines(survey, sys.maxsize)
            yield from judged_lines(survey.judged, sys.maxsize)
            yield from file_lines(survey)
        case "left-alone":
            places, complete = left_alone(view, store)
            yield from place_lines(places)
            if not complete:
                yield "what rules left alone in other files is not known: its artefacts are not here"
