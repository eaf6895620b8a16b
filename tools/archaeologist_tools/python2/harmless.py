"""What may be left out of a condition because nobody would notice: it does nothing, and cannot fail."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.bindings import Kind

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

_IDENTITY = (ast.Is, ast.IsNot)
# Classes that ask nobody whether an object is one of theirs, and whose objects run nobody's code when asked for truth.
_BUILTIN = frozenset({"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"})


def is_harmless(node: ast.expr, view: View) -> bool:
    """Whether asking for the truth of an expression surely does nothing besides.

    Args:
        node: an operand of `and` or `or`.
        view: the file.
    """
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return is_harmless(inner, view)
        case ast.BoolOp(values=values):
            return all(is_harmless(value, view) for value in values)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(isinstance(op, _IDENTITY) for op in ops):
            return all(_has_value(side, view) for side in (left, *others))
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name() as name, kind], keywords=[]):
            return view.is_builtin("isinstance") and _has_value(name, view) and _is_builtin_class(kind, view)
        case ast.Name():
            return _has_value(node, view) and view.types.kinds(node).exactly("NoneType", *_BUILTIN)
    return isinstance(node, ast.Constant)


def _has_value(node: ast.expr, view: View) -> bool:
    """Whether reading an expression cannot fail: a constant, or a parameter that nobody deletes."""
    if not isinstance(node, ast.Name):
        return isinstance(node, ast.Constant)
    found = view.types.scopes.lookup(node)
    deleted = any(isinstance(use.ctx, ast.Del) for use in view.index.names[node.id])
    return found is not None and found[1][0].kind is Kind.PARAMETER and not deleted


def _is_builtin_class(node: ast.expr, view: View) -> bool:
    kinds = node.elts if isinstance(node, ast.Tuple) else [node]
    return all(isinstance(kind, ast.Name) and kind.id in _BUILTIN and view.is_builtin(kind.id) for kind in kinds)
