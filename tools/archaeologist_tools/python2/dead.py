"""What removing code that never runs could still change.

Names that dead code binds at the top of a module, or in a class, do not exist today: nothing changes when the code
goes. In a function they decide at compile time which names are local, and a `yield` makes it a generator.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.source.index import Index

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_BRANCHES = (ast.If, ast.Try, ast.While)
_SHAPING = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Global, ast.Nonlocal)


def shapes_scope(dead: Sequence[ast.AST], index: Index) -> bool:
    """Whether the scope around dead statements, or expressions, would become another one without them."""
    if not dead:
        return False
    scope = next((node for node in index.ancestors(dead[0]) if isinstance(node, _SCOPES)), None)
    nodes = [node for statement in dead for node in _in_scope(statement)]
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in nodes):
        return True
    if not isinstance(scope, _FUNCTIONS):
        return any(isinstance(node, ast.AnnAssign) for node in nodes)
    if any(isinstance(node, _SHAPING) for node in nodes):
        return True
    inside = {node for statement in dead for node in ast.walk(statement)}
    outside = [node for node in ast.walk(scope) if node not in inside]
    around = set(index.ancestors(dead[0]))
    kept = {name for node in outside for name in _binds(node) if _stays(node, around, index)}
    bound = {name for node in nodes for name in _binds(node)} - kept
    return any(isinstance(node, ast.Name) and node.id in bound and isinstance(node.ctx, ast.Load) for node in outside)


def _stays(binding: ast.AST, around: set[ast.AST], index: Index) -> bool:
    """Whether a binding is surely not in a branch that is taken out at the same time."""
    return not any(isinstance(node, _BRANCHES) and node not in around for node in index.ancestors(binding))


def _in_scope(statement: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement that belong to the scope the statement stands in."""
    yield statement
    if not isinstance(statement, _SCOPES):
        for child in ast.iter_child_nodes(statement):
            yield from _in_scope(child)


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.alias):
        yield bound_by(node)
    elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
