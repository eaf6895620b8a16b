"""The keys that stand for all values with one role in a project: an argument of functions of a name, an attribute."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.source.index import called

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index

ELEMENT, VALUE = "[]", "{}"
PART_ENDS = (ELEMENT[-1], VALUE[-1], ")")
"""How the keys of parts of values end; few others do."""
# What is taken from a value, outermost first: what is at a position, any element, or what any key stands for.
Path: TypeAlias = tuple[str | int, ...]


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


def held(key: str) -> str:
    """The key of what any key of a mapping stands for, from the key of the mapping."""
    return f"{key}{VALUE}"


def result(function: str) -> str:
    """The key of what functions and methods of a name give, or of the objects of a class."""
    return f"r:{function}"


def variable(name: str) -> str:
    """The key of a name at the top of modules, which others import or read as an attribute."""
    return f"g:{name}"


def part(key: str, path: Path) -> str:
    """The key of what is taken from a value, from the key of the value."""
    return f"{key}{_spelled(path)}" if path else key


@cache
def _spelled(path: Path) -> str:
    return "".join(f"({step})" if isinstance(step, int) else step for step in path)


def key_of_role(value: ast.expr) -> str:
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


def text_of(node: ast.expr) -> str:
    """The text that a literal is; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def apart(key: str) -> tuple[str, str]:
    """A key as that of a whole value, and what is taken from it."""
    if key[-1:] not in PART_ENDS:
        return key, ""
    taken = sum(map(len, _steps(key)))
    return key[: len(key) - taken], key[len(key) - taken :]


@cache
def depth(way: str) -> int:
    """How many parts of parts are taken on a way to a part."""
    return len(_steps(way))


def _steps(key: str) -> list[str]:
    """What is taken from a value, outermost first."""
    steps: list[str] = []
    while True:
        if key.endswith((ELEMENT, VALUE)):
            start = len(key) - 2
        else:
            start = key.rfind("(") if key.endswith(")") else -1
            if start < 0 or not key[start + 1 : -1].isdecimal():
                return steps[::-1]
        steps.append(key[start:])
        key = key[:start]
