"""Where a module mentions a value: looked up by name, because a walk through a function for every question is long."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.source.index import Index

Key: TypeAlias = tuple[object, ...]
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def key_of(node: ast.AST) -> Key | None:
    """What tells a name, an attribute or an item from others: `a.b['c']` is a, b and c; None for anything else."""
    parts: list[object] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            parts.append((node.slice.value,))
        else:
            return None
        node = node.value
    return (node.id, *reversed(parts))


class Mentions:
    """The places where one module mentions values.

    Args:
        index: the module's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._around: dict[str, AbstractSet[ast.AST]] = {}
        self._reads: dict[str, Sequence[ast.Name]] = {}
        self._read_in: dict[tuple[str, _Function | None], AbstractSet[ast.AST]] = {}
        self._of: dict[Key, Sequence[ast.AST]] = {}

    def around(self, name: str) -> AbstractSet[ast.AST]:
        """All nodes that a name is somewhere inside of, and the name itself."""
        if name not in self._around:
            self._around[name] = self.above(self._index.names.get(name, ()))
        return self._around[name]

    def read_in(self, name: str, function: _Function | None) -> AbstractSet[ast.AST]:
        """All nodes of a function that a name is read somewhere inside of.

        None at all where it is read only once: who asks wants to know where else that is.

        Args:
            name: the name.
            function: the function; None for the whole module.
        """
        place = name, function
        if place not in self._read_in:
            reads = self._reads_of(name)
            if function is not None:
                last = function.end_lineno or function.lineno
                reads = reads[bisect_left(reads, function.lineno, key=_line) : bisect_right(reads, last, key=_line)]
            self._read_in[place] = self.above(reads, function) if len(reads) > 1 else frozenset()
        return self._read_in[place]

    def _reads_of(self, name: str) -> Sequence[ast.Name]:
        """The places that read a name, in the order of their lines."""
        if name not in self._reads:
            found = (node for node in self._index.names.get(name, ()) if node.ctx.__class__ is ast.Load)
            self._reads[name] = sorted(found, key=_line)
        return self._reads[name]

    def above(self, nodes: Iterable[ast.AST], end: ast.AST | None = None) -> AbstractSet[ast.AST]:
        """Some nodes, and all that are around one of them, up to one where it ends."""
        parents = self._index.parents
        found: set[ast.AST] = set()
        for node in nodes:
            step: ast.AST | None = node
            while step is not end and step is not None and step not in found:
                found.add(step)
                step = parents.get(step)
        return found

    def of(self, key: Key) -> Sequence[ast.AST]:
        """The names, attributes or items with a key."""
        if key not in self._of:
            self._of[key] = self._found(key)
        return self._of[key]

    def _found(self, key: Key) -> Sequence[ast.AST]:
        name = key[-1]
        if not isinstance(name, str):
            return self._items.get(key, ())
        if len(key) == 1:
            return self._index.names.get(name, ())
        return [node for node in self._index.attributes.get(name, ()) if key_of(node) == key]

    @cached_property
    def _items(self) -> dict[Key, list[ast.AST]]:
        found: dict[Key, list[ast.AST]] = defaultdict(list)
        for node in self._index.of(ast.Subscript):
            if (key := key_of(node)) is not None:
                found[key].append(node)
        return dict(found)


def _line(node: ast.Name) -> int:
    return node.lineno
