"""The documenter's steps: module docstrings, and the README section that tells a newcomer what is where."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.repository import contents, git_of
from archaeologist.boundaries import boundary
from archaeologist.documents import (
    BatchEdits,
    FileEntry,
    FileLayer,
    RewrittenFile,
    Survey,
    Sweep,
    cut,
    keep,
    load_shared,
)
from archaeologist.domain.names import Step
from archaeologist.domain.sweeps import BatchRewritten, DocumentBatch, PlanDocuments, SweepPlanned, WriteReadme
from archaeologist.wording import spoken
from archaeologist_tools.engine.base import Edit, Evidence, Refusal, Span, make_edit
from archaeologist_tools.git.objects import TreeEntry, list_tree, read_blobs, write_blobs
from archaeologist_tools.source.description import told_by, told_of
from archaeologist_tools.source.docstrings import module_docstring, refused_by_name
from archaeologist_tools.source.module import Module, read_module
from archaeologist_tools.source.readme import ModuleLine, ReadmeFacts, choose_readme, readme_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archaeologist.domain.run import RunScope
    from archaeologist_tools.git.command import Git

DOCSTRINGS = "AR050"
README = "AR053"
MODULES_LISTED = 60
"""Beyond so many modules the README lists packages only: a table of thousands tells a newcomer nothing."""


@does(Step.PLAN_DOCUMENTS)
def plan_documents(bench: Bench, order: PlanDocuments) -> SweepPlanned:
    """Choose the modules that have no docstring, as they are on the branch by now."""
    survey = load_shared(bench.artefacts, order.survey, Survey)
    wanted = {file.file.path for file in survey.files if file.status == "ok" and DOCSTRINGS in file.by_rule}
    entries = (entry for entry in list_tree(git_of(order.run), order.tip, order.run.scope) if entry.path in wanted)
    files = tuple(_entry(entry) for entry in entries)
    sizes = [0 if refused_by_name(file.path) else file.size for file in files]
    batches = cut(sizes, order.limits.batch_bytes, order.limits.max_batches)
    sweep = keep(bench.artefacts, Sweep(files=files, batches=batches, rules=(DOCSTRINGS,), facts=survey.facts))
    return SweepPlanned(sweep=sweep, files=len(files), batches=len(batches))


def _entry(entry: TreeEntry) -> FileEntry:
    return FileEntry(path=entry.path, mode=entry.mode, oid=entry.oid, size=entry.size)


@does(Step.DOCUMENT_BATCH)
def document_batch(bench: Bench, order: DocumentBatch) -> BatchRewritten:
    """Write the module docstrings of one batch."""
    sweep = load_shared(bench.artefacts, order.sweep, Sweep)
    files = [sweep.files[position] for position in sweep.batches[order.batch]]
    git = git_of(order.run)
    edits: list[tuple[FileEntry, bytes, Edit]] = []
    refusals = [refusal for file in files if (refusal := refused_by_name(file.path))]
    files = [file for file in files if not refused_by_name(file.path)]
    for file, (path, data) in zip(files, contents(git, files), strict=True):
        module = read_module(path, data)
        if not isinstance(module, Module):
            continue
        outcome = module_docstring(module)
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
        else:
            place = outcome.span.start
            edits.append((file, data[:place] + outcome.after.encode("ascii") + data[place:], outcome))
    oids = write_blobs(git, [data for _, data, _ in edits])
    boundary("blobs-written")
    rewritten = [_one_edit(file, oid, DOCSTRINGS, edit) for (file, _, edit), oid in zip(edits, oids, strict=True)]
    return _kept(bench, rewritten, refusals)


@does(Step.WRITE_README)
def write_readme(bench: Bench, order: WriteReadme) -> BatchRewritten:
    """Write the README section of the scope; where there are no modules to tell of, nothing."""
    survey = load_shared(bench.artefacts, order.survey, Survey)
    if README not in survey.rules:
        return _kept(bench, [], [])
    git, run = git_of(order.run), order.run
    entries = {entry.path: entry for entry in list_tree(git, order.tip)}
    path = choose_readme(entries, run.scope)
    entry = entries.get(path)
    if entry is not None and not entry.mode.startswith("100"):
        return _kept(bench, [], [_readme_refused(path, "the README is a link")])
    before = read_blobs(git, [entry.oid])[entry.oid] if entry else None
    facts = ReadmeFacts(_modules(git, survey, entries), spoken(order.target), order.tests)
    after = readme_section(before, path, _project_name(run, facts.modules), facts) if facts.modules else None
    if after is None:
        return _kept(bench, [], [])
    (oid,) = write_blobs(git, [after])
    edit = make_edit(
        README, path, Span(0, 0, 1, 1), before="", after="", evidence=Evidence.IDENTICAL, reason="no code is touched"
    )
    file = _entry(entry) if entry else FileEntry(path=path, mode="100644", oid="", size=0)
    return _kept(bench, [_one_edit(file, oid, README, edit)], [])


def _modules(git: Git, survey: Survey, entries: Mapping[str, TreeEntry]) -> tuple[ModuleLine, ...]:
    """Return the README's rows: what a newcomer looks for, so no tests, and packages alone when there are many.

    A sentence that several modules share, such as the project's title, tells none of them apart.
    """
    files = [file for file in survey.files if file.status == "ok" and refused_by_name(file.file.path) is None]
    if len(files) > MODULES_LISTED:
        files = [file for file in files if PurePosixPath(file.file.path).name == "__init__.py"]
        files = sorted(files, key=lambda file: (file.file.path.count("/"), file.file.path))[:MODULES_LISTED]
    told = {file.file.path: told_by(file.file.path, file.summary) for file in files}
    times = Counter(told.values())
    silent = [path for path, text in told.items() if (not text or times[text] > 1) and path in entries]
    told |= {path: _described(path, data) for path, data in contents(git, [_entry(entries[path]) for path in silent])}
    return tuple(ModuleLine(path, text) for path, text in told.items())


def _project_name(run: RunScope, modules: Sequence[ModuleLine]) -> str:
    """Return the title of a new README: the folder at the top in which most modules are, else that of the repository.

    The code goes first, because a clone's folder may be called anything; `src`, below which packages are put, tells no
    more: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/.
    """
    below = [module.path.removeprefix("src/") for module in modules]
    tops = Counter(path.partition("/")[0] for path in below if "/" in path)
    name, most = max(sorted(tops.items()), key=lambda top: top[1], default=("", 0))
    return name if most > len(modules) / 2 else PurePosixPath(run.root).name


def _described(path: str, data: bytes) -> str:
    module = read_module(path, data)
    return told_of(module) if isinstance(module, Module) else ""


def _readme_refused(path: str, why: str) -> Refusal:
    return Refusal(README, path, Span(0, 0, 1, 1), "not-a-file", why)


def _one_edit(file: FileEntry, oid: str, rule: str, edit: Edit) -> RewrittenFile:
    return RewrittenFile(path=file.path, mode=file.mode, layers=(FileLayer(rule=rule, oid=oid, edits=(edit,)),))


def _kept(bench: Bench, files: list[RewrittenFile], refusals: Iterable[Refusal]) -> BatchRewritten:
    edits = BatchEdits(files=tuple(files), refusals=tuple(refusals))
    return BatchRewritten(
        artefact=keep(bench.artefacts, edits), files=len(files), edits=len(files), left_alone=len(edits.refusals)
    )
