"""Where statements stand: the suites of a file, and the lines that belong to each.

A suite is what stands below a header such as `if x:` or `def f():`. Whole statements of one are read in the same way
whatever stands around them, as long as they have their lines to themselves. So where a few lines of a file are to be
read, only the statements of the innermost suite need be.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from archaeologist_tools.source.module import first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from archaeologist_tools.source.module import Module

# The fields that are suites, in the order of the source. Other statements, and `except`, are not looked into.
_FIELDS: Mapping[type[ast.stmt], tuple[str, ...]] = {
    ast.ClassDef: ("body",),
    ast.FunctionDef: ("body",),
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.Try: ("body",),
}
CLASSES: frozenset[type[ast.stmt]] = frozenset({ast.ClassDef})
"""The statements whose suites compile as they do apart, whatever they hold."""
ALL: frozenset[type[ast.stmt]] = frozenset(_FIELDS)
"""The statements whose suites can be read apart."""


@dataclass(frozen=True)
class Suite:
    """The statements below one header, or those of a file.

    Attributes:
        owner: what they are part of.
        field: the field of it that they are in.
    """

    owner: ast.Module | ast.stmt
    field: str = "body"

    @property
    def body(self) -> list[ast.stmt]:
        """The statements."""
        found: list[ast.stmt] = getattr(self.owner, self.field)
        return found


@dataclass(frozen=True)
class Place:
    """The statements on some lines.

    Attributes:
        around: the suites around them, outermost first.
        start: the number of the first one in the innermost suite.
        statements: all of them.
        first: the number of the first line that is theirs.
        last: the number of the last one.
        head_only: there is one, a class, and of its lines only those of its head are meant.
    """

    around: tuple[Suite, ...]
    start: int
    statements: Sequence[ast.stmt]
    first: int
    last: int
    head_only: bool = False


def place_on(module: Module, first: int, last: int, kinds: Collection[type[ast.stmt]]) -> Place:
    """Find the statements on some lines, in the innermost suite that holds all of these.

    Args:
        module: the file.
        first: the number of the first line.
        last: the number of the last one.
        kinds: the statements whose suites are looked into.
    """
    around = [Suite(module.tree)]
    while True:
        start, found = _standing_on(around[-1].body, first, last)
        below = _below(found[0], first, last, module, kinds) if len(found) == 1 else []
        if not below:
            break
        around += below
    if not found:
        return Place((*around,), start, found, first, last)
    head_only = len(found) == 1 and type(found[0]) in kinds and _is_in_head(found[0], last, module)
    end = first_line(found[0].body[0]) - 1 if head_only else _last_line(found[-1])  # type: ignore[attr-defined]  # a class
    return Place((*around,), start, found, min(first, first_line(found[0])), max(last, end), head_only)


_last_line: Callable[[ast.stmt], int] = attrgetter("end_lineno")


def _standing_on(body: list[ast.stmt], first: int, last: int) -> tuple[int, list[ast.stmt]]:
    """The statements on some lines, and on the lines of these: the number of the first one, and all."""
    while True:
        start = stop = bisect_left(body, first, key=_last_line)
        while stop < len(body) and first_line(body[stop]) <= last:
            stop += 1
        found = body[start:stop]
        if not found or (first <= first_line(found[0]) and _last_line(found[-1]) <= last):
            return start, found
        first, last = min(first, first_line(found[0])), max(last, _last_line(found[-1]))


def _below(node: ast.stmt, first: int, last: int, module: Module, kinds: Collection[type[ast.stmt]]) -> list[Suite]:
    """The suite of a statement that holds all of some lines, behind those that lead to it; none where none does."""
    suites = [Suite(node, field) for field in _FIELDS[type(node)]] if type(node) in kinds else []
    begun = [suite for suite in suites if suite.body and first_line(suite.body[0]) <= first]
    if not begun:
        return []
    statements = begun[-1].body
    if last > _last_line(statements[-1]) < _last_line(node) or not _begins_line(statements[0], module):
        return []
    if module.line(statements[0].lineno).lstrip().startswith(b"elif"):
        below = _below(statements[0], first, last, module, kinds)
        return [begun[-1], *below] if below else []
    return begun[-1:]


def _begins_line(node: ast.stmt, module: Module) -> bool:
    """Whether nothing stands in front of a statement in its line."""
    return not module.line(node.lineno)[: node.col_offset].strip()


def _is_in_head(node: ast.stmt, last: int, module: Module) -> bool:
    """Whether lines up to some one are those of the head of a class whose body begins on a line of its own."""
    return isinstance(node, ast.ClassDef) and last < first_line(node.body[0]) and _begins_line(node.body[0], module)
