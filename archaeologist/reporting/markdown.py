"""The report as Markdown: the text of the pull request. Stays below 64 KB whatever the run found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.reporting.judged import cell as _cell
from archaeologist.reporting.judged import judgement, prose
from archaeologist.reporting.suspects import suspects_section
from archaeologist.wording import counted, spoken
from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.documents import LayerOfRule, Opening, Survey
    from archaeologist.domain.names import Role
    from archaeologist.domain.steps import CloseRun, TestsRan
    from archaeologist_tools.engine.base import Finding, Refusal
    from archaeologist_tools.git.branch import CommitLine

SUMMARY_CHARACTERS = 2_000
LISTED = 25
"""Rows of a list; the ledger has everything."""


@dataclass(frozen=True)
class Evidence:
    """What the report is made from; what rules left alone is told by the agent that applied them."""

    opening: Opening
    survey: Survey
    layers: tuple[LayerOfRule, ...]
    left_alone: Mapping[Role, tuple[Refusal, ...]]
    commits: tuple[CommitLine, ...]
    findings: tuple[Finding, ...] = ()


def markdown_report(order: CloseRun, evidence: Evidence) -> str:
    """Return the report of a run."""
    sections = (
        _opening(order),
        _behaviour(order),
        _commits(evidence),
        judgement(order, evidence.findings),
        suspects_section(evidence.survey.suspects),
        _left_alone(evidence),
        _findings(evidence.survey),
        _hot_spots(evidence.survey),
        _skipped(evidence.survey),
        _dropping(order, evidence),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def _opening(order: CloseRun) -> str:
    run = order.run
    where = f", folder `{run.scope}`" if run.scope else ""
    return (
        f"# Modernized for Python {spoken(order.request.target)}\n\n{prose(order.summary, SUMMARY_CHARACTERS)}\n\n"
        f"Run `{run.run_id}`, base `{run.base[:12]}`{where}, branch `{run.branch}`; "
        f"target version: {order.request.target_origin}."
    )


def _behaviour(order: CloseRun) -> str:
    lines = ["## Behaviour", ""]
    if order.baseline is None:
        lines.append("The project's tests were not run: nobody agreed to it.")
    elif order.baseline.problem:
        lines.append(f"The project's tests could not be used: {order.baseline.problem}.")
    else:
        lines += ["| tests | passed | failed | skipped | seconds |", "| --- | --- | --- | --- | --- |"]
        lines.append(_tests_row("before", order.baseline))
        if order.verified:
            lines.append(_tests_row("on the branch", order.verified))
        lines += ["", f"Command: `{order.baseline.command}`"]
    if order.broken:
        lines += ["", "**These tests passed before and do not now:**", ""]
        lines += [f"* `{_cell(test)}`" for test in order.broken[:LISTED]]
        lines += _more(len(order.broken))
    lines += [f"\nNote: {note}." for note in order.request.notes]
    return "\n".join(lines)


def _tests_row(name: str, tests: TestsRan) -> str:
    return f"| {name} | {tests.passed} | {tests.failed} | {tests.skipped} | {tests.seconds:.1f} |"


def _commits(evidence: Evidence) -> str:
    by_step = {line.trailers.get("Archaeologist-Step", ""): line for line in evidence.commits}
    rows = []
    for layer in evidence.layers:
        line = by_step.get(layer.step)
        if line is None:
            continue
        edits = sum(len(change.edits) for change in layer.changes)
        rows.append(
            f"| {layer.rule} {prose(layer.title)} | `{line.commit[:10]}` | {len(line.files)} | {edits} "
            f"| +{line.insertions} -{line.deletions} | {_evidence_of(layer)} |"
        )
    if not rows:
        return ""
    head = [
        "## Commits",
        "",
        "| rule | commit | files | edits | lines | evidence |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows])


def _evidence_of(layer: LayerOfRule) -> str:
    levels = Counter(edit.evidence.value for change in layer.changes for edit in change.edits)
    return ", ".join(f"{level} {count}" for level, count in sorted(levels.items()))


def _left_alone(evidence: Evidence) -> str:
    refusals = [refusal for each in evidence.left_alone.values() for refusal in each]
    tests = [file.file.path for file in evidence.survey.files if file.by_rule and is_test_path(file.file.path)]
    oracle = _tests_left(tests) if tests else ""
    if not refusals:
        return f"## Left alone\n\n{oracle}" if oracle else ""
    counts = Counter((refusal.rule, refusal.code) for refusal in refusals)
    words = {(refusal.rule, refusal.code): refusal.message for refusal in refusals}
    places = {(refusal.rule, refusal.code): f"{refusal.path}:{refusal.span.line}" for refusal in reversed(refusals)}
    rows = [
        f"| {rule} | {code} | {count} | {_cell(words[rule, code])} | `{_cell(places[rule, code])}` |"
        for (rule, code), count in counts.most_common(LISTED)
    ]
    head = [
        "## Left alone",
        "",
        "| rule | reason | places | in words | for example |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows, *_more(len(counts)), *([f"\n{oracle}"] if oracle else [])])


def _tests_left(paths: Sequence[str]) -> str:
    """Return which tests something was found in that stays, as those that judge the branch are not edited."""
    names = ", ".join(f"`{_cell(path)}`" for path in paths[:LISTED])
    more = f" and {len(paths) - LISTED} more" if len(paths) > LISTED else ""
    stay = "holds findings and stays as it is" if len(paths) == 1 else "hold findings and stay as they are"
    return f"{counted(len(paths), 'test file')} {stay}, as tests judge the branch: {names}{more}"


def _findings(survey: Survey) -> str:
    if not survey.by_rule:
        return ""
    ranked = sorted(survey.by_rule.items(), key=lambda row: (-row[1], row[0]))
    rows = [f"| {code} | {_name(code)} | {count} |" for code, count in ranked]
    return "\n".join(["## Found at the base", "", "| rule | name | places |", "| --- | --- | --- |", *rows])


def _name(code: str) -> str:
    return find_rule(code).name


def _hot_spots(survey: Survey) -> str:
    spots = [spot for spot in survey.hot_spots if spot.findings][:10]
    if not spots:
        return ""
    rows = [f"| `{_cell(spot.path)}` | {spot.commits} | {spot.authors} | {spot.findings} |" for spot in spots]
    head = ["## Look at these first", "", "Files that change often and hold much legacy code.", ""]
    return "\n".join([*head, "| file | commits | authors | findings |", "| --- | --- | --- | --- |", *rows])


def _skipped(survey: Survey) -> str:
    if not survey.skipped:
        return ""
    rows = [f"| `{_cell(file.path)}` | {file.code} | {_cell(file.detail)} |" for file in survey.skipped[:LISTED]]
    head = ["## Not looked at", "", "| file | reason | detail |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, *_more(len(survey.skipped))])


def _dropping(order: CloseRun, evidence: Evidence) -> str:
    if not evidence.commits:
        return ""
    return (
        "## Drop one commit\n\nEvery commit is one rule. To leave one out:\n\n"
        f"    git switch {order.run.branch}\n    git revert --no-edit <commit>\n\n"
        "Git stops at lines that a later commit changed again; revert that one first."
    )


def _more(count: int) -> list[str]:
    return [f"\nand {count - LISTED} more"] if count > LISTED else []
