"""The ways for a name to get a value, read off the place that does it.

A binding takes effect at a position of the source: behind an assignment, at the start of a loop's body.
"""

from __future__ import annotations

import ast
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.source.index import Index

Position: TypeAlias = tuple[int, int]

ANY = -1


class Kind(StrEnum):
    """How a name gets its value."""

    VALUE = "value"
    AUGMENTED = "augmented"
    ITEM = "item"
    CONTEXT = "context"
    EXCEPTION = "exception"
    STARRED = "starred"
    PARAMETER = "parameter"
    IMPORT = "import"
    DEFINITION = "definition"
    OTHER = "other"


class Binding:
    """One way for a name to get a value.

    Made by the thousand, so no dataclass that guards its attributes.

    Attributes:
        kind: how.
        node: the statement, comprehension, parameter, alias or walrus that does it.
        source: the expression that the value comes from.
        path: positions to unpack from that value, outermost first; `ANY` behind a starred target.
        effect: the position behind which the name has the value.
    """

    __slots__ = ("effect", "kind", "node", "path", "source")

    def __init__(
        self, kind: Kind, node: ast.AST, source: ast.expr | None, path: tuple[int, ...], effect: Position
    ) -> None:
        self.kind = kind
        self.node = node
        self.source = source
        self.path = path
        self.effect = effect


def start_of(node: ast.AST) -> Position:
    """Where a node begins."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def end_of(node: ast.AST) -> Position:
    """Where a node ends."""
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0


def effect_of(binding: Binding) -> Position:
    """Where a binding takes effect: the order of bindings."""
    return binding.effect


def of_parameter(parameter: ast.arg, function: ast.AST) -> Binding:
    """The binding of a parameter of a function."""
    return Binding(Kind.PARAMETER, parameter, None, (), start_of(function))


def bound_at(site: ast.AST, index: Index) -> Binding | None:
    """The binding that a name as a target, a definition, an import, a handler or a pattern is; None when it is none."""
    if isinstance(site, ast.Name):
        return _of_target(site, index.parents)
    if isinstance(site, ast.alias):
        return Binding(Kind.IMPORT, site, None, (), end_of(index.parents[site]))
    if isinstance(site, ast.ExceptHandler):
        return Binding(Kind.EXCEPTION, site, site.type, (), end_of(site.type or site))
    if isinstance(site, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return Binding(Kind.DEFINITION, site, None, (), end_of(site))
    return Binding(Kind.OTHER, site, None, (), end_of(site))


class _Unpacked(NamedTuple):
    """A target as a whole, and the way from it to one of the names in it."""

    target: ast.expr
    path: tuple[int, ...]
    is_starred: bool


def _of_target(name: ast.Name, parents: Mapping[ast.AST, ast.AST]) -> Binding | None:
    whole = _unpacked(name, parents)
    node = parents[whole.target]
    if isinstance(node, ast.Assign):
        return _unpacking(Kind.VALUE, node, node.value, whole, end_of(node))
    if isinstance(node, ast.For):
        return _unpacking(Kind.ITEM, node, node.iter, whole, end_of(node.iter))
    if isinstance(node, ast.comprehension):
        around = parents[node]
        return _unpacking(Kind.ITEM, around, node.iter, whole, start_of(around))
    if isinstance(node, ast.AugAssign):
        return Binding(Kind.AUGMENTED, node, node.value, (), end_of(node))
    if isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        return Binding(Kind.VALUE, node, node.value, (), end_of(node)) if node.value is not None else None
    if isinstance(node, ast.withitem):
        kind = Kind.CONTEXT if isinstance(parents[node], ast.With) else Kind.OTHER
        return _unpacking(kind, parents[node], node.context_expr, whole, end_of(whole.target))
    if isinstance(node, ast.AsyncFor):
        return _unpacking(Kind.OTHER, node, node.iter, whole, end_of(node.iter))
    return None


def _unpacking(kind: Kind, node: ast.AST, source: ast.expr, whole: _Unpacked, effect: Position) -> Binding:
    return Binding(Kind.STARRED if whole.is_starred else kind, node, source, whole.path, effect)


def _unpacked(name: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> _Unpacked:
    """The target that a name is, or is taken from."""
    path: tuple[int, ...] = ()
    target, is_starred = name, False
    while isinstance(parent := parents[target], (ast.Tuple, ast.List, ast.Starred)):
        if isinstance(parent, ast.Starred):
            is_starred = True  # what is around it says nothing of the items of the list that it makes
        elif not is_starred:
            place = parent.elts.index(target)
            behind_star = any(isinstance(each, ast.Starred) for each in parent.elts[: place + 1])
            path = (ANY if behind_star else place, *path)
        target = parent
    return _Unpacked(target, path, is_starred)
