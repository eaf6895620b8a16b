"""Whether values can be computed one after the other as before, though each is written before the next is computed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import CHANGING_METHODS, FUNCTIONS, NO_TUPLE_METHODS, READING_METHODS
from archaeologist_tools.source.index import walk
from archaeologist_tools.strings.fstrings import TemplateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View

_CONTAINERS = ("dict", "list", "set", "frozenset", "tuple")
_IMMUTABLE = ("str", "int", "float", "bool", "NoneType", "bytes")
_QUIET = frozenset(
    {
        "len",
        "str",
        "repr",
        "int",
        "float",
        "type",
        "id",
        "ord",
        "chr",
        "bool",
        "abs",
        "round",
        "min",
        "max",
        "sum",
        "sorted",
    }
)


def check_order(values: Sequence[ast.expr], view: View) -> None:
    """Check that computing a value cannot change how one before it is written.

    Raises:
        TemplateError: a value is computed by a call behind one that may change.
    """
    if view.texts_have_effects:
        # Asking for a text is as loud as a call, and what is only read behind it may have changed.
        loud = [place for place, value in enumerate(values) if place and not isinstance(value, ast.Constant)]
    else:
        loud = [place for place, value in enumerate(values) if place and not is_quiet(value, view)]
    before = values[: loud[-1]] if loud else ()
    if not all(view.types.kinds(value).only(*_IMMUTABLE) for value in before):
        raise TemplateError("evaluation-order")


def is_quiet(value: ast.expr, view: View) -> bool:
    """Whether computing a value surely changes nothing that text is made of: only calls that just read."""
    for node in walk(value):
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
            return False
        if isinstance(node, ast.Call) and not _only_reads(node.func, view):
            return False
    return True


def _only_reads(function: ast.expr, view: View) -> bool:
    """Whether a call is one of a plain builtin, of the standard library, or of a method that changes nothing."""
    if view.types.members.qualified(function) in FUNCTIONS:
        return True
    if isinstance(function, ast.Name):
        return function.id in _QUIET and view.is_builtin(function.id)
    if not isinstance(function, ast.Attribute):
        return False
    receiver, name = view.types.kinds(function.value), function.attr
    if receiver.only(*_IMMUTABLE, "match") or (
        name in NO_TUPLE_METHODS and not view.types.members.defines_method(name)
    ):
        return True
    return receiver.exactly(*_CONTAINERS) and name in READING_METHODS - CHANGING_METHODS
