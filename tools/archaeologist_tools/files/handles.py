"""Where the handle of an open file goes: what each use does with it, and what may carry it out of a block.

The question is always the same: is there somebody who can still use the file after a `with` block has closed it? On
the straight way from the opening to `f.close()` nobody can who could not before. It is the early exits and the
handlers of exceptions where closing earlier may be noticed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from archaeologist_tools.files.meanings import meaning
from archaeologist_tools.files.openers import EAGER, ITERATING, LAZY, METHODS, PLAIN_ATTRIBUTES
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.engine.view import View

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
_NAMESPACES = frozenset({"locals", "vars", "dir", "eval", "exec"})
_FRAMES = frozenset({"_getframe", "currentframe"})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


class Role(StrEnum):
    """What a use does with the handle."""

    CONSUMED = "consumed"
    PASSED_ON = "passed-on"
    STORED = "stored"
    RETURNED = "returned"
    YIELDED = "yielded"
    CAPTURED = "captured"


def role(node: ast.expr, view: View) -> Role:
    """What is done with the value of an expression, seen from the code around it."""
    parent = view.index.parents[node]
    match parent:
        case ast.Attribute():
            return _attribute_role(parent, view)
        case ast.Call():
            return _argument_role(parent, node, view)
        case ast.keyword() | ast.Starred():
            call = view.index.parents[parent]
            return _argument_role(call, parent, view) if isinstance(call, ast.Call) else Role.STORED
        case ast.comprehension():
            return _iterated_role(parent, view)
        case ast.Return():
            return Role.RETURNED
        case ast.Yield() | ast.Await():
            return Role.YIELDED
        case ast.For() | ast.AsyncFor() | ast.YieldFrom() | ast.Compare() | ast.If() | ast.While() | ast.Expr():
            return Role.CONSUMED
        case ast.UnaryOp() | ast.Assert():
            return Role.CONSUMED
        case ast.withitem() | ast.BoolOp():
            return Role.PASSED_ON
    return Role.STORED


def _attribute_role(attribute: ast.Attribute, view: View) -> Role:
    if not isinstance(attribute.ctx, ast.Load):
        return Role.STORED
    call = view.index.parents[attribute]
    if isinstance(call, ast.Call) and call.func is attribute:
        return Role.CONSUMED if attribute.attr in METHODS else Role.PASSED_ON
    return Role.CONSUMED if attribute.attr in PLAIN_ATTRIBUTES else Role.PASSED_ON


def _argument_role(call: ast.Call, argument: ast.AST, view: View) -> Role:
    called = meaning(call.func, view)
    if called in ITERATING and call.args[:1] != [argument]:
        return Role.STORED  # `dict(log=f)` and `next(rows, f)` give the file itself
    if called in EAGER or called in ITERATING or _joins(call):
        return Role.CONSUMED
    if called in LAZY:
        return Role.CONSUMED if role(call, view) is Role.CONSUMED else Role.PASSED_ON
    return Role.PASSED_ON


def _joins(call: ast.Call) -> bool:
    function = call.func
    return isinstance(function, ast.Attribute) and function.attr == "join" and isinstance(function.value, ast.Constant)


def _iterated_role(clause: ast.comprehension, view: View) -> Role:
    around = view.index.parents[clause]
    if isinstance(around, _COMPREHENSIONS):
        return Role.CONSUMED
    assert isinstance(around, ast.GeneratorExp)  # noqa: S101 - there is no other parent of a comprehension clause
    eager = role(around, view) is Role.CONSUMED
    return Role.CONSUMED if eager else Role.PASSED_ON


@dataclass
class Occurrences:
    """Where a scope mentions one of its variables.

    Attributes:
        loads: the uses, without those in inner scopes.
        bindings: what binds or deletes it, without those in inner scopes.
        captured: an inner function or class uses it.
        declared: it is `global` or `nonlocal` somewhere.
    """

    loads: list[ast.Name] = field(default_factory=list)
    bindings: list[ast.AST] = field(default_factory=list)
    captured: bool = False
    declared: bool = False


def occurrences(owner: ast.AST, name: str) -> Occurrences:
    """Find a variable in a function or module."""
    found = Occurrences()
    pending = _inside_parts(owner)
    while pending:
        node = pending.pop()
        if isinstance(node, _SCOPES):
            _enter(node, name, found)
            pending += _outside_parts(node)
        else:
            _note(node, name, found)
            pending += ast.iter_child_nodes(node)
    return found


def _inside_parts(owner: ast.AST) -> list[ast.AST]:
    """What of a definition belongs to its own scope: the parameters and the body."""
    if not isinstance(owner, _SCOPES):
        return [*ast.iter_child_nodes(owner)]
    body: list[ast.AST] = [owner.body] if isinstance(owner, ast.Lambda) else [*owner.body]
    parameters = [] if isinstance(owner, ast.ClassDef) else [*ast.walk(owner.args)]
    return [*body, *(node for node in parameters if isinstance(node, ast.arg))]


def _outside_parts(node: ast.AST) -> list[ast.AST]:
    """What of a definition is evaluated in the scope around it."""
    parts: list[ast.AST] = [*getattr(node, "decorator_list", []), *getattr(node, "bases", [])]
    arguments = getattr(node, "args", None)
    if isinstance(arguments, ast.arguments):
        parts += [*arguments.defaults, *(default for default in arguments.kw_defaults if default)]
    return parts


def _enter(scope: ast.AST, name: str, found: Occurrences) -> None:
    if getattr(scope, "name", None) == name:
        found.bindings.append(scope)
    inner = occurrences(scope, name)
    found.declared |= inner.declared
    own = bool(inner.bindings) and not inner.declared
    found.captured |= not own and bool(inner.loads or inner.captured)


def _note(node: ast.AST, name: str, found: Occurrences) -> None:
    if isinstance(node, ast.Name) and node.id == name:
        (found.loads if isinstance(node.ctx, ast.Load) else found.bindings).append(node)
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        found.declared |= name in node.names
    elif name in _bound_by(node):
        found.bindings.append(node)


def _bound_by(node: ast.AST) -> Sequence[str | None]:
    match node:
        case ast.arg():
            return (node.arg,)
        case ast.alias():
            return (bound_by(node),)
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return (node.name,)
        case ast.MatchMapping():
            return (node.rest,)
    return ()


def inside(node: ast.AST, statements: Iterable[ast.AST], view: View) -> bool:
    """Whether a node is one of these, or in one of these."""
    wanted = set(statements)
    return node in wanted or any(around in wanted for around in view.index.ancestors(node))


def exits(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The `return`, `break` and `continue` that lead out of a run of statements."""
    pending: list[tuple[ast.AST, bool]] = [(node, False) for node in statements]
    while pending:
        node, in_loop = pending.pop()
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, ast.Return) or (isinstance(node, (ast.Break, ast.Continue)) and not in_loop):
            yield node
        if isinstance(node, _LOOPS):
            pending += [(inner, True) for inner in node.body]
            pending += [(inner, in_loop) for inner in node.orelse]
        else:
            pending += [(inner, in_loop) for inner in ast.iter_child_nodes(node)]


def in_lazy_scope(node: ast.AST, owner: ast.AST, view: View) -> bool:
    """Whether a use in a generator expression runs later than the expression itself."""
    for around in view.index.ancestors(node):
        if around is owner:
            return False
        late = isinstance(around, ast.GeneratorExp) and not inside(node, [around.generators[0].iter], view)
        if late and isinstance(around, ast.expr) and role(around, view) is not Role.CONSUMED:
            return True
    return False


def scope_of(node: ast.AST, view: View) -> ast.AST:
    """The function, class or module whose code directly holds a node."""
    for around in view.index.ancestors(node):
        if isinstance(around, (*_SCOPES, ast.Module)):
            return around
    return view.index.tree


def reads_variables(owner: ast.AST) -> bool:
    """Whether a function looks at its variables by name, so that a new one could be seen."""
    return any(isinstance(node, ast.Call) and _shows_variables(node) for node in ast.walk(owner))


def _shows_variables(call: ast.Call) -> bool:
    name = dotted(call.func)
    if name.rpartition(".")[2] in _FRAMES:
        return True
    return name in _NAMESPACES and len(call.args) < 1 + (name in {"eval", "exec"})
