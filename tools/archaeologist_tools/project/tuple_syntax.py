"""Whether an expression may be a tuple of one value, as far as its own syntax tells."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from archaeologist_tools.inference.known import BUILTINS, NO_TUPLE_METHODS
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_NO_TUPLES = frozenset(
    {
        ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
        ast.Lambda, ast.Compare, ast.UnaryOp,
    }
)  # fmt: skip
_NO_TUPLE_OPERATORS = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift)
_TEXT_METHODS = NO_TUPLE_METHODS | {
    "count", "dumps", "encode", "fileno", "find", "format", "index", "join", "quote", "quote_plus", "read", "readline",
    "readlines", "replace", "rfind", "rindex", "split", "tell", "unquote", "unquote_plus", "urlencode",
}  # fmt: skip
_TUPLE_FUNCTIONS = frozenset({"split", "splitext", "splitdrive"})


def is_tuple(node: ast.expr) -> bool | None:
    """Whether an expression may be a tuple of one value, or surely is no tuple; None when nothing can be told."""
    kind = node.__class__
    if kind in _NO_TUPLES:
        return False
    return _VERDICTS[kind](node) if kind in _VERDICTS else None


def _of_display(node: ast.Tuple) -> bool | None:
    # Two values never fitted one place of a template: such code fails already, and says nothing of the rest.
    starred = any(isinstance(part, ast.Starred) for part in node.elts)
    return True if starred or len(node.elts) == 1 else None


def _of_operator(node: ast.BinOp) -> bool | None:
    if isinstance(node.op, ast.Mod):
        return False if isinstance(node.left, (ast.Constant, ast.JoinedStr)) else None
    if isinstance(node.op, ast.Add):
        verdicts = {is_tuple(part) for part in _summands(node)}
        return True if True in verdicts else (False if False in verdicts else None)
    return False if isinstance(node.op, _NO_TUPLE_OPERATORS) else None


def _summands(node: ast.BinOp) -> Iterator[ast.expr]:
    """What a sum is of; one of a thousand parts is nested too deeply for a function that calls itself."""
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        yield left.right
        left = left.left
    yield left


def _of_call(node: ast.Call) -> bool | None:
    if isinstance(node.func, ast.Name):
        if node.func.id == "tuple":
            return True
        return False if node.func.id in BUILTINS else None
    if not isinstance(node.func, ast.Attribute):
        return None
    owner, name = node.func.value, node.func.attr
    if _last(owner).endswith("path") and dotted(owner):
        return None if name in _TUPLE_FUNCTIONS else False
    if name == "groups":
        return True
    return False if name in _TEXT_METHODS else None


def _last(owner: ast.expr) -> str:
    """The last of the names in a chain of them; empty for anything else."""
    return owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")


_VERDICTS: Mapping[type[ast.expr], Callable[[Any], bool | None]] = {
    ast.Constant: lambda node: None if node.value is None else False,
    ast.Starred: lambda _: True,
    ast.Tuple: _of_display,
    ast.BinOp: _of_operator,
    ast.Call: _of_call,
}
