"""Work items: what rules and the archaeologist leave to judgement, cut by function, in the order it is worked on."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.repository import git_of
from archaeologist.documents import Layers, LeftAlone, Survey, WorkItem, WorkItems, Workspace, keep, load, load_shared
from archaeologist.domain.judgement import ItemLine
from archaeologist.domain.names import Role, Step
from archaeologist.domain.steps import ChooseItems, ItemsChosen
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.safety.protected import protection_of
from archaeologist_tools.source.module import Module, read_module
from archaeologist_tools.surgery.definitions import definitions, head_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Finding, Refusal

DOCSTRINGS = "docstrings"

NOT_FOR_JUDGEMENT = frozenset({"ignored", "target-too-old", "comment-on-line"})
"""Reasons that stand whoever looks: a person said so, or the target Python cannot."""

NOTES = 12
"""Notes of one item; a module with more has several items, each small enough to be thought through."""


class Note(NamedTuple):
    """Why a place needs judgement."""

    path: str
    qualname: str
    kind: str
    text: str


@does(Step.CHOOSE_ITEMS)
def choose_items(bench: Bench, order: ChooseItems) -> ItemsChosen:
    """Cut what was left over into items: those of modules that others import first, one of each kind ahead."""
    snapshot = Snapshot(git_of(order.run), order.commit, {})
    survey = load_shared(bench.artefacts, order.survey, Survey)
    modules = _modules(snapshot, (file.file.path for file in survey.files if file.status == "ok"))
    if order.role is Role.DOCUMENTER:
        items = list(_undocumented(survey, modules))
    else:
        items = _grouped(_left_over(bench, order, modules))
    ranks = {path: rank for rank, path in enumerate(_imported_first(modules))}
    urgent = {path: rank for rank, path in enumerate(order.first)}
    items.sort(key=lambda item: (urgent.get(item.path, len(urgent)), ranks[item.path]))
    chosen = tuple(_pilots_first(items))[: order.most]
    return ItemsChosen(
        items=keep(bench.artefacts, WorkItems(items=chosen)),
        lines=tuple(ItemLine(kind=item.kind, path=item.path, title=item.title) for item in chosen),
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
            yield _note_of(refusal, modules[refusal.path])
    if order.findings:
        for finding in load(bench.artefacts, order.findings, Workspace).findings:
            if finding.path in modules:
                yield _noted(finding, order)


def _note_of(refusal: Refusal, module: Module) -> Note:
    line = refusal.span.line
    text = f"line {line}: {refusal.rule} was not applied: {refusal.message}"
    return Note(refusal.path, qualname_at(module, line), refusal.rule, text)


def _noted(finding: Finding, order: ChooseItems) -> Note:
    """Return the note of an archaeologist's finding, whose place is one in the code of the base commit."""
    before = read_module(finding.path, Snapshot(git_of(order.run), order.run.base, {}).read(finding.path))
    qualname = qualname_at(before, finding.span.line) if isinstance(before, Module) else ""
    return Note(finding.path, qualname, finding.rule, f"{finding.rule}: {finding.message}")


def qualname_at(module: Module, line: int) -> str:
    """Return the name of the function or class that a line is in, the class for a method's neighbours; else nothing."""
    inside = [
        (head_line(node), name)
        for name, node in definitions(module.index)
        if head_line(node) <= line <= (node.end_lineno or node.lineno)
    ]
    return max(inside, default=(0, ""))[1]


def _grouped(notes: Iterable[Note]) -> list[WorkItem]:
    """Return the items of all modules that have notes."""
    by_path: dict[str, list[Note]] = {}
    for note in notes:
        by_path.setdefault(note.path, []).append(note)
    return [item for path, found in by_path.items() for item in _cut(path, found)]


def _cut(path: str, notes: Sequence[Note]) -> Iterator[WorkItem]:
    """Yield a module's items; notes on one function stay together, and functions in their order."""
    by_place: dict[str, list[Note]] = {}
    for note in notes:
        by_place.setdefault(note.qualname, []).append(note)
    parts: list[list[Note]] = [[]]
    for found in by_place.values():
        if parts[-1] and len(parts[-1]) + len(found) > NOTES:
            parts.append([])
        parts[-1] += found[:NOTES]
    for number, part in enumerate(parts):
        yield WorkItem(
            kind=Counter(note.kind for note in part).most_common(1)[0][0],
            path=path,
            places=tuple(dict.fromkeys(note.qualname for note in part)),
            title=path if len(parts) == 1 else f"{path} ({number + 1} of {len(parts)})",
            notes=tuple(note.text for note in part),
        )


def _undocumented(survey: Survey, modules: dict[str, Module]) -> Iterator[WorkItem]:
    """Yield one item for each module whose public names lack docstrings."""
    for file in survey.files:
        names = [name for name in file.public if not name.documented]
        if names and file.file.path in modules:
            yield WorkItem(
                kind=DOCSTRINGS,
                path=file.file.path,
                places=tuple(name.name for name in names[:NOTES]),
                title=f"{file.file.path}: docstrings",
                notes=tuple(f"{name.kind} {name.name} has no docstring" for name in names[:NOTES]),
            )


def _pilots_first(items: Sequence[WorkItem]) -> Iterator[WorkItem]:
    """Yield the first item of each kind, then the others: a kind that fails is seen before it was paid for often."""
    pilots = {item.kind: item for item in reversed(items)}
    yield from (item for item in items if pilots[item.kind] is item)
    yield from (item for item in items if pilots[item.kind] is not item)


def _imported_first(modules: dict[str, Module]) -> Iterable[str]:
    """Return paths so that a module comes after those that it imports; by name where they import each other."""
    homes: dict[str, str] = {}
    for path in sorted(modules):
        pure = PurePosixPath(path)
        homes.setdefault(pure.parent.name if pure.stem == "__init__" else pure.stem, path)
    graph = {
        path: {homes[name] for name in _imports(module) if name in homes} - {path} for path, module in modules.items()
    }
    try:
        return list(TopologicalSorter(dict(sorted(graph.items()))).static_order())
    except CycleError:
        return sorted(graph, key=lambda path: (len(graph[path]), path))


def _imports(module: Module) -> Iterator[str]:
    """Yield the parts of all names that a module imports from."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from alias.name.split(".")
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")
            yield from (alias.name for alias in node.names)
