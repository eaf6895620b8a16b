"""The classes and functions of a file under the names that an agent calls them by."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.likeness import did_you_mean, nearest
from archaeologist_tools.source.index import children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = Function | ast.ClassDef

_LOCALS = "<locals>."
_NEAR = 3


def definition(module: Module, qualname: str, line: int | None = None) -> Definition:
    """Find a class or function.

    Args:
        module: the file.
        qualname: its name behind those of the classes and functions around it, with dots, as in `Stock.add`.
        line: one of its lines, which tells several of the same name apart.

    Raises:
        EditRefused: there is none, or there are several and the line names none of them.
    """
    wanted = qualname.replace(_LOCALS, "")
    named = dict[str, list[Definition]]()
    for name, node in definitions(module.index):
        named.setdefault(name, []).append(node)
    found = named.get(wanted, [])
    if not found:
        meant = did_you_mean(f"`{name}`" for name in nearest(wanted, named, _NEAR))
        hint = f"; {meant}" if meant else ""
        raise EditRefused(f"{module.path} defines no class or function `{qualname}`{hint}")
    return _chosen(found, qualname, line)


def _chosen(found: list[Definition], qualname: str, line: int | None) -> Definition:
    if line is None and len(found) == 1:
        return found[0]
    lines = ", ".join(str(node.lineno) for node in found)
    if line is None:
        raise EditRefused(f"`{qualname}` is defined {len(found)} times, on lines {lines}; name one by its line")
    for node in reversed(found):
        if head_line(node) <= line <= (node.end_lineno or node.lineno):
            return node
    raise EditRefused(f"`{qualname}` is not defined on line {line}, but on {lines}")


def definitions(index: Index) -> Iterator[tuple[str, Definition]]:
    """The classes and functions of a file in the order of the source, each with its name."""
    names = dict[ast.AST, str]()
    for node in index.definitions:
        around = next((names[each] for each in index.ancestors(node) if each in names), "")
        names[node] = f"{around}.{node.name}" if around else node.name
        yield names[node], node


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """What runs when a function is called, without what is in the functions and classes inside of it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            waiting += children(node)


def head_line(node: Definition) -> int:
    """The number of the line that a definition begins in, with its decorators."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
