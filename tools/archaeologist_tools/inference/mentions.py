"""Where a module mentions a value: looked up by name, because a walk through a function for every question is long."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.source.index import Index

Key: TypeAlias = tuple[object, ...]
_Mention: TypeAlias = ast.Name | ast.Attribute | ast.Subscript
_line: Callable[[ast.expr], int] = attrgetter("lineno")


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
        self._reads: dict[Key, tuple[Sequence[int], Sequence[ast.expr]]] = {}
        self._of: dict[Key, Sequence[_Mention]] = {}

    def around(self, name: str) -> AbstractSet[ast.AST]:
        """All nodes that a name is somewhere inside of, and the name itself."""
        if name not in self._around:
            self._around[name] = self.above(self._index.names.get(name, ()))
        return self._around[name]

    def reads(self, key: Key, first: int, last: int) -> Sequence[ast.expr]:
        """The places in some lines that read what has a key.

        Args:
            key: the key.
            first: the number of the first line.
            last: the number of the last line.
        """
        if key not in self._reads:
            self._reads[key] = self._read(key)
        lines, nodes = self._reads[key]
        return nodes[bisect_left(lines, first) : bisect_right(lines, last)]

    def _read(self, key: Key) -> tuple[Sequence[int], Sequence[ast.expr]]:
        """The lines that read what has a key, in order, and the places."""
        found = [node for node in self.of(key) if node.ctx.__class__ is ast.Load]
        line = self._line_of_whole if self._index.of(ast.JoinedStr) else _line
        found.sort(key=line)
        return [*map(line, found)], found

    def _line_of_whole(self, node: ast.expr) -> int:
        # The lines of what is inside of an f-string are not those of the file before Python 3.12.
        return (self._index.fstring_around(node) or node).lineno

    def above(self, nodes: Iterable[ast.AST]) -> AbstractSet[ast.AST]:
        """Some nodes, and all that are around one of them."""
        parents = self._index.parents
        found: set[ast.AST] = set()
        for node in nodes:
            step: ast.AST | None = node
            while step is not None and step not in found:
                found.add(step)
                step = parents.get(step)
        return found

    def of(self, key: Key) -> Sequence[_Mention]:
        """The names, attributes or items with a key."""
        if key not in self._of:
            self._of[key] = self._found(key)
        return self._of[key]

    def _found(self, key: Key) -> Sequence[_Mention]:
        name = key[-1]
        if not isinstance(name, str):
            return self._items.get(key, ())
        if len(key) == 1:
            return self._index.names.get(name, ())
        return [node for node in self._index.attributes.get(name, ()) if key_of(node) == key]

    @cached_property
    def _items(self) -> dict[Key, list[_Mention]]:
        found: dict[Key, list[_Mention]] = defaultdict(list)
        for node in self._index.of(ast.Subscript):
            if (key := key_of(node)) is not None:
                found[key].append(node)
        return dict(found)
