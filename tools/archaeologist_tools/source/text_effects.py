"""What objects of a module do when they become part of a text, besides giving theirs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted, walk

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index

_METHODS = frozenset({"__str__", "__repr__", "__format__"})
_TEXTS = frozenset({"str", "unicode", "text_type", "string_types"})
_MADE = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.List, ast.Dict, ast.Set, ast.ListComp)
_CHANGES = (ast.AugAssign, ast.Delete, ast.Global, ast.Nonlocal)


def texts_have_effects(index: Index) -> bool:
    """Whether a method that gives the text of an object changes something that outlives it, or raises."""
    methods = [node for node in index.of(ast.FunctionDef) if node.name in _METHODS]
    return any(_has_effect(node, method) for method in methods for node in walk(method))


def texts_answer_percent(index: Index) -> bool:
    """Whether a class of a module may be derived from `str` and say what `%` does with its objects on the right."""
    if not any(node.name == "__rmod__" for node in index.of(ast.FunctionDef)):
        return False
    bases = (dotted(base).rpartition(".")[2] for node in index.of(ast.ClassDef) for base in node.bases)
    return any(base in _TEXTS for base in bases)


def _has_effect(node: ast.AST, method: ast.FunctionDef) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return not _is_made(node.target.id, method)
    if isinstance(node, ast.Raise):
        kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return kind is None or dotted(kind) != "NotImplementedError"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return not _is_of_local(node.value.func, method)
    return isinstance(node, _CHANGES)


def _is_made(name: str, method: ast.FunctionDef) -> bool:
    """Whether all that a name is bound to is made in the function: `out = ''`, not `lines = self.lines`."""
    values = [
        node.value
        for node in walk(method)
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets)
    ]
    return bool(values) and all(isinstance(value, _MADE) for value in values)


def _is_of_local(function: ast.expr, method: ast.FunctionDef) -> bool:
    """Whether a method of something is called that the function itself made, such as a list of lines."""
    owner = function.value if isinstance(function, ast.Attribute) else None
    stored = (node for node in walk(method) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return isinstance(owner, ast.Name) and any(node.id == owner.id for node in stored)
