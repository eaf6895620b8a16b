"""The blank lines around lines that go: what stood between two things need not stand twice between their neighbours."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.source.module import first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from archaeologist_tools.source.module import Module

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def with_gap(start: int, end: int, module: Module, going: Container[int] = ()) -> int:
    """Where to end, in bytes, so that the larger one of the gaps above and below stays, and none at the file's top.

    Args:
        start: where the lines that go begin, in bytes.
        end: where they end; a place that is not whole lines is left as it is.
        module: the file.
        going: 1-based numbers of lines above that go, too.
    """
    first, last = module.position(start)[0], module.position(end)[0]
    if start == end or start != module.starts[first - 1] or end != module.starts[last - 1]:
        return end
    above, run, gap = first - 1, 0, 0
    while above and (above in going or _is_blank(module, above)):
        run = 0 if above in going else run + 1
        gap, above = max(gap, run), above - 1
    below = last
    while below < module.lines and _is_blank(module, below) and (below - last < gap or not above):
        below += 1
    return module.starts[below - 1]


def missing_around(
    statement: ast.stmt, block: Sequence[ast.stmt], module: Module, wanted: int, also: Callable[[ast.stmt], bool]
) -> tuple[int, int, int]:
    """Where blank lines are missing around a statement that becomes a definition.

    Args:
        statement: the statement, which may be a definition already.
        block: the block it stands in.
        module: the file.
        wanted: how many there ought to be.
        also: whether a statement above becomes one, too, and brings its own blank lines.

    Returns:
        The line that the missing ones go above, which is that of the comment on the statement when there is one; how
        many are missing there, and how many below the statement.
    """
    place, first, last = block.index(statement), first_line(statement), statement.end_lineno or statement.lineno
    while first > 1 and module.line(first - 1).lstrip().startswith(b"#"):
        first -= 1
    above = 0
    while above + 1 < first and _is_blank(module, first - 1 - above):
        above += 1
    below = 0
    while last + below < module.lines and _is_blank(module, last + 1 + below):
        below += 1
    settled, at_end = place == 0 or also(block[place - 1]), place + 1 == len(block)
    return first, 0 if settled else max(0, wanted - above), 0 if at_end else max(0, wanted - below)


def around_definitions(
    statement: ast.stmt, alive: Sequence[ast.stmt], block: Sequence[ast.stmt], module: Module, wanted: int
) -> tuple[int, int]:
    """How many blank lines are missing where definitions among some statements take the place of another statement.

    Args:
        statement: the statement that goes.
        alive: the statements that take its place.
        block: the block it stands in.
        module: the file.
        wanted: how many there ought to be.

    Returns:
        How many are missing above and below; none where a comment stands, as it may be about what is behind it.
    """
    line, above, below = missing_around(statement, block, module, wanted, lambda _: False)
    behind = module.data[module.starts[statement.end_lineno or 0] :].lstrip() if below else b""
    return (
        above if isinstance(alive[0], _DEFINITIONS) and line == statement.lineno else 0,
        below if isinstance(alive[-1], _DEFINITIONS) and not behind.startswith(b"#") else 0,
    )


def _is_blank(module: Module, number: int) -> bool:
    return not module.line(number).strip(b" \t\r\n")
