"""What a condition around a use says of a text: `if name.endswith('.txt'):` is true of no bytes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.paths.strings import Text, ends_in_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
_Branch = (ast.If, ast.While)


def guarded(name: ast.Name, index: Index) -> Text:
    """What the conditions around a name say of it; nobody may bind the name again between them and the use."""
    found = [_said(test, name.id) for test in _conditions(name, index)]
    return Text(
        is_str=any(text.is_str for text in found),
        filled=any(text.filled for text in found),
        names=max((text.names for text in found), default=0),
    )


def _conditions(node: ast.AST, index: Index) -> Iterator[ast.expr]:
    """What is true where a node is evaluated."""
    for parent in index.ancestors(node):
        if isinstance(parent, _Scope):
            return
        if isinstance(parent, _Branch) and any(node is statement for statement in parent.body):
            yield from _parts(parent.test)
        if isinstance(parent, ast.IfExp) and node is parent.body:
            yield from _parts(parent.test)
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.And):
            yield from parent.values[: next(n for n, value in enumerate(parent.values) if value is node)]
        node = parent


def _parts(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _parts(value)
    else:
        yield test


def _said(test: ast.expr, name: str) -> Text:
    match test:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=tested), attr="startswith" | "endswith" as method),
            args=[ast.Constant(value=str(part))],
        ) if tested == name and part:
            return Text(is_str=True, filled=True, names=int(method == "endswith" and ends_in_name(part)))
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=tested), ast.Name(id="str")]) if tested == name:
            return Text(is_str=True)
        case _:
            return Text()
