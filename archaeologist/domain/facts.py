"""What the model is told and what it answers, task by task."""

from __future__ import annotations

from archaeologist.domain.payload import Payload
from archaeologist.domain.run import Verdict


class PlanFacts(Payload):
    """What a plan is made from."""

    files: int
    bytes: int
    scope: str
    target: str
    rules: tuple[str, ...]


class ReportFacts(Payload):
    """What the report's opening is made from."""

    files: int
    lines: int
    findings: int
    edits: int
    commits: int
    left_alone: int
    verdict: Verdict
    broken: tuple[str, ...]


class ReportText(Payload):
    """The report's opening: two sentences."""

    summary: str
