"""Names under which more may be called than the plain methods of classes.

What all methods of a name give is evidence for a call of that name on any object. It is none where an object, or a
class, is given something else to call under that name: then nobody knows what is called.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

# What these give is not called.
_VALUES = frozenset(
    {
        ast.Constant, ast.JoinedStr, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp,
        ast.BinOp, ast.UnaryOp, ast.Compare,
    }
)  # fmt: skip
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_PLAIN = (ast.Assign, ast.AnnAssign, ast.AugAssign)


def loose_methods(index: Index) -> Iterator[str]:
    """The names that a file gives objects or classes something under that may be called, but by one plain method."""
    for node in index.stores:
        if isinstance(node.ctx, ast.Store) and _may_be_called(index.parents[node]):
            yield node.attr
    for call in index.calls.get("setattr", ()):
        yield from (
            each.value for each in call.args[1:2] if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
    for owner in index.of(ast.ClassDef):
        methods = Counter(item.name for item in owner.body if isinstance(item, ast.FunctionDef))
        yield from (name for name, count in methods.items() if count > 1)
        for item in owner.body:
            if not isinstance(item, ast.FunctionDef):
                yield from _bound(item, index)
    yield from _bound_in_values(index)


def _bound(item: ast.stmt, index: Index) -> Iterator[str]:
    """The names that a statement in a class binds to what may be called; more where functions stand in its blocks."""
    if isinstance(item, _NAMED):
        yield item.name
    elif isinstance(item, _PLAIN):
        # Their values are not walked: classes hold long tables.
        for target in item.targets if isinstance(item, ast.Assign) else [item.target] if _may_be_called(item) else []:
            yield from _names_bound(target, index)
    elif not isinstance(item, ast.Expr):
        yield from _names_bound(item, index)


def _bound_in_values(index: Index) -> Iterator[str]:
    """The names that comprehensions and `:=` bind in the values of a class."""
    binders: list[ast.comprehension | ast.NamedExpr] = [*index.of(ast.comprehension), *index.of(ast.NamedExpr)]
    for binder in binders:
        statement = next(each for each in index.ancestors(binder) if isinstance(each, ast.stmt))
        if isinstance(statement, (*_PLAIN, ast.Expr)) and isinstance(index.parents[statement], ast.ClassDef):
            yield from _names_bound(binder.target, index)


def _names_bound(top: ast.AST, index: Index) -> Iterator[str]:
    for node in walk(top):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and _may_be_called(index.parents[node]):
            yield node.id
        elif isinstance(node, _NAMED):
            yield node.name
        elif isinstance(node, ast.alias):
            yield bound_by(node)


def _may_be_called(statement: ast.AST) -> bool:
    """Whether what a statement gives its targets may be called; yes for whatever is no plain assignment."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return statement.value is not None and statement.value.__class__ not in _VALUES
    return not isinstance(statement, ast.AugAssign)
