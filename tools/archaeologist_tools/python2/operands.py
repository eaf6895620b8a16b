"""The operands of questions for the Python version: numbers and texts, the version and its parts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from archaeologist_tools.source.index import dotted

Version: TypeAlias = tuple[int, int, int, str, int]
Answer: TypeAlias = Callable[[Version], Any]
"""What an operand is on a version."""


def is_version(node: ast.expr) -> bool:
    """Whether an expression looks like the version or a part of it: `sys.version_info[:2]`."""
    while isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "major"):
        node = node.value
    return dotted(node).rpartition(".")[2] in {"version_info", "hexversion"}


def constant(node: ast.expr) -> object:
    """The number, text or tuple that an operand is."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return None
    return value if isinstance(value, (int, str, tuple)) else None


def item(answer: Answer | None, place: ast.expr) -> Answer | None:
    """What `[0]` or `[:2]` of an operand is."""
    if answer is None:
        return None
    if isinstance(place, ast.Slice):
        bounds = [None if bound is None else constant(bound) for bound in (place.lower, place.upper, place.step)]
        return lambda version: answer(version)[slice(*bounds)]
    number = constant(place)
    return lambda version: answer(version)[number]
