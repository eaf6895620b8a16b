"""Where a value of one file comes from, by name: the roles that `hints` follows through the project."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import BUILTINS, NO_TUPLE_METHODS
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

# How many names a value is followed through inside of one file.
_DEEPEST = 4
ELEMENT = "[]"
_NO_TUPLES = (
    ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Lambda,
    ast.Compare, ast.UnaryOp,
)  # fmt: skip
_NO_TUPLE_OPERATORS = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift)
_TEXT_METHODS = NO_TUPLE_METHODS | {"join", "format", "replace", "split", "read", "readline", "readlines", "find"}
_TEXT_LISTS = frozenset({"split", "rsplit", "splitlines", "readlines", "listdir", "keys", "partition", "rpartition"})
_SAME_ELEMENTS = frozenset({"list", "sorted", "set", "frozenset", "reversed", "tuple", "iter"})
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


def element(key: str) -> str:
    """The key of what a value holds, from the key of the value."""
    return f"{key}{ELEMENT}"


def result(function: str) -> str:
    """The key of what functions and methods of a name give."""
    return f"r:{function}"


class ValueSources:
    """Where values of one file come from.

    Args:
        index: the file's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._locals: dict[ast.AST, dict[str, list[tuple[ast.expr, bool]]]] = {}

    def of(self, value: ast.expr, depth: int = 0) -> Iterator[bool | str]:
        """What an expression is, as `is_tuple` tells, or the keys of what it may be."""
        verdict = is_tuple(value)
        if verdict is not None:
            yield verdict
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                # A class of the project may have a method of that name, too.
                yield result(called(value))
        elif depth > _DEEPEST:
            return
        elif isinstance(value, (ast.BoolOp, ast.IfExp)):
            for part in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                yield from self.of(part, depth + 1)
        elif isinstance(value, ast.Name):
            yield from self._named(value, depth + 1, inside=False)
        elif isinstance(value, ast.Subscript) and not text_of(value.slice):
            if not isinstance(value.slice, ast.Slice):
                yield from self.elements(value.value, depth + 1)
        elif key := _key_of(value):
            yield key

    def elements(self, value: ast.expr, depth: int = 0) -> Iterator[bool | str]:
        """What a container holds, in the same terms."""
        if depth > _DEEPEST:
            return
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            for part in value.elts:
                yield from self.of(part, depth + 1)
        elif isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            yield from self.of(value.elt, depth + 1)
        elif isinstance(value, ast.Call) and called(value) in _SAME_ELEMENTS and value.args:
            yield from self.elements(value.args[0], depth + 1)
        elif isinstance(value, ast.Call) and called(value) in _TEXT_LISTS:
            yield False
        elif isinstance(value, (ast.BoolOp, ast.IfExp)):
            for part in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                yield from self.elements(part, depth + 1)
        elif isinstance(value, ast.Name):
            yield from self._named(value, depth + 1, inside=True)
        elif key := _key_of(value):
            yield element(key)

    def _named(self, name: ast.Name, depth: int, *, inside: bool) -> Iterator[bool | str]:
        """The sources of a name, or of what it holds: a parameter, or everything that is bound to it."""
        for parent in self._index.ancestors(name):
            if not isinstance(parent, (ast.FunctionDef, ast.Module)):
                continue
            bound = self._bindings(parent).get(name.id, [])
            for source, is_element in bound:
                if inside and is_element:
                    continue
                follow = self.elements if inside or is_element else self.of
                yield from follow(source, depth)
            if isinstance(parent, ast.FunctionDef) and name.id in _parameter_names(parent):
                key = argument(known_as(parent, self._index), name.id)
                yield element(key) if inside else key
                return
            if bound:
                return

    def _bindings(self, scope: ast.FunctionDef | ast.Module) -> dict[str, list[tuple[ast.expr, bool]]]:
        """The values that names of a scope are bound to, each with whether it is one of the value's elements."""
        if scope not in self._locals:
            found: dict[str, list[tuple[ast.expr, bool]]] = {}
            for node in _statements(scope):
                if isinstance(node, ast.Assign):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            found.setdefault(target.id, []).append((node.value, False))
                elif isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
                    found.setdefault(node.target.id, []).append((node.iter, True))
            self._locals[scope] = found
        return self._locals[scope]


def _statements(scope: ast.FunctionDef | ast.Module) -> Iterator[ast.AST]:
    """The nodes of a scope, without inner functions and classes."""
    pending: list[ast.AST] = list(scope.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))


def _parameter_names(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _key_of(value: ast.expr) -> str:
    """The key of an attribute, an item or a result; empty for anything else."""
    if isinstance(value, ast.Attribute):
        return attribute(value.attr)
    if isinstance(value, ast.Subscript) and (text := text_of(value.slice)):
        return item(text)
    return result(called(value)) if isinstance(value, ast.Call) and called(value) else ""


def known_as(function: ast.FunctionDef, index: Index) -> str:
    """The name that a function is called by: a constructor by that of its class."""
    owner = index.parents[function]
    return owner.name if isinstance(owner, ast.ClassDef) and function.name == "__init__" else function.name


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def text_of(node: ast.expr) -> str:
    """The text that a literal is; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_tuple(node: ast.expr) -> bool | None:
    """Whether an expression may be a tuple of one value, or surely is no tuple; None when nothing can be told."""
    if isinstance(node, ast.Constant):
        return None if node.value is None else False
    if isinstance(node, _NO_TUPLES):
        return False
    if isinstance(node, ast.Starred):
        return True
    if isinstance(node, ast.Tuple):
        # Two values never fitted one place of a template: such code fails already, and says nothing of the rest.
        starred = any(isinstance(part, ast.Starred) for part in node.elts)
        return True if starred or len(node.elts) == 1 else None
    if isinstance(node, ast.BinOp):
        return _of_operator(node)
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
        return None if name in _TUPLE_FUNCTIONS else False
    if node.func.attr == "groups":
        return True
    return False if node.func.attr in _TEXT_METHODS else None
