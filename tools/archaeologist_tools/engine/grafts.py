"""The tree of a file after edits, made of the tree before: to parse a file takes three times as long.

What edits touched was parsed by itself (`parts`). The new statements are put in the place of the old ones, and what
stands behind moves to the lines it has now. The tree before is used up by that, so it is taken from its file, which
would be parsed again if anybody asked.
"""

from __future__ import annotations

import ast
import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from archaeologist_tools.engine.parts import suites_after

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.parts import Part
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_LAST_FIRST = ("finalbody", "orelse", "handlers", "body")
_SEMICOLON = re.compile(rb"[ \t\f]*;")


def graft(before: Module, after: Module, changed: Sequence[Part]) -> None:
    """Give a file the tree that it had before edits, with what these changed.

    Args:
        before: the file before edits, whose tree was walked; it loses its tree.
        after: the file after them.
        changed: what they changed, in order.
    """
    tree = before.tree
    _move(before.index, _shifts(changed, len(before.starts)))
    heads = {part.old[0]: part.new[0] for part in changed if part.head_only}
    for suite, body in suites_after(changed):
        setattr(suite.owner, suite.field, body)
    for old, new in heads.items():
        new.body = old.body  # type: ignore[attr-defined]  # both are classes
    for node in _around(changed):
        _end(heads.get(node, node), after)
    vars(before).pop("tree")
    vars(before).pop("index")
    vars(after)["tree"] = tree


def _shifts(changed: Sequence[Part], count: int) -> list[int]:
    """How far each line moves, by its number."""
    steps = [0] * (count + 1)
    for part in changed:
        steps[part.old_lines.stop] += len(part.new_lines) - len(part.old_lines)
    return [*accumulate(steps)]


def _move(index: Index, shifts: Sequence[int]) -> None:
    """Move all nodes to other lines."""
    first = next((line for line, shift in enumerate(shifts) if shift), None)
    for node in () if first is None else index.placed():
        if (last := node.end_lineno) >= first:
            node.end_lineno = last + shifts[last]
            node.lineno += shifts[node.lineno]


def _around(changed: Sequence[Part]) -> Iterator[ast.stmt]:
    """The statements whose suites or heads edits changed, inner ones before those around them."""
    depths = {suite.owner: depth for part in changed for depth, suite in enumerate(part.around)}
    depths |= {part.old[0]: len(part.around) for part in changed if part.head_only}
    for node in sorted(depths, key=depths.__getitem__, reverse=True):
        if isinstance(node, ast.stmt):
            yield node


def _end(node: Any, module: Module) -> None:
    """Let a statement end where the last one below it does, with the semicolon behind that."""
    last = next(below[-1] for field in _LAST_FIRST if (below := getattr(node, field, None)))
    behind = _SEMICOLON.match(module.line(last.end_lineno), last.end_col_offset)
    node.end_lineno, node.end_col_offset = last.end_lineno, behind.end() if behind else last.end_col_offset
