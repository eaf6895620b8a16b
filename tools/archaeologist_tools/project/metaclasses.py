"""Which metaclasses of a file may drop `__classcell__`, on which `super()` without arguments rests."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

# mcs, name, bases, namespace
_METACLASS_PARAMETERS = 4
_METACLASS_NAME = re.compile(r"(?:[Mm]eta(?:[Cc]lass)?|Type)$")


def risky_metaclasses(index: Index) -> Iterator[str]:
    """The names of classes and functions that make classes and may not hand the whole namespace on."""
    for node in index.of(ast.ClassDef):
        if _is_metaclass(node) and any(not _hands_namespace_on(new) for new in _constructors(node)):
            yield node.name
    for keyword in index.of(ast.keyword):
        # A function as a metaclass: where it is defined and what it does with the namespace is not followed.
        if keyword.arg == "metaclass" and isinstance(keyword.value, (ast.Name, ast.Attribute)):
            name = dotted(keyword.value).rpartition(".")[2]
            if any(function.name == name for function in index.of(ast.FunctionDef)):
                yield name


def _is_metaclass(node: ast.ClassDef) -> bool:
    names = [dotted(base).rpartition(".")[2] for base in node.bases]
    if any(name == "type" or _METACLASS_NAME.search(name) for name in names):
        return True
    return any(len(_positional(new)) >= _METACLASS_PARAMETERS for new in _constructors(node))


def _constructors(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    return (item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__new__")


def _positional(function: ast.FunctionDef) -> list[str]:
    return [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]


def _hands_namespace_on(new: ast.FunctionDef) -> bool:
    """Whether every class that a metaclass's `__new__` makes gets the whole namespace of its body."""
    names = _positional(new)
    if len(names) < _METACLASS_PARAMETERS:
        return False
    namespace = names[_METACLASS_PARAMETERS - 1]
    made = 0
    for node in ast.walk(new):
        if isinstance(node, ast.Name) and node.id == namespace and not isinstance(node.ctx, ast.Load):
            return False
        if isinstance(node, ast.Call) and _makes_class(node):
            made += 1
            if not any(isinstance(value, ast.Name) and value.id == namespace for value in node.args[2:]):
                return False
    return made > 0


def _makes_class(node: ast.Call) -> bool:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr == "__new__"
    # `type(name, bases, namespace)` and `meta(name, bases, namespace)`
    return isinstance(function, ast.Name) and len(node.args) == _METACLASS_PARAMETERS - 1
