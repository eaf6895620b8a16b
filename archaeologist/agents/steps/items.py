"""Work items: what rules and the archaeologist leave to judgement, in the order in which it is worked on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.ordering import awaited, imported_first, imports_among, pilots_first
from archaeologist.agents.steps.packing import Note, packed
from archaeologist.agents.steps.repository import git_of
from archaeologist.documents import Layers, LeftAlone, Survey, WorkItems, Workspace, keep, load, load_shared
from archaeologist.domain.items import ChooseItems, ItemsChosen
from archaeologist.domain.judgement import ItemLine
from archaeologist.domain.names import Role, Step
from archaeologist_tools.engine.base import Fixer
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.safety.protected import protection_of
from archaeologist_tools.source.module import Module, read_module
from archaeologist_tools.surgery.definitions import definitions, head_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.engine.base import Finding, Refusal

DOCSTRINGS = "docstrings"

NOT_FOR_JUDGEMENT = frozenset(
    {
        # A person said so, or the target Python cannot.
        "ignored",
        "target-too-old",
        "comment-on-line",
        # What is there reads better.
        "hard-to-read",
        "too-long",
        # The type of a value would change for all who use it, which no edit of one function can answer for.
        "escapes-returned",
        "escapes-stored",
        "gives-text",
        "partly-convertible",
    }
)
"""Reasons that stand whoever looks."""


@does(Step.CHOOSE_ITEMS)
def choose_items(bench: Bench, order: ChooseItems) -> ItemsChosen:
    """Cut what was left over into items: those of modules that others import first, one of each kind ahead."""
    snapshot = Snapshot(git_of(order.run), order.commit, {})
    survey = load_shared(bench.artefacts, order.survey, Survey)
    modules = _modules(snapshot, (file.file.path for file in survey.files if file.status == "ok"))
    notes = list(_undocumented(survey, modules) if order.role is Role.DOCUMENTER else _left_over(bench, order, modules))
    imports = imports_among(modules)
    ranks = {path: rank for rank, path in enumerate(imported_first(imports))}
    urgent = {path: rank for rank, path in enumerate(order.first)}
    notes.sort(key=lambda note: (urgent.get(note.path, len(urgent)), ranks[note.path]))
    items = list(packed(notes, cache(lambda place: characters_of(modules[place.path], place.qualname))))
    chosen = tuple(pilots_first(items))[: order.most]
    waiting = zip(chosen, awaited(chosen, imports), strict=True)
    return ItemsChosen(
        items=keep(bench.artefacts, WorkItems(items=chosen)),
        lines=tuple(ItemLine(kind=item.kind, title=item.title, after=after) for item, after in waiting),
        beyond=len(items) - len(chosen),
    )


def _modules(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, Module]:
    """Return the modules that may be worked on, as they are by now."""
    found = {}
    for path in paths:
        if protection_of(path) is not None:
            continue
        try:
            module = read_module(path, snapshot.read(path))
        except EditRefused:
            continue  # the branch has it no more
        if isinstance(module, Module):
            found[path] = module
    return found


def _left_over(bench: Bench, order: ChooseItems, modules: dict[str, Module]) -> Iterator[Note]:
    layers = load_shared(bench.artefacts, order.layers, Layers)
    for refusal in load(bench.artefacts, layers.left_alone, LeftAlone).refusals:
        if refusal.code not in NOT_FOR_JUDGEMENT and refusal.path in modules:
            qualname = qualname_at(modules[refusal.path], refusal.span.line)
            if qualname:  # no tool edits statements of a module's own level
                yield _note_of(refusal, qualname)
    if order.findings:
        for finding in load(bench.artefacts, order.findings, Workspace).findings:
            if finding.path in modules and finding.fixer is Fixer.AGENT:
                yield _noted(finding, order)


def _note_of(refusal: Refusal, qualname: str) -> Note:
    text = f"{refusal.rule} not applied: {refusal.message}"
    return Note(refusal.path, qualname, refusal.rule, str(refusal.span.line), text)


def _noted(finding: Finding, order: ChooseItems) -> Note:
    """Return the note of an archaeologist's finding, whose place is one in the code of the base commit."""
    before = read_module(finding.path, Snapshot(git_of(order.run), order.run.base, {}).read(finding.path))
    qualname = qualname_at(before, finding.span.line) if isinstance(before, Module) else ""
    where = f"`{qualname}`" if qualname else "the module"
    return Note(finding.path, qualname, finding.rule, where, f"{finding.rule}: {finding.message}")


def qualname_at(module: Module, line: int) -> str:
    """Return the name of the function or class that a line is in, the class for a method's neighbours; else nothing."""
    inside = [
        (head_line(node), name)
        for name, node in definitions(module.index)
        if head_line(node) <= line <= (node.end_lineno or node.lineno)
    ]
    return max(inside, default=(0, ""))[1]


def characters_of(module: Module, qualname: str) -> int:
    """Return how long the code of a function or class is; of the module when it has none of that name."""
    for name, node in definitions(module.index):
        if name == qualname:
            lines = module.text.splitlines(keepends=True)[head_line(node) - 1 : node.end_lineno]
            return sum(map(len, lines))
    return len(module.text)


def _undocumented(survey: Survey, modules: dict[str, Module]) -> Iterator[Note]:
    """Yield a note for each public name that lacks a docstring."""
    for file in survey.files:
        if file.file.path in modules:
            for name in file.public:
                if not name.documented:
                    yield Note(file.file.path, name.name, DOCSTRINGS, f"{name.kind} {name.name}", "no docstring")
