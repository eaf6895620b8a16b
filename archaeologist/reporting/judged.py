"""The report's section on what agents with a model did: who judged, what it cost, what they found and gave up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.judgement import DigReport
from archaeologist.reporting.cost import price, tokens
from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.domain.steps import CloseRun
    from archaeologist_tools.engine.base import Finding

LISTED = 25


def judgement(order: CloseRun, findings: Sequence[Finding]) -> str:
    """Return the section; empty when rules alone were at work."""
    if not order.models:
        return ""
    parts = (
        "## Judgement",
        _who(order),
        _told(order),
        _findings(findings),
        _given_up(order),
        _safety(order),
    )
    return "\n\n".join(part for part in parts if part)


def _who(order: CloseRun) -> str:
    by_model: dict[str, list[str]] = {}
    for role, model in order.models.items():
        by_model.setdefault(model, []).append(role)
    who = "; ".join(f"`{cell(model)}`: {', '.join(roles)}" for model, roles in by_model.items())
    return (
        f"{who}. {tokens(order.spent)}, {price(order.spent)}. What a model edited is a commit of its own, with the "
        "trailer `Archaeologist-Model`, and passed every gate."
    )


def _told(order: CloseRun) -> str:
    """Return what the archaeologist says, as a quotation: it is a model's text on hostile code."""
    return "\n".join(f"> {prose(line, 1000)}" for line in _summary(order.told).splitlines() if line.strip())


def _summary(told: str) -> str:
    return DigReport.model_validate_json(told).summary if told else ""


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    rows = [
        f"| `{cell(finding.path)}:{finding.span.line}` | {cell(finding.rule)} | {prose(finding.message)} "
        f"| {finding.fixer} |"
        for finding in findings[:LISTED]
    ]
    more = [f"\nand {len(findings) - LISTED} more, in the ledger"] if len(findings) > LISTED else []
    return "\n".join(["| place | finding | in words | for |", "| --- | --- | --- | --- |", *rows, *more])


def _given_up(order: CloseRun) -> str:
    lines = [f"* {role}: {prose(item, 300)}" for role, work in order.judged.items() for item in work.given_up]
    lines += [
        f"* {role}: no more items of {cell(kind)} after several in a row came to nothing"
        for role, work in order.judged.items()
        for kind in work.stopped
    ]
    if not lines:
        return ""
    more = [f"* and {len(lines) - LISTED} more"] if len(lines) > LISTED else []
    return "\n".join(["Given up:", "", *lines[:LISTED], *more])


def _safety(order: CloseRun) -> str:
    redacted = sum(work.redacted for work in order.judged.values())
    suspicions = sum(work.suspicions for work in order.judged.values())
    told = []
    if redacted:
        told.append(f"{counted(redacted, 'secret')} of the repository were taken out before texts were sent.")
    if suspicions:
        told.append(
            f"{counted(suspicions, 'place')} that agents read speak to a model instead of to people; they were handed "
            "over as data."
        )
    return " ".join(told)


def cell(text: str, limit: int = 200) -> str:
    """Return text that cannot break out of a table cell: names come from the code under work."""
    return " ".join(visible(text).split()).replace("|", "\\|").replace("`", "'")[:limit]


def prose(text: str, limit: int = 200) -> str:
    """Return text for outside of code: a model's, in which no picture, link or HTML may reach whoever reads it."""
    return cell(text, limit).replace("<", "&lt;").replace("[", "\\[")
