"""What operators, loops and subscripts give, from the types of their operands."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.types import NO_TUPLE, NOTHING, UNKNOWN, Inferred, exact, join, loose

if TYPE_CHECKING:
    from archaeologist_tools.inference.types import Type

_NUMBERS = ("int", "float", "bool")
_TEXTS = ("str", "bytes")


def arithmetic(operator: ast.operator, left: Inferred, right: Inferred) -> Inferred:
    """What a binary operator gives."""
    if isinstance(operator, ast.Mod) and left.only("str"):
        return exact("str", "formatted text")
    if left.types == frozenset() or right.types == frozenset():
        return NOTHING
    if left.exactly(*_NUMBERS) and right.exactly(*_NUMBERS):
        return _number(operator, left, right)
    if isinstance(operator, ast.Add):
        return _sum(left, right)
    if isinstance(operator, ast.Mult):
        for text, number in ((left, right), (right, left)):
            if text.only(*_TEXTS) and number.only("int", "bool"):
                return Inferred(text.types, reason="repeated text")
        return NO_TUPLE if left.only("float") or right.only("float") else UNKNOWN
    # No tuple takes part in another operator; `%` is text or a number.
    return NO_TUPLE if not isinstance(operator, (ast.Mod, ast.MatMult)) else UNKNOWN


def _sum(left: Inferred, right: Inferred) -> Inferred:
    for name in _TEXTS:
        if left.exactly(name) and right.only(name):
            return exact(name, "text put together")
        if left.only(name) and right.only(name):
            return loose(name, "text put together")
        if left.only(name):
            # What is added may answer itself, and give a kind of text of its own.
            return loose(name, "text put together")
        if left.only(*_TEXTS) and right.exactly(name):
            # Text and bytes do not go together.
            return Inferred(frozenset(kind for kind in left.ordered if kind.name == name), reason="text put together")
    if left.only("list") and right.only("list"):
        return join((left, right))
    plain = (*_NUMBERS, *_TEXTS)
    return (
        Inferred(tuple_free=True, reason="a sum that takes no tuple")
        if left.only(*plain) or right.only(*plain)
        else UNKNOWN
    )


def _number(operator: ast.operator, left: Inferred, right: Inferred) -> Inferred:
    if isinstance(operator, ast.Div):
        return exact("float", "a quotient")
    if isinstance(operator, ast.Pow):
        return Inferred((exact("int").types or frozenset()) | (exact("float").types or frozenset()))
    if isinstance(operator, (ast.BitAnd, ast.BitOr, ast.BitXor)) and left.exactly("bool") and right.exactly("bool"):
        return exact("bool")
    whole = left.only("int", "bool") and right.only("int", "bool")
    if whole:
        return exact("int", "whole numbers")
    certain = left.exactly("float") or right.exactly("float")
    return exact("float", "numbers") if certain else join((exact("int", "numbers"), exact("float")))


def iterated(value: Inferred) -> Inferred:
    """What iterating over a value gives."""
    if value.types is None:
        return UNKNOWN
    return join(map(_item, value.ordered)) if value.types else NOTHING


def _item(kind: Type) -> Inferred:
    if kind.name == "str":
        return exact("str", "characters of a text") if kind.exact else loose("str")
    if kind.name in {"bytes", "bytearray"}:
        return exact("int")
    if kind.name == "file":
        return join((exact("str", "lines of a file"), exact("bytes")))
    if kind.name == "NoneType":
        return NOTHING
    return UNKNOWN if kind.item is None else kind.item


def slot(value: Inferred, position: int) -> Inferred:
    """What taking a value apart gives at a position."""
    if value.types is None:
        return UNKNOWN
    found = []
    for kind in value.ordered:
        if kind.slots is not None:
            found.append(kind.slots[position] if position < len(kind.slots) else NOTHING)
        elif kind.name != "NoneType":
            found.append(_item(kind))
    return join(found) if found else UNKNOWN


def subscripted(value: Inferred, index: ast.expr) -> Inferred:
    """What a subscript gives."""
    if value.types is None:
        return UNKNOWN
    return join(_element(kind, index) for kind in value.ordered) if value.types else NOTHING


def _element(kind: Type, index: ast.expr) -> Inferred:
    if isinstance(index, ast.Slice):
        if kind.name in {*_TEXTS, "list"}:
            return Inferred(frozenset({kind}))
        return UNKNOWN
    if kind.name == "NoneType":
        return NOTHING
    if kind.name == "match":
        return join((exact("str", "a group of a match"), exact("bytes"), exact("NoneType")))
    if kind.name == "dict":
        return UNKNOWN if kind.value is None else kind.value
    if kind.slots is not None and isinstance(index, ast.Constant) and isinstance(index.value, int):
        inside = -len(kind.slots) <= index.value < len(kind.slots)
        return kind.slots[index.value] if inside else UNKNOWN
    return _item(kind) if kind.name in {*_TEXTS, "list", "tuple"} else UNKNOWN
