"""The code that a task is about, as a model reads it: a few classes and functions of one file, and where they stand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.reading.excerpts import Line, Room, clean_lines, filled, lines_of
from archaeologist_tools.reading.files import module_of
from archaeologist_tools.reading.folding import fold_of, folds
from archaeologist_tools.source.module import Module
from archaeologist_tools.surgery.definitions import definitions, head_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archaeologist_tools.git.snapshot import Snapshot
    from archaeologist_tools.reading.excerpts import Excerpt
    from archaeologist_tools.surgery.definitions import Definition

_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_of(
    snapshot: Snapshot, path: str, qualnames: Collection[str], limit: int, *, outlined: bool = False
) -> Excerpt:
    """The code of classes and functions, each below the first line of what it stands in.

    Where a name is not there, or empty, the module is shown around the others, with its functions folded.

    Args:
        snapshot: what the file is read from.
        path: the file.
        qualnames: classes and functions, as in `Stock.add`.
        limit: characters of code at most; what is missing is said.
        outlined: fold the methods of classes, but for `__init__`.

    Raises:
        EditRefused: the path is no regular file of the repository, or the file is no text or too large.
    """
    module = module_of(snapshot, path)
    if not isinstance(module, Module):
        return lines_of(snapshot, path, 1, None, limit)
    lines = clean_lines(snapshot, path)
    found = [(name, node) for name, node in definitions(module.index) if name in qualnames]
    names, nodes = {name for name, _ in found}, [node for _, node in found]
    hidden = dict(_methods(module, names)) if outlined else {}
    if set(qualnames) <= names:
        numbers = sorted({number for node in nodes for number in _numbers(module, node)})
    else:
        numbers = list(range(1, len(lines) + 1))
        hidden |= {start: end for start, end in folds(module).items() if not _is_in(start, nodes)}
    extent = (numbers[0], numbers[-1], len(lines))
    return filled(snapshot, path, _folded(lines, numbers, hidden), extent, Room(limit))


def _numbers(module: Module, node: Definition) -> Iterator[int]:
    """The lines of a class or function, and the first lines of those around it."""
    yield from (each.lineno for each in module.index.ancestors(node) if isinstance(each, _DEFINITIONS))
    yield from range(head_line(node), (node.end_lineno or node.lineno) + 1)


def _methods(module: Module, found: Collection[str]) -> Iterator[tuple[int, int]]:
    """The bodies of methods that nobody asked for."""
    for name, node in definitions(module.index):
        inside = name.rpartition(".")[0] in found and name not in found and node.name != "__init__"
        if inside and (fold := fold_of(node)):
            yield fold


def _is_in(line: int, nodes: Collection[Definition]) -> bool:
    return any(head_line(node) <= line <= (node.end_lineno or node.lineno) for node in nodes)


def _folded(lines: Sequence[str], numbers: Sequence[int], hidden: dict[int, int]) -> Iterator[Line]:
    """The lines of these numbers, with one line in the place of what is hidden."""
    end = 0
    for number in numbers:
        text = lines[number - 1]
        if number in hidden:
            end = hidden[number]
            indent = text[: len(text) - len(text.lstrip())]
            yield Line(number, f"{indent}... [to line {end}]")
        elif number > end:
            yield Line(number, text)
