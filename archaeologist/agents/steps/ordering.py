"""In which order work items are worked on, and which ones have to wait for others.

Modules that others import come first, and before all the rest one item of each kind, a pilot: a kind that fails is seen
before it was paid for often. Pilots are worked on alone. Of the others, two do not go on at the same time when they are
about the same file, as the edits of one would be made to a text that the other one replaces; nor when a module of one
imports a module of the other, as a model that reads what it uses is to read what becomes of it. Imports are taken from
the code alone, by the last parts of names, and one step far: whoever imports what imports it sees no change of names,
which the gates hold, and all that is imported by something would be worked on one after the other.
"""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist.documents import WorkItem
    from archaeologist_tools.source.module import Module

Imports = dict[str, set[str]]


def imports_among(modules: Mapping[str, Module]) -> Imports:
    """Return which of some modules each of them imports, by path."""
    homes: dict[str, str] = {}
    for path in sorted(modules):
        pure = PurePosixPath(path)
        homes.setdefault(pure.parent.name if pure.stem == "__init__" else pure.stem, path)
    return {
        path: {homes[name] for name in _names(module) if name in homes} - {path} for path, module in modules.items()
    }


def imported_first(imports: Imports) -> Sequence[str]:
    """Return paths so that a module comes after those that it imports; by name where they import each other."""
    try:
        return list(TopologicalSorter(dict(sorted(imports.items()))).static_order())
    except CycleError:
        return sorted(imports, key=lambda path: (len(imports[path]), path))


def pilots_first(items: Sequence[WorkItem]) -> Iterator[WorkItem]:
    """Yield the first item of each kind, then the others."""
    pilots = {item.kind: item for item in reversed(items)}
    yield from (item for item in items if pilots[item.kind] is item)
    yield from (item for item in items if pilots[item.kind] is not item)


def awaited(items: Sequence[WorkItem], imports: Imports) -> Iterator[int]:
    """Yield for each item the number of the one that has to be settled before it begins; 0 for the first one.

    Args:
        items: pilots first; the first one has number 1.
        imports: by path, which modules a module imports.
    """
    pilots = len({item.kind for item in items})
    touched = [_paths(item) for item in items]
    around = [paths.union(*(imports.get(path, ()) for path in paths)) for paths in touched]
    for index in range(len(items)):
        meeting = [
            other + 1 for other in range(index) if touched[index] & around[other] or touched[other] & around[index]
        ]
        yield index if index < pilots else max([pilots, *meeting])


def _paths(item: WorkItem) -> set[str]:
    return {place.path for place in item.places}


def _names(module: Module) -> Iterator[str]:
    """Yield the parts of all names that a module imports from."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from alias.name.split(".")
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")
            yield from (alias.name for alias in node.names)
