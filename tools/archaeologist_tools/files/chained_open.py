"""Files that are opened in the middle of an expression, such as `open(path).read()`: the `with` block around it."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from archaeologist_tools.files.chain_names import Chain, named
from archaeologist_tools.files.closing import ends_function, used_in
from archaeologist_tools.files.departures import derived_uses
from archaeologist_tools.files.handles import (
    FUNCTIONS,
    Role,
    role,
    scope_of,
)
from archaeologist_tools.files.meanings import meaning
from archaeologist_tools.files.openers import READING, Opener, opener_of
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_EAGER_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
_CONDITIONAL = (ast.IfExp, ast.BoolOp, ast.Compare, ast.Lambda)
_BREAK = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")


def chain_of(call: ast.Call, view: View) -> Chain | str:
    """How a `with` block can be put around an opening, or why it cannot, as a reason code."""
    opener = opener_of(call, view)
    if opener is None:
        return "rebound"
    path = list(_path(call, view))
    statement, used = path[-1], role(call, view)
    reader = used is Role.PASSED_ON and isinstance(statement, ast.stmt) and _last_reader(opener, statement, view)
    if used is not Role.CONSUMED and not reader:
        return _why_kept(call, used, view)
    if isinstance(path[1], ast.Expr):
        return "not-closed-here"
    reason = _wrong_place(path, view) or ("" if reader else _wrong_use(opener, path))
    if not reason and _loaded_late(opener, path, view):
        reason = "evaluation-order"
    if reason or not isinstance(statement, ast.stmt):
        return reason or "no-statement"
    return named(Chain(opener, statement, reader or statement, ""), path, view)


def _last_reader(opener: Opener, statement: ast.stmt, view: View) -> ast.stmt | None:
    """The last use of `reader` behind `reader = csv.reader(open(p))`, when it may be closed there."""
    owner = scope_of(statement, view)
    uses = derived_uses(opener.call, owner, view)
    if not uses or not isinstance(owner, FUNCTIONS):
        return None
    block = view.index.block_of(statement)
    behind = block[block.index(statement) + 1 :]
    body = used_in(behind, uses, view)
    if not body or not (opener.only_reads or ends_function(block, behind[len(body) :], owner)):
        return None
    return body[-1]


def _why_kept(call: ast.Call, used: Role, view: View) -> str:
    parent = view.index.parents[call]
    return "conditional" if isinstance(parent, (ast.IfExp, ast.BoolOp)) else used.value


def _path(call: ast.Call, view: View) -> Iterator[ast.AST]:
    """The call, what is around it, and the statement."""
    yield call
    for around in view.index.ancestors(call):
        yield around
        if isinstance(around, (ast.stmt, ast.ExceptHandler, ast.Module)):
            return


def _wrong_place(path: list[ast.AST], view: View) -> str:
    """Why no block can be put around the statement, or why the opening would move before what runs first today."""
    statement = path[-1]
    if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.For, ast.If)):
        return "no-statement"
    if isinstance(statement, ast.For) and (path[-2] is not statement.iter or statement.orelse):
        return "no-statement"
    if isinstance(statement, ast.If) and (path[-2] is not statement.test or is_elif(statement, view)):
        return "no-statement"
    if isinstance(statement, ast.AugAssign) and not isinstance(statement.target, ast.Name):
        return "evaluation-order"
    if isinstance(statement, ast.Assign) and path[-2] is not statement.value:
        return "no-statement"
    for inner, outer in pairwise(path):
        if reason := _step(inner, outer, view):
            return reason
    return "no-statement" if isinstance(scope_of(statement, view), ast.ClassDef) else ""


def is_elif(statement: ast.If, view: View) -> bool:
    """Whether an `if` is the `elif` of another one."""
    start = view.module.extent(statement)[0]
    return view.module.data[start : start + 4] == b"elif"


def _loaded_late(opener: Opener, path: list[ast.AST], view: View) -> bool:
    """Whether an attribute that is read first today may be worked out from the very file that gets emptied."""
    if opener.only_reads:
        return False
    before = [node for outer in path[1:] if isinstance(outer, ast.Call) for node in _evaluated_before(outer, path)]
    inner = (part for node in before for part in ast.walk(node))
    loaded = [part for part in inner if isinstance(part, ast.Attribute) and not meaning(part, view)]
    return any(not _is_plain_attribute(node, view) for node in loaded)


def _evaluated_before(call: ast.Call, path: list[ast.AST]) -> Iterator[ast.expr]:
    parts: list[ast.expr | ast.keyword] = [call.func, *call.args, *call.keywords]
    for part in parts:
        if part in path:
            return
        yield part.value if isinstance(part, ast.keyword) else part


def _is_plain_attribute(node: ast.Attribute, view: View) -> bool:
    """Whether the module stores an attribute of this name and defines no property or method of it."""
    stored = any(other.attr == node.attr and isinstance(other.ctx, ast.Store) for other in view.index.of(ast.Attribute))
    return stored and not view.index.bound[node.attr] and isinstance(node.value, ast.Name)


def _step(inner: ast.AST, outer: ast.AST, view: View) -> str:
    """Why a part of an expression is not the first thing that the expression around it evaluates."""
    if isinstance(outer, ast.stmt):
        return ""
    if isinstance(outer, (ast.Yield, ast.YieldFrom, ast.Await, ast.Lambda, ast.JoinedStr, ast.NamedExpr)):
        return "yielded" if isinstance(outer, (ast.Yield, ast.YieldFrom)) else "no-statement"
    if isinstance(outer, ast.comprehension):
        return "" if inner is outer.iter else "no-statement"
    if isinstance(outer, (*_EAGER_COMPREHENSIONS, ast.GeneratorExp)):
        first = inner is outer.generators[0] and not outer.generators[0].is_async
        eager = isinstance(outer, _EAGER_COMPREHENSIONS) or role(outer, view) is Role.CONSUMED
        return "" if first and eager else "captured" if first else "no-statement"
    children = [node for node in ast.iter_child_nodes(outer) if isinstance(node, (ast.expr, ast.keyword))]
    before = children[: children.index(inner)] if inner in children else children
    if before and isinstance(outer, _CONDITIONAL) and not (isinstance(outer, ast.Compare) and len(before) == 1):
        return "conditional"
    return "" if all(_is_simple(node) for node in before) else "evaluation-order"


def _is_simple(node: ast.AST) -> bool:
    """Whether it does not matter when a part is evaluated: names, constants, attributes of modules and objects."""
    if isinstance(node, ast.keyword):
        return bool(node.arg) and _is_simple(node.value)
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(_is_simple(item) for item in node.elts)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Constant) or (isinstance(node, ast.expr) and bool(dotted(node)))


def _wrong_use(opener: Opener, path: list[ast.AST]) -> str:
    """Why closing later than today could be noticed: something is written, and more is done in the statement."""
    if opener.only_reads or _reads(opener.call, path):
        return ""
    statement, value = path[-1], path[-2]
    plain = isinstance(statement, (ast.Expr, ast.Return)) or (
        isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets)
    )
    consumers = [node for node in path[1:] if isinstance(node, ast.Call)]
    return "" if plain and consumers and consumers[0] is value else "write-visible"


def _reads(call: ast.Call, path: list[ast.AST]) -> bool:
    """Whether the file is only read, whatever its mode is."""
    around = path[1]
    if isinstance(around, ast.Attribute):
        return around.attr in READING
    return isinstance(around, (ast.For, ast.comprehension)) and around.iter is call
