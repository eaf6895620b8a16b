"""All rules over many files: what the pipeline calls.

Plain values in and out, no disk but a temporary folder for ruff. A file that cannot be read or is not ours to change
comes back with its status; nothing about a file's content raises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Finding
from archaeologist_tools.engine.candidates import matches_of, place_of
from archaeologist_tools.engine.guard import read_for
from archaeologist_tools.engine.progress import Progress, collector_paused
from archaeologist_tools.engine.registry import commit_order, find_rule
from archaeologist_tools.engine.ruff import diagnose
from archaeologist_tools.engine.sieve import Sieve
from archaeologist_tools.engine.view import View
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.project.models import FileFacts, ProjectFacts
from archaeologist_tools.source.description import summary_of
from archaeologist_tools.source.module import Module, Unreadable, read_module
from archaeologist_tools.source.outline import PublicName, public_names
from archaeologist_tools.source.scope import content_skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule, Refusal
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.engine.ruff import Diagnostic

_NOTHING: Mapping[str, Module] = MappingProxyType({})

# An edit waits for the next round where another one is in its way; more rounds than this were never needed.
MAX_ROUNDS = 12


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


@dataclass(frozen=True)
class FileRewrite:
    """A file's layers in the order they have to be committed, and what was left alone.

    Attributes:
        path: the file.
        layers: one a rule and pass; none when nothing changes.
        refusals: findings that remain, with reasons; their places are in the last layer.
        status: `ok`, or why the file was not looked at.
        message: the reason in words, empty when `ok`.
    """

    path: str
    layers: tuple[Layer, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    status: str = "ok"
    message: str = ""


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
    surveys, modules = _read(files, read_module)
    sieve = Sieve(chosen)
    awake = {number: sieve.through(module) for number, module in modules.items()}
    adopting = {number: [rule for rule in rules if not rule.nodes] for number, rules in awake.items()}
    diagnostics = _diagnosed(modules, adopting, target)
    for number, module in modules.items():
        view = View(module, target, facts)
        findings = [
            *_own_findings(awake[number], view),
            *_adopted_findings(adopting[number], view, diagnostics[number]),
        ]
        findings.sort(key=lambda finding: (finding.span.start, finding.rule))
        surveys[number] = FileSurvey(
            module.path,
            "ok",
            lines=module.lines,
            findings=tuple(findings),
            facts=file_facts(module),
            public=tuple(public_names(module.tree)),
            summary=summary_of(module.tree),
        )
    return [survey for _, survey in sorted(surveys.items())]


def rewrite_files(
    files: Sequence[tuple[str, bytes]],
    *,
    rules: Sequence[str],
    target: tuple[int, int],
    facts: ProjectFacts | None = None,
    known: Mapping[str, Module] = _NOTHING,
) -> list[FileRewrite]:
    """Rewrite until no rule has anything left to do.

    Args:
        files: paths and contents.
        rules: codes of the rules to apply; each layer is one rule's.
        target: the lowest Python that the result has to run on.
        facts: what is known of the project; taken from these files when None.
        known: files that were read already, by path, for this target.

    Returns:
        One rewrite a file, in the same order. Rewriting the last layer again changes nothing.

    Raises:
        UsageError: no rule has one of the codes.
        RuffFailed: ruff cannot be used.
    """
    wanted = {find_rule(code) for code in rules}
    chosen = [rule for rule in commit_order() if rule in wanted and rule.rewrites]

    def read(path: str, data: bytes) -> Module | Unreadable:
        return known[path] if path in known and known[path].data == data else read_for(path, data, target)

    with collector_paused():
        return _rewritten(files, chosen, target, facts, read)


def _rewritten(
    files: Sequence[tuple[str, bytes]],
    chosen: Sequence[AnyRule],
    target: tuple[int, int],
    facts: ProjectFacts | None,
    read: Callable[[str, bytes], Module | Unreadable],
) -> list[FileRewrite]:
    surveys, modules = _read(files, read)
    facts = facts or merge(file_facts(module) for module in modules.values())
    rewrites = {
        number: FileRewrite(survey.path, status=survey.status, message=survey.message)
        for number, survey in surveys.items()
    }
    # A file is let go of once nothing changes in it: the trees of all together would fill the memory.
    sieve = Sieve(chosen)
    active = {number: Progress(modules.pop(number), sieve, target, facts) for number in [*modules]}
    for _ in range(MAX_ROUNDS):
        for number in _one_round(active, sieve, target):
            rewrites[number] = _result(active.pop(number))
    rewrites.update((number, _result(state)) for number, state in active.items())
    return [rewrite for _, rewrite in sorted(rewrites.items())]


def _one_round(active: Mapping[int, Progress], sieve: Sieve, target: tuple[int, int]) -> list[int]:
    """Run every rule once over the files that are still changing, and give the numbers of those that no longer do."""
    awake = {number: sieve.through(state.module) for number, state in active.items()}
    diagnostics = _diagnosed({number: state.module for number, state in active.items()}, awake, target)
    return [number for number, state in active.items() if not state.run(awake[number], diagnostics[number])]


def _diagnosed(
    modules: Mapping[int, Module], awake: Mapping[int, Sequence[AnyRule]], target: tuple[int, int]
) -> dict[int, list[Diagnostic]]:
    """What ruff says of each file for the rules that may adopt something there; the others are not shown to it."""
    codes = {number: [rule.adopts for rule in rules if rule.adopts] for number, rules in awake.items()}
    asked = [number for number in modules if codes[number]]
    wanted = sorted({code for number in asked for code in codes[number]})
    told = zip(asked, diagnose([modules[number] for number in asked], wanted, target), strict=True)
    found: dict[int, list[Diagnostic]] = {number: [] for number in modules}
    found.update((number, [each for each in every if each.code in codes[number]]) for number, every in told)
    return found


def _result(state: Progress) -> FileRewrite:
    return FileRewrite(state.path, tuple(state.layers), tuple(state.refusals))


def _read(
    files: Sequence[tuple[str, bytes]], read: Callable[[str, bytes], Module | Unreadable]
) -> tuple[dict[int, FileSurvey], dict[int, Module]]:
    """Sort files into those that cannot be looked at and modules, each under its number."""
    surveys: dict[int, FileSurvey] = {}
    modules: dict[int, Module] = {}
    for number, (path, data) in enumerate(files):
        skipped = content_skip(path, data)
        if skipped is not None:
            surveys[number] = FileSurvey(path, skipped.code, skipped.detail)
            continue
        module = read(path, data)
        if isinstance(module, Module):
            modules[number] = module
        else:
            surveys[number] = FileSurvey(path, module.code, module.message)
    return surveys, modules


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
