"""Who may still use a file when a `with` block around its use has closed it.

On the straight way from the opening to the `close()` nothing changes. Where a statement leaves early, or an exception
is caught, the file is closed sooner than before, and nobody there may notice.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.files.handles import (
    FUNCTIONS,
    Occurrences,
    Role,
    exits,
    in_lazy_scope,
    inside,
    occurrences,
    role,
)
from archaeologist_tools.files.meanings import meaning
from archaeologist_tools.files.openers import LAZY, READING
from archaeologist_tools.files.opening import Opening, closed_name
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_DESCRIPTOR_FUNCTIONS = frozenset(
    {"close", "dup", "dup2", "fstat", "fsync", "isatty", "lseek", "read", "write", "flock"}
)
STRICT = frozenset({Role.CONSUMED})
_RELAXED = frozenset({Role.CONSUMED, Role.PASSED_ON})


def escapes(opening: Opening, body: Sequence[ast.stmt], found: Occurrences, view: View) -> str:
    """Why the handle may outlive the block, as a reason code; empty when it cannot."""
    if any(inside(node, body, view) for node in found.bindings):
        return "handle-rebound"
    leaving = list(exits(body))
    allowed = STRICT if leaving else _RELAXED
    uses = [use for use in found.loads if inside(use, body, view) and not _is_derived(use, opening, body, view)]
    roles = {role_of(use, opening, view) for use in uses} - allowed
    if roles:
        return "leaves-early" if roles == {Role.PASSED_ON} else worst(roles)
    guarded = any(isinstance(node, (ast.Try, ast.With)) for node in view.index.ancestors(opening.statement))
    unseen = opening.opener.only_reads or (not guarded and all(isinstance(node, ast.Return) for node in leaving))
    return "leaves-early" if leaving and not unseen else ""


def role_of(use: ast.Name, opening: Opening, view: View) -> Role:
    """What a use does with the handle, also when it runs later than the code around it."""
    return Role.CAPTURED if in_lazy_scope(use, opening.owner, view) else role(use, view)


def derived_uses(value: ast.expr, owner: ast.AST, view: View) -> Sequence[ast.Name] | None:
    """The uses of `reader` in `reader = csv.reader(f)`, seen from the `f`, when each of them uses it up."""
    call = view.index.parents[value]
    if not isinstance(call, ast.Call) or value is call.func or meaning(call.func, view) not in LAZY:
        return None
    match view.index.parents[call]:
        case ast.Assign(targets=[ast.Name(id=name)]):
            found = occurrences(owner, name)
            alone = len(found.bindings) == 1 and not found.captured and not found.declared
            used_up = all(not in_lazy_scope(use, owner, view) and role(use, view) in STRICT for use in found.loads)
            return found.loads if alone and used_up else None
    return None


def _is_derived(use: ast.Name, opening: Opening, body: Sequence[ast.stmt], view: View) -> bool:
    later = derived_uses(use, opening.owner, view)
    return later is not None and all(inside(other, body, view) for other in later)


def worst(roles: set[Role]) -> str:
    """The reason code for the gravest of some roles."""
    order = (Role.STORED, Role.RETURNED, Role.YIELDED, Role.CAPTURED, Role.PASSED_ON)
    return next(item.value for item in order if item in roles)


def noticed_later(opening: Opening, region: Sequence[ast.stmt], found: Occurrences, view: View) -> str:
    """Whether code that runs after an exception or an early exit may use the handle, as a reason code."""
    around = [node for node in view.index.ancestors(opening.statement) if inside(node, [opening.owner], view)]
    catching = any(type(node).__name__ in {"Try", "TryStar", "With", "AsyncWith"} for node in around)
    jumping = any(not isinstance(node, ast.Return) for node in exits(region))
    if not catching and not jumping:
        return ""
    if descriptor_lives(opening, region, view):
        return "used-after"
    others = (use for use in found.loads if not inside(use, region, view))
    return "used-after" if any(not _is_own(use, opening.name, region, view) for use in others) else ""


def descriptor_lives(opening: Opening, region: Sequence[ast.stmt], view: View) -> bool:
    """Whether a file is made of a descriptor that may be used elsewhere, where it must not be closed yet."""
    first = opening.opener.call.args[0] if opening.opener.call.args else None
    if isinstance(first, ast.Constant) and not isinstance(first.value, (str, bytes)):
        return True
    if first is None or any(isinstance(node, ast.Attribute) and node.attr == "fileno" for node in ast.walk(first)):
        return True
    text = ast.dump(first)
    return any(
        isinstance(node, ast.Call)
        and dotted(node.func).rpartition(".")[2] in _DESCRIPTOR_FUNCTIONS
        and any(ast.dump(argument) == text for argument in node.args)
        and not inside(node, region, view)
        for node in ast.walk(opening.owner)
    )


def _is_own(use: ast.Name, name: str, region: Sequence[ast.stmt], view: View) -> bool:
    """Whether a use outside the block is a `close()`, or is of a file that was opened for it in its own block."""
    attribute = view.index.parents[use]
    if isinstance(attribute, ast.Attribute) and attribute.attr in {"close", "name"}:
        return True
    for node in view.index.ancestors(use):
        if isinstance(node, (*FUNCTIONS, ast.Module)) or inside(region[0], [node], view):
            return False
        if isinstance(node, (ast.With, ast.AsyncWith)) and any(_names(item.optional_vars, name) for item in node.items):
            return True
        if isinstance(node, ast.stmt):
            block = view.index.block_of(node)
            for item in reversed(block[: block.index(node)]):
                if inside(region[0], [item], view):
                    return False
                if isinstance(item, ast.Assign) and any(_names(target, name) for target in item.targets):
                    return True
    return False


def _names(target: ast.expr | None, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def spared_closes(opening: Opening, body: Sequence[ast.stmt], found: Occurrences, view: View) -> Iterator[ast.stmt]:
    """Early `f.close()` statements of a file that is only read, after which nothing uses it."""
    uses = [use for use in found.loads if inside(use, body, view)]
    if not opening.opener.only_reads and (opening.opener.mode or not all(_only_reads(use, view) for use in uses)):
        return
    closes = {use: node for use in uses if (node := _close_statement(use, view))}
    others = [use for use in uses if use not in closes]
    for node in closes.values():
        block = view.index.block_of(node)
        if node not in body and len(block) > 1 and not any(_may_follow(use, node, block, view) for use in others):
            yield node


def _may_follow(use: ast.Name, close: ast.stmt, block: Sequence[ast.stmt], view: View) -> bool:
    """Whether a use may run after a statement of a block."""
    if _leaves(block[-1], view):
        return inside(use, block[block.index(close) :], view)
    if use.lineno > close.lineno:
        return True
    loops = [node for node in view.index.ancestors(close) if isinstance(node, _LOOPS)]
    # `for line in f.readlines()` asks the file once, `for line in f` and `for row in csv.reader(f)` in every round.
    once = isinstance(view.index.parents[use], ast.Attribute)
    first = [node.iter for node in loops if isinstance(node, ast.For)] if once else []
    return inside(use, loops, view) and not inside(use, first, view)


def _leaves(last: ast.stmt, view: View) -> bool:
    """Whether a statement surely ends the function."""
    around = [node for node in view.index.ancestors(last) if isinstance(node, (ast.Try, ast.With))]
    if any(isinstance(node, ast.Try) and node.finalbody for node in around):
        return False
    if isinstance(last, ast.Raise):
        return all(isinstance(node, ast.Try) and not inside(last, node.body, view) for node in around)
    return isinstance(last, ast.Return)


def _close_statement(use: ast.Name, view: View) -> ast.stmt | None:
    statement = next(node for node in view.index.ancestors(use) if isinstance(node, ast.stmt))
    return statement if closed_name(statement) == use.id else None


def _only_reads(use: ast.Name, view: View) -> bool:
    parent = view.index.parents[use]
    if isinstance(parent, ast.Attribute):
        return parent.attr in READING | {"close", "seek", "tell"}
    return isinstance(parent, (ast.For, ast.comprehension))
