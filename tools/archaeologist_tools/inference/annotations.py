"""Annotations read as types: those of the code under work, and those that tables and facts are written in."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import BUILTIN_CLASSES
from archaeologist_tools.inference.types import NO_TUPLE, NONE, UNKNOWN, Inferred, Type, join
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Container

_ALIASES = {
    "List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple", "Text": "str",
    "Iterator": "iterator", "Generator": "iterator",
    "Type": "type",
}  # fmt: skip
_PLAIN = BUILTIN_CLASSES | {
    "function", "module", "iterator", "match", "pattern", "logger", "file", "exception", "instance", "slice",
}  # fmt: skip
_NO_TUPLE = "NoTuple"
# Words of the notation that `described` reads, and nowhere else.
_NOTATION = frozenset({"Sub", "Instance", _NO_TUPLE, *(_PLAIN - BUILTIN_CLASSES)})
_PAIR = 2


@cache
def described(text: str) -> Inferred:
    """Read a description such as `list[str] | None`.

    `Sub[str]` is a subclass of str, or str itself, `NoTuple` is anything but a tuple, `?` is unknown.
    """
    if not text or "?" in text:
        return UNKNOWN
    return _read(ast.parse(text, mode="eval").body, exact=True)


def description(known: Inferred) -> str:
    """Describe a value as `described` reads it; empty when anything is possible."""
    if known.types is None and known.tuple_free:
        return _NO_TUPLE
    parts = [_type_text(kind) for kind in known.types or ()]
    return " | ".join(sorted(parts)) if all(parts) else ""


def _type_text(kind: Type) -> str:
    if kind.name not in _PLAIN and kind.name != "NoneType":
        return ""
    name = "None" if kind.name == "NoneType" else kind.name
    item = description(kind.item) if kind.item is not None else ""
    value = description(kind.value) if kind.value is not None else ""
    if kind.slots is not None and all(description(slot) for slot in kind.slots) and kind.slots:
        name = f"tuple[{', '.join(description(slot) for slot in kind.slots)}]"
    elif item and value:
        name = f"{kind.name}[{item}, {value}]"
    elif item and kind.name in {"list", "set", "frozenset", "iterator", "range"}:
        name = f"{kind.name}[{item}]"
    return name if kind.exact or name == "None" else f"Sub[{name}]"


def read(node: ast.expr | None, own: Container[str] = ()) -> Inferred:
    """Read an annotation of the code under work.

    Args:
        node: the annotation; a string is read as the expression it holds.
        own: names that mean something else in the module than what `typing` and Python have under them.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return UNKNOWN
    if node is None or any(isinstance(part, ast.Name) and part.id in own for part in ast.walk(node)):
        return UNKNOWN
    words = {dotted(part).rpartition(".")[2] for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Attribute))}
    return UNKNOWN if words & _NOTATION else _read(node, exact=False)


def _read(node: ast.expr, *, exact: bool) -> Inferred:
    if isinstance(node, ast.Constant):
        return _constant(node, exact=exact)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return join((_read(node.left, exact=exact), _read(node.right, exact=exact)))
    if isinstance(node, ast.Subscript):
        return _subscript(node, exact=exact)
    name = _name(node)
    if name == _NO_TUPLE and exact:
        return NO_TUPLE
    if name not in _PLAIN:
        return UNKNOWN
    # A float parameter takes an int, by PEP 484.
    names = ("float", "int") if name == "float" and not exact else (name,)
    return Inferred(frozenset(Type(each, exact=exact or each == "bool") for each in names))


def _constant(node: ast.Constant, *, exact: bool) -> Inferred:
    if node.value is None:
        return NONE
    if not isinstance(node.value, str):
        return UNKNOWN
    try:
        return _read(ast.parse(node.value, mode="eval").body, exact=exact)
    except SyntaxError:
        return UNKNOWN


def _subscript(node: ast.Subscript, *, exact: bool) -> Inferred:
    name = _name(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Sub":
        return _read(inner[0], exact=False)
    if name == "Optional":
        return join((_read(inner[0], exact=exact), NONE))
    if name == "Union":
        return join(_read(part, exact=exact) for part in inner)
    if name == "Instance":
        return Inferred(frozenset({Type("instance", exact=False, owner=dotted(inner[0]))}))
    if name not in _PLAIN:
        return UNKNOWN
    parts = [_read(part, exact=exact) for part in inner]
    if name == "tuple":
        return _tuple(inner, parts, exact=exact)
    value = parts[1] if name == "dict" and len(parts) == _PAIR else None
    return Inferred(frozenset({Type(name, exact=exact, item=parts[0], value=value)}))


def _tuple(inner: list[ast.expr], parts: list[Inferred], *, exact: bool) -> Inferred:
    if isinstance(inner[-1], ast.Constant) and inner[-1].value is Ellipsis:
        return Inferred(frozenset({Type("tuple", exact=exact, item=parts[0])}))
    return Inferred(frozenset({Type("tuple", exact=exact, item=join(parts), slots=tuple(parts))}))


def _name(node: ast.expr) -> str:
    name = dotted(node).rpartition(".")[2]
    return _ALIASES.get(name, name)
