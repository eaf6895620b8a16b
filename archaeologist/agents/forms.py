"""The forms of the four agents' final answers: light, so that a worker can read an answer without loading any tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.agents.orchestrator.opinions import REPORTER
from archaeologist.domain.facts import ReportText
from archaeologist.domain.judgement import DigReport, ItemReport, WorkPlan
from archaeologist.domain.names import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

FORMS: Mapping[str, type[BaseModel]] = {
    Role.ORCHESTRATOR: WorkPlan,
    REPORTER: ReportText,
    Role.ARCHAEOLOGIST: DigReport,
    Role.MODERNIZER: ItemReport,
    Role.DOCUMENTER: ItemReport,
}
