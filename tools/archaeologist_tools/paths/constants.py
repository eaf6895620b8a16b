"""The text of names that a module or a class binds once, to what is written out."""

from __future__ import annotations

import ast
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
# A constant may be put together from others, but not from many.
_DEEPEST = 4


def constant(node: ast.expr, index: Index, depth: int = 0) -> str | None:
    """The text that an expression gives, when it is made of nothing but literals and constants.

    Args:
        node: the expression.
        index: the module.
        depth: how many names have been followed.
    """
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first, second = constant(left, index, depth), constant(right, index, depth)
            return None if first is None or second is None else first + second
        case ast.Name(ctx=ast.Load()) if depth < _DEEPEST:
            bound = _bound_once(node, index)
            return None if bound is None else constant(bound, index, depth + 1)
        case _:
            return None


def _bound_once(name: ast.Name, index: Index) -> ast.expr | None:
    """The only value that a name has where it is read."""
    around = next(parent for parent in index.ancestors(name) if isinstance(parent, _Scope))
    if isinstance(around, ast.ClassDef) and (times := _bound(around, index)[name.id]):
        return _assigned(around, name.id, before=name.lineno) if times == 1 else None
    return _assigned_at_top(name.id, index) if index.bound[name.id] == 1 and not index.star_imports else None


def _assigned(scope: ast.ClassDef, name: str, before: int) -> ast.expr | None:
    for statement in scope.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                return value if statement.lineno < before else None
    return None


def _assigned_at_top(name: str, index: Index) -> ast.expr | None:
    """What the module assigns to a name that is bound once."""
    bound = (node for node in index.names.get(name, ()) if not isinstance(node.ctx, ast.Load))
    match statement := index.parents.get(next(bound, index.tree)):
        case ast.Assign(targets=[ast.Name()]) if index.parents[statement] is index.tree:
            return statement.value
    return None


@lru_cache(maxsize=16)
def _bound(scope: ast.ClassDef, _: Index) -> Counter[str]:
    """How often a class body binds each name, in the file that an index is of: edits may change the body."""
    return Counter(_bindings(scope))


def _bindings(scope: ast.ClassDef) -> Iterator[str]:
    """The names that a class body binds, without those of its functions and inner classes."""
    pending: list[ast.AST] = [*scope.body]
    while pending:
        match node := pending.pop():
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.alias(name=name, asname=other):
                yield (other or name).partition(".")[0]
            case ast.ExceptHandler(name=str(name)):
                yield name
                pending += ast.iter_child_nodes(node)
            case _ if not isinstance(node, ast.Lambda):
                pending += ast.iter_child_nodes(node)
