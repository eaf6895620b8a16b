"""Files that are opened into a variable and closed further down: which lines a `with` block would have to hold.

Three shapes are known: `f.close()` as a later statement of the same block, `try: ... finally: f.close()`, and a local
file that is never closed at all.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.files.departures import (
    STRICT,
    derived_uses,
    descriptor_lives,
    escapes,
    noticed_later,
    role_of,
    spared_closes,
    worst,
)
from archaeologist_tools.files.handles import FUNCTIONS, Occurrences, Role, inside, occurrences
from archaeologist_tools.files.opening import Opening, closed_name, opening_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View


@dataclass(frozen=True)
class Closing:
    """Where the file of an opening is closed.

    Attributes:
        openings: the files that one `with` statement can open, the first one first.
        body: the statements from the opening to the end of its use.
        closes: the `close()` statements that the `with` statement stands for.
        last: the last of `body` and `closes` in the block.
        guard: the `try` whose `finally` closes it.
        spared: early `close()` statements inside of `body` that nothing depends on.
    """

    openings: tuple[Opening, ...]
    body: tuple[ast.stmt, ...]
    closes: tuple[ast.stmt, ...]
    last: ast.stmt
    guard: ast.Try | None = None
    spared: tuple[ast.stmt, ...] = ()


def closing_of(opening: Opening, view: View) -> Closing | str:
    """Where a file is closed when a `with` block can do it, or why it cannot, as a reason code."""
    found = occurrences(opening.owner, opening.name)
    if found.declared or found.captured:
        return "captured"
    for number, statement in enumerate(opening.block[opening.place + 1 :], opening.place + 1):
        if closed_name(statement) == opening.name:
            return _straight(opening, number, found, view)
        if isinstance(statement, ast.Try) and opening.name in _closed_in(statement.finalbody):
            return _guarded(opening, number, found, view)
        if any(inside(node, [statement], view) for node in found.bindings):
            return "handle-rebound"
    return _never(opening, found, view)


def _straight(opening: Opening, close: int, found: Occurrences, view: View) -> Closing | str:
    """`f = open(...)`, some statements, `f.close()`."""
    block = opening.block
    reason = escapes(opening, block[opening.place + 1 : close], found, view)
    reason = reason or noticed_later(opening, block[opening.place : close + 1], found, view)
    if reason:
        return reason
    first, end = _run_of_closes(block, close)
    first = max(first, opening.place + 1)
    partners = _partners(opening, first, end, view)
    if isinstance(partners, str):
        return partners
    group = _group(opening, partners, block[first:end], view)
    names, moved = {item.name for item in group}, {item.name for item in partners}
    tail = [node for node in block[first:end] if closed_name(node) in names | moved]
    last = tail[-1]
    if tail != list(block[first : block.index(last) + 1]):
        return "interleaved"
    inner = tuple(node for node in block[group[-1].place + 1 : block.index(last) + 1] if closed_name(node) not in names)
    closes = tuple(node for node in tail if closed_name(node) in names)
    return Closing(group, inner, closes, last, spared=tuple(spared_closes(opening, inner, found, view)))


def _run_of_closes(block: Sequence[ast.stmt], place: int) -> tuple[int, int]:
    """The statements around one that close files, too."""
    first, end = place, place + 1
    while first and closed_name(block[first - 1]):
        first -= 1
    while end < len(block) and closed_name(block[end]):
        end += 1
    return first, end


def _partners(opening: Opening, first: int, end: int, view: View) -> list[Opening] | str:
    """The files opened behind this one that are closed together with it, or why they stand in the way."""
    block = opening.block
    opened = [other for node in block[opening.place + 1 : first] if (other := _assigned_opening(node, view))]
    within = {closed_name(node) for node in block[opening.place + 1 : first]}
    together = {closed_name(node) for node in block[first:end]}
    later = {closed_name(node) for node in block[end:]}
    before = [_assigned_opening(node, view) for node in block[: opening.place]]
    if any(other.name in later - within - together for other in opened):
        return "interleaved"
    if any(other and other.name in within - {item.name for item in opened} for other in before):
        return "interleaved"
    partners = [other for other in opened if other.name in together]
    return partners if all(_independent(opening, other) for other in partners) else "interleaved"


def _independent(first: Opening, second: Opening) -> bool:
    """Whether it cannot be seen which of two files is closed first."""
    if any(isinstance(node, ast.Name) and node.id == first.name for node in ast.walk(second.opener.call)):
        return False
    same = [ast.dump(item.opener.call.args[0]) if item.opener.call.args else "" for item in (first, second)]
    return same[0] != same[1] or (first.opener.only_reads and second.opener.only_reads)


def _assigned_opening(node: ast.stmt, view: View) -> Opening | None:
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return None
    found = opening_of(node.value, view)
    return found if isinstance(found, Opening) else None


def _group(opening: Opening, partners: Sequence[Opening], tail: Sequence[ast.stmt], view: View) -> tuple[Opening, ...]:
    """Those that are opened directly behind each other, and whose handles stay in the block as well."""
    group = [opening]
    for other in partners:
        close = next(node for node in tail if closed_name(node) == other.name)
        region = other.block[other.place : other.block.index(close) + 1]
        found = occurrences(other.owner, other.name)
        leaks = found.declared or found.captured or escapes(other, region[1:], found, view)
        if other.place != group[-1].place + 1 or leaks or noticed_later(other, region, found, view):
            break
        if not _fits([*group, other], view):
            break
        group.append(other)
    return tuple(group)


def _fits(group: Sequence[Opening], view: View) -> bool:
    """Whether one `with` line can hold these."""
    first = group[0].statement
    parts = [f"{view.module.segment(item.opener.call)} as {item.name}" for item in group]
    return first.col_offset + len(f"with {', '.join(parts)}:") <= view.line_limit


def _guarded(opening: Opening, number: int, found: Occurrences, view: View) -> Closing | str:
    """`f = open(...)`, perhaps some statements, `try: ... finally: f.close()`."""
    guard = opening.block[number]
    assert isinstance(guard, ast.Try)  # noqa: S101 - the caller looked
    if len(guard.finalbody) != 1:
        return "closed-with-more"
    if opening.opener.kind == "tarfile.open" and not opening.opener.only_reads:
        return "tar-writer"
    between = opening.block[opening.place + 1 : number]
    if any(inside(node, [*between, guard], view) for node in found.bindings):
        return "handle-rebound"
    if between:
        reason = escapes(opening, between, found, view) or noticed_later(
            opening, opening.block[opening.place : number + 1], found, view
        )
        if reason:
            return reason
    return Closing((opening,), (*between, guard), tuple(guard.finalbody), guard, guard)


def _never(opening: Opening, found: Occurrences, view: View) -> Closing | str:
    """A file that lives in a variable of a function until the function is left."""
    if any(isinstance(node, ast.Attribute) and node.attr == "close" for node in _parents(found.loads, view)):
        return "not-closed-here"
    if not isinstance(opening.owner, FUNCTIONS) or len(found.bindings) != 1 or not found.loads:
        return "not-closed-here"
    uses, kept = list(found.loads), set[Role]()
    for use in found.loads:
        more = derived_uses(use, opening.owner, view)
        uses += more or []
        kept |= {role_of(use, opening, view)} - STRICT if more is None else set()
    body = used_in(opening.block[opening.place + 1 :], uses, view)
    if kept or not body:
        return worst(kept) if kept else "not-closed-here"
    if descriptor_lives(opening, opening.block[opening.place : opening.place + 1 + len(body)], view):
        return "used-after"
    rest = opening.block[opening.place + 1 + len(body) :]
    if not opening.opener.only_reads and not ends_function(opening.block, rest, opening.owner):
        return "write-visible"
    return Closing((opening,), tuple(body), (), body[-1])


def used_in(block: Sequence[ast.stmt], uses: Sequence[ast.Name], view: View) -> Sequence[ast.stmt]:
    """The statements up to the last use; none when something is used elsewhere, too."""
    users = [node for node in block if any(inside(use, [node], view) for use in uses)]
    if not users or not all(inside(use, users, view) for use in uses):
        return ()
    return block[: block.index(users[-1]) + 1]


def ends_function(block: Sequence[ast.stmt], rest: Sequence[ast.stmt], owner: ast.AST) -> bool:
    """Whether a function does nothing more that could see whether a file was closed."""
    if block is not getattr(owner, "body", None):
        return False
    plain = (ast.Name, ast.Constant, type(None))
    return not rest or (len(rest) == 1 and isinstance(rest[0], ast.Return) and isinstance(rest[0].value, plain))


def _closed_in(block: Sequence[ast.stmt]) -> set[str]:
    return {name for statement in block if (name := closed_name(statement))}


def _parents(nodes: Sequence[ast.AST], view: View) -> Iterator[ast.AST]:
    return (view.index.parents[node] for node in nodes)
