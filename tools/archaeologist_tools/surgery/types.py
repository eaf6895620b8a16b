"""Whether a text is a type that can stand in a place of a file, and how it has to be written there.

An annotation is evaluated when its function is defined, unless the file asks for lazy ones. What cannot be evaluated
then is written as a text, which type checkers read just as well.
"""

from __future__ import annotations

import ast
import builtins
import collections.abc
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.engine.imports import can_import
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.inference.bindings import Kind
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.source.annotations import are_lazy
from archaeologist_tools.source.index import dotted
from archaeologist_tools.surgery.evaluation import GENERICS_SINCE, Named, is_evaluated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Function

# What `typing` did not always have.
_SINCE = {
    "Final": (3, 8), "Literal": (3, 8), "Protocol": (3, 8), "SupportsIndex": (3, 8), "TypedDict": (3, 8),
    "Annotated": (3, 9), "Concatenate": (3, 10), "ParamSpec": (3, 10), "TypeAlias": (3, 10), "TypeGuard": (3, 10),
    "LiteralString": (3, 11), "Never": (3, 11), "NotRequired": (3, 11), "Required": (3, 11), "Self": (3, 11),
    "TypeVarTuple": (3, 11), "Unpack": (3, 11), "TypeAliasType": (3, 12), "TypeIs": (3, 13), "ReadOnly": (3, 13),
}  # fmt: skip
_LITERALS = frozenset({"Literal", "Annotated"})
_CONTAINERS = frozenset({"list", "dict", "set", "frozenset", "tuple", "type"})


@dataclass(frozen=True)
class Written:
    """A type as it is written in a file.

    Attributes:
        text: the annotation.
        tree: the type, whether the annotation is a text or not.
        imports: the statements that it depends on.
    """

    text: str
    tree: ast.expr
    imports: tuple[str, ...]


def written(text: str, function: Function, module: Module, target: tuple[int, int]) -> Written:
    """Write a type for a parameter or the result of a function.

    Args:
        text: the type, as in `list[str] | None`.
        function: whose annotation it will be.
        module: the file.
        target: the lowest Python that the file has to run on.

    Raises:
        EditRefused: it is no type, or names what is not known there.
    """
    tree = _parsed(text)
    names = [_named(node.id, text, function, module, target) for node in ast.walk(tree) if isinstance(node, ast.Name)]
    imports = tuple(dict.fromkeys(name.statement for name in names if name.statement))
    plain = ast.unparse(tree)
    if are_lazy(module.tree) or is_evaluated(tree, names, function, module, target):
        return Written(plain, tree, imports)
    if '"' in plain and "'" in plain:
        raise EditRefused(f"`{text}` can only be written as a text there, and holds both kinds of quotes")
    return Written(f"'{plain}'" if '"' in plain else f'"{plain}"', tree, imports)


def _parsed(text: str) -> ast.expr:
    """The tree of a type, with what stands in it as a text read, too."""
    try:
        tree: ast.expr = _Unquoted().visit(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise EditRefused(f"`{text}` does not parse") from error
    if "\n" in text.strip() or not _is_type(tree):
        raise EditRefused(f"`{text}` is no type")
    for node in ast.walk(tree):
        name = node.value.id if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) else ""
        if name not in _CONTAINERS and isinstance(getattr(builtins, name, None), type):
            raise EditRefused(f"`{text}`: `{name}` takes nothing in brackets")
    return tree


class _Unquoted(ast.NodeTransformer):
    """Reads the texts in a type as the types that they stand for, but for those of literals."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.parse(node.value, mode="eval").body if isinstance(node.value, str) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if not _is_literal(node):
            self.generic_visit(node)
        return node


def _is_literal(node: ast.Subscript) -> bool:
    return dotted(node.value).rpartition(".")[2] in _LITERALS


def _is_type(node: ast.expr) -> bool:
    """Whether an expression is put together as types are."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and _is_type(node.left) and _is_type(node.right)
    if isinstance(node, ast.Subscript):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if dotted(node.value).rpartition(".")[2] == "Annotated":
            return _is_type(inside[0]) and all(map(_is_value, inside[1:]))
        return bool(dotted(node.value)) and all(map(_is_value if _is_literal(node) else _is_argument, inside))
    return bool(dotted(node))


def _is_value(node: ast.expr) -> bool:
    """Whether an expression is a value that a type may name: nothing that runs code."""
    return isinstance(node, (ast.Constant, ast.UnaryOp)) or bool(dotted(node))


def _is_argument(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        return True
    return all(map(_is_type, node.elts)) if isinstance(node, ast.List) else _is_type(node)


def _named(name: str, text: str, function: Function, module: Module, target: tuple[int, int]) -> Named:
    """What a name in a type stands for in the annotations of a function."""
    bindings = _bindings(name, function, module)
    for binding in bindings:
        _check_type(name, binding, text)
    if bindings:
        return Named(name, bindings[0])
    if not hasattr(builtins, name):
        return Named(name, None, _import_of(name, text, module, target))
    if not isinstance(getattr(builtins, name), type):
        raise EditRefused(f"`{text}`: the builtin `{name}` is no type")
    return Named(name, None)


def _bindings(name: str, function: Function, module: Module) -> Sequence[Binding]:
    scopes = names_of(module).scopes
    if any(getattr(each, "name", "") == name for each in getattr(function, "type_params", ())):
        raise EditRefused(f"`{name}` is a type parameter of `{function.name}`; write all of the function anew")
    innermost = scope = scopes.around(function)
    while True:
        visible = scope is innermost or not isinstance(scope, ast.ClassDef)
        if visible and (found := scopes.bindings(scope, name)):
            return found
        if isinstance(scope, ast.Module):
            return []
        scope = scopes.around(scope)


def _check_type(name: str, binding: Binding, text: str) -> None:
    """Raise EditRefused for a name that surely stands for something else than a type."""
    if binding.kind is Kind.IMPORT or isinstance(binding.node, ast.ClassDef):
        return
    if binding.kind is Kind.VALUE and isinstance(binding.source, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)):
        return
    if binding.kind is Kind.VALUE and isinstance(binding.source, ast.Call) and name.lstrip("_")[:1].isupper():
        return
    what = "a function" if binding.kind is Kind.DEFINITION else "a variable"
    raise EditRefused(f"`{text}`: `{name}` is {what} there, bound on line {getattr(binding.node, 'lineno', 0)}")


def _import_of(name: str, text: str, module: Module, target: tuple[int, int]) -> str:
    """The statement that imports a name of `typing`, or of the abstract collections."""
    abstract = name in _abstract() and target >= GENERICS_SINCE
    if not (abstract or name in typing.__all__):
        raise EditRefused(f"`{text}`: `{name}` is not known in {module.path}; import it first")
    if _SINCE.get(name, target) > target:
        raise EditRefused(f"`{text}`: `{name}` needs Python {'.'.join(map(str, _SINCE[name]))}")
    statement = f"from {'collections.abc' if abstract else 'typing'} import {name}"
    if not can_import(statement, module, module.index):
        raise EditRefused(f"`{text}`: `{name}` cannot be imported, as {module.path} uses the name for something else")
    return statement


def _abstract() -> Iterator[str]:
    return (name for name in vars(collections.abc) if name[:1].isupper())
