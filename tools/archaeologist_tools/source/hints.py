"""What the places of a project that hand a value on say of it, by name: is it ever a tuple?

One key stands for all values with one role: an argument of functions of a name, an attribute, a key of mappings, a
result of functions of a name. A place that can be read either shows that the value is no tuple, or that it is one, or
says nothing. Read off the syntax, because all places of all files are looked at.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import BUILTINS, NO_TUPLE_METHODS
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.source.index import Index

# How many names a value is followed through inside of one file.
_DEEPEST = 4
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


@dataclass(frozen=True)
class Hints:
    """What one file shows.

    Attributes:
        plain: keys of values that it shows to be no tuples.
        tuples: keys of values that it shows to be tuples, perhaps.
        flows: pairs of keys: a value of the first role may be one of the second.
    """

    plain: frozenset[str]
    tuples: frozenset[str]
    flows: frozenset[tuple[str, str]]


def hints(index: Index) -> Hints:
    """Gather what a file shows."""
    plain: set[str] = set()
    tuples: set[str] = set()
    flows: set[tuple[str, str]] = set(_parameters(index))
    sources = _Sources(index)
    for key, value in _places(index):
        for source in sources.of(value):
            if isinstance(source, str):
                flows.add((key, source))
            else:
                (tuples if source else plain).add(key)
    return Hints(frozenset(plain), frozenset(tuples), frozenset(flow for flow in flows if flow[0] != flow[1]))


def settled(files: Iterable[Hints]) -> tuple[set[str], set[str]]:
    """What the files show together: what is known of a value is known of all that it flows into.

    Returns:
        The keys of values that some place shows to be no tuples and none shows to be one; the keys of values that may
        be tuples.
    """
    known = list(files)
    into: dict[str, list[str]] = {}
    for target, source in (flow for file in known for flow in file.flows):
        into.setdefault(source, []).append(target)
    tuples = _reached({key for file in known for key in file.tuples}, into)
    return _reached({key for file in known for key in file.plain}, into) - tuples, tuples


def _reached(keys: set[str], into: dict[str, list[str]]) -> set[str]:
    reached, pending = set(keys), list(keys)
    while pending:
        for target in into.get(pending.pop(), ()):
            if target not in reached:
                reached.add(target)
                pending.append(target)
    return reached


class _Sources:
    """Where values of one file come from.

    Args:
        index: the file's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._once = _named_once(index)

    def of(self, value: ast.expr, depth: int = 0) -> Iterator[bool | str]:
        """What an expression is, as `is_tuple` tells, or the keys of what it may be."""
        verdict = is_tuple(value)
        if verdict is not None:
            yield verdict
        elif isinstance(value, (ast.BoolOp, ast.IfExp)) and depth < _DEEPEST:
            for part in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
                yield from self.of(part, depth + 1)
        elif isinstance(value, ast.Name):
            if value.id in self._once and depth < _DEEPEST:
                yield from self.of(self._once[value.id], depth + 1)
            elif key := self._parameter(value):
                yield key
        elif isinstance(value, ast.Attribute):
            yield attribute(value.attr)
        elif isinstance(value, ast.Subscript) and (text := _text(value.slice)):
            yield item(text)
        elif isinstance(value, ast.Call) and (name := _called(value)):
            yield result(name)

    def _parameter(self, name: ast.Name) -> str | None:
        """The key of the parameter that a name is, in the function around it."""
        for parent in self._index.ancestors(name):
            if isinstance(parent, ast.FunctionDef):
                arguments = parent.args
                if name.id in {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}:
                    return argument(_known_as(parent, self._index), name.id)
                return None
        return None


def _parameters(index: Index) -> Iterator[tuple[str, str]]:
    """That what is handed over by position is what the parameter at that position gets."""
    for function in index.of(ast.FunctionDef):
        name = _known_as(function, index)
        first = isinstance(index.parents[function], ast.ClassDef)
        for position, each in enumerate((*function.args.posonlyargs, *function.args.args)):
            if position >= first:
                yield argument(name, each.arg), argument(name, position - first)


def _known_as(function: ast.FunctionDef, index: Index) -> str:
    """The name that a function is called by: a constructor by that of its class."""
    owner = index.parents[function]
    return owner.name if isinstance(owner, ast.ClassDef) and function.name == "__init__" else function.name


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _named_once(index: Index) -> dict[str, ast.expr]:
    """The values of names that are bound once in the whole file."""
    return {
        target.id: statement.value
        for statement in index.of(ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and index.bound[target.id] == 1
    }


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
        starred = any(isinstance(element, ast.Starred) for element in node.elts)
        return True if starred or len(node.elts) == 1 else None
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
        function = _called(call)
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
