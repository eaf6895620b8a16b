"""What the places of a project that hand a value on say of it, by name: is it ever a tuple?

One key stands for all values with one role: an argument of functions of a name, an attribute, a key of mappings, a
result of functions of a name. A place that can be read either shows that the value is no tuple, or that it is one, or
says nothing. Read off the syntax, because all places of all files are looked at.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import BUILTINS, NO_TUPLE_METHODS
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

_NO_TUPLES = (
    ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Lambda,
    ast.Compare, ast.UnaryOp,
)  # fmt: skip
_NO_TUPLE_OPERATORS = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift)
_TEXT_METHODS = NO_TUPLE_METHODS | {
    "join",
    "format",
    "replace",
    "split",
    "read",
    "readline",
    "readlines",
    "keys",
    "find",
}
_TUPLE_FUNCTIONS = frozenset({"split", "splitext", "splitdrive"})


def argument(function: str, place: int | str) -> str:
    """The key of an argument: the name of a function or class, and a position or a keyword."""
    return f"p:{function}:{place}"


def attribute(name: str) -> str:
    """The key of an attribute."""
    return f"a:{name}"


def item(key: str) -> str:
    """The key of what mappings hold under a key."""
    return f"k:{key}"


def result(function: str) -> str:
    """The key of what functions and methods of a name give."""
    return f"r:{function}"


def hints(index: Index) -> tuple[set[str], set[str]]:
    """The keys of values that a file shows to be no tuples, and of those that it shows to be some."""
    plain: set[str] = set()
    tuples: set[str] = set()
    for key, value in _places(index):
        verdict = is_tuple(value)
        if verdict is not None:
            (tuples if verdict else plain).add(key)
    return plain, tuples


def is_tuple(node: ast.expr) -> bool | None:
    """Whether an expression surely is a tuple, or surely is none; None when it may be either, or is None."""
    if isinstance(node, ast.Constant):
        return None if node.value is None else False
    if isinstance(node, _NO_TUPLES):
        return False
    if isinstance(node, (ast.Tuple, ast.Starred)):
        return True
    if isinstance(node, ast.BinOp):
        return _of_operator(node)
    if isinstance(node, (ast.BoolOp, ast.IfExp)):
        parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        verdicts = {is_tuple(part) for part in parts}
        return True if True in verdicts else (False if False in verdicts else None)
    return _of_call(node) if isinstance(node, ast.Call) else None


def _of_operator(node: ast.BinOp) -> bool | None:
    if isinstance(node.op, ast.Mod):
        return False if isinstance(node.left, (ast.Constant, ast.JoinedStr)) else None
    if isinstance(node.op, ast.Add):
        verdicts = {is_tuple(node.left), is_tuple(node.right)}
        return True if True in verdicts else (False if False in verdicts else None)
    return False if isinstance(node.op, _NO_TUPLE_OPERATORS) else None


def _of_call(node: ast.Call) -> bool | None:
    if isinstance(node.func, ast.Name):
        if node.func.id == "tuple":
            return True
        return False if node.func.id in BUILTINS else None
    if not isinstance(node.func, ast.Attribute):
        return None
    head, _, name = dotted(node.func).rpartition(".")
    if head.endswith("path"):
        return name in _TUPLE_FUNCTIONS
    if node.func.attr == "groups":
        return True
    return False if node.func.attr in _TEXT_METHODS else None


def _places(index: Index) -> Iterator[tuple[str, ast.expr]]:
    for call in index.of(ast.Call):
        function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        starred = False
        for position, value in enumerate(call.args):
            starred = starred or isinstance(value, ast.Starred)
            if not starred:
                yield argument(function, position), value
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield argument(function, keyword.arg), keyword.value
                if function == "dict":
                    yield item(keyword.arg), keyword.value
    yield from _stores(index)
    for function_node in index.of(ast.FunctionDef):
        for statement in ast.walk(function_node):
            if isinstance(statement, ast.Return) and statement.value is not None:
                yield result(function_node.name), statement.value


def _stores(index: Index) -> Iterator[tuple[str, ast.expr]]:
    for statement in index.of(ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Attribute):
                yield attribute(target.attr), statement.value
            elif isinstance(target, ast.Subscript) and (key := _text(target.slice)):
                yield item(key), statement.value
            elif isinstance(target, ast.Name) and isinstance(index.parents[statement], ast.ClassDef):
                yield attribute(target.id), statement.value
    for mapping in index.of(ast.Dict):
        for node, value in zip(mapping.keys, mapping.values, strict=True):
            if node is not None and (key := _text(node)):
                yield item(key), value


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
