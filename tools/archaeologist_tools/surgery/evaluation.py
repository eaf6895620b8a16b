"""Whether Python can evaluate a type where it stands, when the function is defined."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.engine.imports import module_of
from archaeologist_tools.engine.view import View
from archaeologist_tools.project.facts import merge
from archaeologist_tools.source.annotations import is_plain_type
from archaeologist_tools.source.index import dotted
from archaeologist_tools.surgery.definitions import head_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Function

UNIONS_SINCE, GENERICS_SINCE = (3, 10), (3, 9)


@dataclass(frozen=True)
class Named:
    """A name in a type.

    Attributes:
        name: the name.
        binding: what binds it in the file; None for a builtin, and for what has yet to be imported.
        statement: the import that it needs, of `typing` or the abstract collections; empty for none.
    """

    name: str
    binding: Binding | None
    statement: str = ""


def is_evaluated(
    tree: ast.expr, names: Sequence[Named], function: Function, module: Module, target: tuple[int, int]
) -> bool:
    """Whether Python can surely evaluate a type.

    Args:
        tree: the type.
        names: the names in it.
        function: whose annotation it will be.
        module: the file.
        target: the lowest Python that the file has to run on.
    """
    if not all(each.binding is None or _is_bound_before(each.binding, function, module) for each in names):
        return False
    known = {each.name: each for each in names}
    nodes = [*ast.walk(tree)]
    sides = [side for node in nodes if isinstance(node, ast.BinOp) for side in _sides(node)]
    view = View(module, target, merge(()))
    if sides and (target < UNIONS_SINCE or not all(_joins(side, known, view) for side in sides)):
        return False
    generics = [dotted(node.value) for node in nodes if isinstance(node, ast.Subscript)]
    return all(_takes_arguments(name, known, module, target) for name in generics)


def _sides(node: ast.BinOp) -> Iterator[ast.expr]:
    yield from (side for side in (node.left, node.right) if not isinstance(side, ast.BinOp))


def _joins(side: ast.expr, names: dict[str, Named], view: View) -> bool:
    """Whether a part of a union is surely something that `|` can join."""
    base = side.value if isinstance(side, ast.Subscript) else side
    imported = isinstance(base, ast.Name) and bool(names[base.id].statement)
    return imported or isinstance(side, ast.Constant) or is_plain_type(side, view)


def _takes_arguments(name: str, names: dict[str, Named], module: Module, target: tuple[int, int]) -> bool:
    """Whether something may be subscripted when the program runs: `typing` may, the builtins since Python 3.9."""
    named = names[name.partition(".")[0]]
    if named.binding is None:
        return target >= GENERICS_SINCE or not hasattr(builtins, name)
    alias, statement = named.binding.node, module.index.parents.get(named.binding.node)
    if not isinstance(alias, ast.alias):
        return False
    origin = module_of(statement) if isinstance(statement, ast.ImportFrom) else alias.name
    return origin == "typing" or (origin == "collections.abc" and target >= GENERICS_SINCE)


def _is_bound_before(binding: Binding, function: Function, module: Module) -> bool:
    """Whether a name has its meaning when a function is defined, and not for type checkers alone."""
    around = (each for each in module.index.ancestors(binding.node) if isinstance(each, ast.If))
    checked = any("TYPE_CHECKING" in ast.unparse(each.test) for each in around)
    return not checked and binding.effect <= (head_line(function), 0)
