"""What agents with a model are told: self-contained, from the survey and the code as it is by now.

No longer than it has to be, because every word is paid again in each turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.observing import observed, observed_excerpt
from archaeologist.agents.steps.repository import git_of
from archaeologist.documents import Survey, WorkItems, Workspace, keep, load, load_shared
from archaeologist.domain.items import BeginItem, BriefAgent, Briefed
from archaeologist.domain.names import Role, Step
from archaeologist.wording import counted, spoken
from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.reading.passages import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.agents.tooling.context import ToolResult
    from archaeologist.documents import HotSpot, SurveyedFile, WorkItem
    from archaeologist_tools.engine.base import Finding

FILES_LISTED = 40
RULES_LISTED = 15
FINDINGS_LISTED = 30
CODE_CHARACTERS = 16_000
"""Of the code that a brief of an item brings; what is longer is read with a tool."""


@does(Step.BRIEF_AGENT)
def brief_agent(bench: Bench, order: BriefAgent) -> Briefed:
    """Write the brief of the archaeologist or the orchestrator: what the survey shows."""
    survey = load_shared(bench.artefacts, order.survey, Survey)
    workspace = Workspace(run=order.run, commit=order.commit, target=order.target)
    findings = load(bench.artefacts, order.findings, Workspace).findings if order.findings else ()
    seen = [*_hot_spots(survey.hot_spots), *_files(survey.files), *_findings(findings)]
    parts = (
        f"Task: {order.goal}" if order.goal else "",
        f"The code is to run on Python {spoken(order.target)} and later.",
        _overview(survey),
        _rules(survey),
        *(shown.content for shown in seen),
    )
    brief = "\n\n".join(part for part in parts if part)
    return Briefed(
        brief=bench.artefacts.put(brief.encode()),
        workspace=keep(bench.artefacts, workspace),
        suspicions=sum(shown.suspicions for shown in seen),
    )


def _overview(survey: Survey) -> str:
    lines = sum(file.lines for file in survey.files)
    unreadable = sum(file.status != "ok" for file in survey.files)
    return (
        f"{counted(len(survey.files), 'file')} with {counted(lines, 'line')}, {unreadable} of them unreadable; "
        f"{counted(sum(survey.by_rule.values()), 'legacy construct')} found by rules, which rules rewrite where they "
        "can prove that it is safe."
    )


def _rules(survey: Survey) -> str:
    ranked = sorted(survey.by_rule.items(), key=lambda row: (-row[1], row[0]))[:RULES_LISTED]
    return "\n".join(
        ["Constructs found, by rule:", *(f"* {code} {find_rule(code).name}: {count}" for code, count in ranked)]
    )


def _hot_spots(spots: tuple[HotSpot, ...]) -> Iterator[ToolResult]:
    rows = [f"* {spot.path}: {spot.commits} commits, {spot.findings} constructs" for spot in spots if spot.findings]
    if rows:
        yield observed("\n".join(rows), "files that change often and hold much legacy code")


def _files(files: tuple[SurveyedFile, ...]) -> Iterator[ToolResult]:
    rows = [f"* {file.file.path}: {file.lines} lines. {file.summary}".strip() for file in files[:FILES_LISTED]]
    more = len(files) - FILES_LISTED
    rows += [f"and {more} more; list them with a tool"] if more > 0 else []
    yield observed("\n".join(rows), "files")


def _findings(findings: tuple[Finding, ...]) -> Iterator[ToolResult]:
    rows = [f"* {each.path}:{each.span.line} {each.rule}: {each.message}" for each in findings[:FINDINGS_LISTED]]
    if rows:
        yield observed("\n".join(rows), "what the archaeologist found")


@does(Step.BEGIN_ITEM)
def begin_item(bench: Bench, order: BeginItem) -> Briefed:
    """Write the brief of one work item, with the code that it is about."""
    item = load_shared(bench.artefacts, order.items, WorkItems).items[order.index]
    workspace = Workspace(
        run=order.run, commit=order.commit, target=order.target, tests=order.tests, baseline=order.baseline
    )
    seen = [
        observed("\n".join(item.notes), "what needs judgement"),
        *_code(item, Snapshot(git_of(order.run), order.commit, {}), outlined=order.role is Role.DOCUMENTER),
    ]
    parts = (
        f"Care for: {order.goal}" if order.goal else "",
        f"Write for Python {spoken(order.target)} and later.",
        *(shown.content for shown in seen),
        _ASKED[order.role],
        "Write no examples: they cannot be run here." if _has_no_examples(order) else "",
    )
    brief = "\n\n".join(part for part in parts if part)
    return Briefed(
        brief=bench.artefacts.put(brief.encode()),
        workspace=keep(bench.artefacts, workspace),
        suspicions=sum(shown.suspicions for shown in seen),
    )


_ASKED = {
    Role.MODERNIZER: "Modernize these places with the smallest edits that keep behaviour, or leave them alone.",
    Role.DOCUMENTER: "Write the docstrings that are missing here, true and short.",
}


def _has_no_examples(order: BeginItem) -> bool:
    """Whether the documenter cannot have examples run, as nobody agreed to have code of the project run."""
    return order.role is Role.DOCUMENTER and not order.tests.run


def _code(item: WorkItem, snapshot: Snapshot, *, outlined: bool) -> Iterator[ToolResult]:
    """Yield the code of the item, file by file, numbered, with the hash that edits have to name."""
    names: dict[str, list[str]] = {}
    for place in item.places:
        names.setdefault(place.path, []).append(place.qualname)
    left = CODE_CHARACTERS
    for path, qualnames in names.items():
        shown = observed_excerpt(code_of(snapshot, path, qualnames, left, outlined=outlined))
        left -= len(shown.content)
        yield shown
