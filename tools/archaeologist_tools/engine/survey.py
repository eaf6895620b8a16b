"""What is legacy in many files, and what the project has to know of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Finding
from archaeologist_tools.engine.candidates import matches_of, place_of
from archaeologist_tools.engine.first_look import diagnosed, open_files
from archaeologist_tools.engine.progress import collector_paused
from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.engine.sieve import Sieve
from archaeologist_tools.engine.view import View
from archaeologist_tools.project.facts import file_facts
from archaeologist_tools.project.models import FileFacts, ProjectFacts
from archaeologist_tools.source.description import summary_of
from archaeologist_tools.source.module import open_module, why_no_tree
from archaeologist_tools.source.outline import PublicName, public_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.engine.ruff import Diagnostic


@dataclass(frozen=True)
class FileSurvey:
    """What a file holds.

    Attributes:
        path: the file.
        status: `ok`, or why it was not looked at.
        message: the reason in words, empty when `ok`.
        lines: how many lines it has, 0 when it was not looked at.
        findings: legacy constructs in the order of the file.
        facts: what other files' rewrites must know of it.
        public: its top-level classes and functions.
        summary: the first sentence of its docstring, empty without one.
    """

    path: str
    status: str
    message: str = ""
    lines: int = 0
    findings: tuple[Finding, ...] = ()
    facts: FileFacts = field(default_factory=FileFacts)
    public: tuple[PublicName, ...] = ()
    summary: str = ""


def survey_files(
    files: Sequence[tuple[str, bytes]],
    *,
    rules: Sequence[str],
    target: tuple[int, int],
    facts: ProjectFacts | None = None,
) -> list[FileSurvey]:
    """Find what is legacy.

    Args:
        files: paths and contents.
        rules: codes of the rules to look for.
        target: the lowest Python that the result has to run on.
        facts: what is known of the project, when it is; finding asks for less of it than rewriting.

    Returns:
        One survey a file, in the same order.

    Raises:
        UsageError: no rule has one of the codes.
        RuffFailed: ruff cannot be used.
    """
    chosen = [find_rule(code) for code in rules]
    with collector_paused():
        return _surveyed(files, chosen, target, facts or ProjectFacts())


def _surveyed(
    files: Sequence[tuple[str, bytes]], chosen: Sequence[AnyRule], target: tuple[int, int], facts: ProjectFacts
) -> list[FileSurvey]:
    skipped, modules = open_files(files, open_module)
    surveys = {number: FileSurvey(none.path, none.code, none.message) for number, none in skipped.items()}
    sieve = Sieve(chosen, facts)
    awake = {number: sieve.through(module) for number, module in modules.items()}
    adopting = {number: [rule for rule in rules if not rule.nodes] for number, rules in awake.items()}
    diagnostics = diagnosed(modules, adopting, target)
    for number in [*modules]:
        module = modules.pop(number)
        if none := why_no_tree(module):
            surveys[number] = FileSurvey(none.path, none.code, none.message)
        else:
            surveys[number] = _survey(View(module, target, facts), awake[number], diagnostics[number])
    return [survey for _, survey in sorted(surveys.items())]


def _survey(view: View, awake: Sequence[AnyRule], diagnostics: Sequence[Diagnostic]) -> FileSurvey:
    module = view.module
    findings = [*_own_findings(awake, view), *_adopted_findings(awake, view, diagnostics)]
    findings.sort(key=lambda finding: (finding.span.start, finding.rule))
    return FileSurvey(
        module.path,
        "ok",
        lines=module.lines,
        findings=tuple(findings),
        facts=file_facts(module),
        public=tuple(public_names(module.tree)),
        summary=summary_of(module.tree),
    )


def _own_findings(chosen: Sequence[AnyRule], view: View) -> Iterator[Finding]:
    for rule in chosen:
        for match in matches_of(rule, view):
            yield Finding(rule.code, view.module.path, place_of(match, view), match.message, match.fixer or rule.fixer)


def _adopted_findings(adopted: Sequence[AnyRule], view: View, diagnostics: Sequence[Diagnostic]) -> Iterator[Finding]:
    by_code = {rule.adopts: rule for rule in adopted}
    for diagnostic in diagnostics:
        rule = by_code[diagnostic.code]
        span = view.span(diagnostic.start, diagnostic.end)
        yield Finding(rule.code, view.module.path, span, diagnostic.message, rule.fixer)
