"""Functions that do the same: alike but for the names of their variables, comments and layout (clones of type 2)."""

from __future__ import annotations

import ast
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.source.index import walk
from archaeologist_tools.surgery.definitions import definitions, head_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.source.module import Module

WORTH_NODES = 20
"""Nodes of a syntax tree, about four simple lines; smaller functions are alike by chance."""

_VARIABLES = (ast.Name, ast.arg, ast.ExceptHandler)


class Copy(NamedTuple):
    """One of several functions that are alike."""

    path: str
    first: int
    last: int
    name: str

    def __str__(self) -> str:
        """Show where it is."""
        return f"{self.path}:{self.first}-{self.last} {self.name}"


def duplicates(modules: Iterable[Module]) -> list[tuple[Copy, ...]]:
    """Find functions that are alike.

    Args:
        modules: where to look; each is asked for once and not kept.

    Returns:
        groups of two and more, those with the most lines to save first.
    """
    groups: defaultdict[str, list[Copy]] = defaultdict(list)
    for module in modules:
        for shape, copy in _shapes(module):
            groups[shape].append(copy)
    alike = [tuple(copies) for copies in groups.values() if len(copies) > 1]
    return sorted(alike, key=lambda copies: (-_saved(copies), copies[0]))


def _saved(copies: tuple[Copy, ...]) -> int:
    return (len(copies) - 1) * (copies[0].last - copies[0].first + 1)


def _shapes(module: Module) -> Iterator[tuple[str, Copy]]:
    for name, node in definitions(module.index):
        if not isinstance(node, ast.ClassDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            if sum(1 for statement in body for _ in walk(statement)) >= WORTH_NODES:
                last = node.end_lineno or node.lineno
                yield _shape(node, body), Copy(module.path, head_line(node), last, name)


def _shape(function: ast.FunctionDef | ast.AsyncFunctionDef, body: list[ast.stmt]) -> str:
    """A digest of a body in which each of its own variables is called by its turn."""
    own = {node.arg for node in walk(function) if isinstance(node, ast.arg)}
    own |= {node.id for node in walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    turns: dict[str, str] = {}
    parts = (part for statement in body for node in walk(statement) for part in _told(node, own, turns))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _told(node: ast.AST, own: set[str], turns: dict[str, str]) -> Iterator[str]:
    """Yield what a node is but for the nodes below it, of which it yields how many there are: they come next."""
    yield type(node).__name__
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            yield f"{len(value)} {' '.join(_name_of(each) for each in value)}"
        elif isinstance(value, ast.AST):
            yield _name_of(value)
        elif value in own and isinstance(node, _VARIABLES) and field in {"id", "arg", "name"}:
            yield turns.setdefault(value, f"<{len(turns)}>")
        else:
            yield repr(value)


def _name_of(value: object) -> str:
    return type(value).__name__ if isinstance(value, ast.AST) else repr(value)
