"""Stand-ins: names of Python 2 that a module defines for Python 3, such as `unicode = str`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

# What Python 2 had among its builtins, and Python 3 has not.
PYTHON2_BUILTINS = frozenset(
    {"unicode", "basestring", "xrange", "long", "raw_input", "unichr", "reduce", "execfile", "file", "cmp"}
    | {"reload", "intern", "apply", "buffer", "coerce"}
)


def stands_for(name: str, view: View) -> str | None:
    """The builtin that a name is bound to once and for all by `name = builtin` at the top of a module."""
    if view.index.bound[name] != 1 or view.index.writes_namespace or view.index.star_imports:
        return None
    for statement in view.module.tree.body:
        if isinstance(statement, ast.Assign) and [dotted(target) for target in statement.targets] == [name]:
            meant = dotted(statement.value)
            return meant if meant.isidentifier() and view.is_builtin(meant) and meant in _REPLACEMENTS else None
    return None


def is_missing(name: str, attempt: ast.Try, view: View) -> bool:
    """Whether a builtin of Python 2 is surely missing when a `try` asks for it: nothing else in the module binds it."""
    if view.index.writes_namespace or view.index.star_imports:
        return False
    inside = sum(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for handler in attempt.handlers
        for node in ast.walk(handler)
    )
    inside += sum(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for statement in attempt.body
        for node in ast.walk(statement)
    )
    return view.index.bound[name] == inside


def merged_classes(node: ast.expr, meant: str, view: View) -> tuple[int, int, str] | None:
    """The classes of an `isinstance` or `in` with one written anew, when another one is that class already.

    Returns:
        The bytes of the tuple and its new text; None when nothing would stand twice.
    """
    classes = view.index.parents[node]
    call = view.index.parents.get(classes)
    asks = isinstance(call, ast.Call) and dotted(call.func) in {"isinstance", "issubclass"} and classes in call.args
    among = isinstance(call, ast.Compare) and isinstance(call.ops[-1], (ast.In, ast.NotIn)) and len(call.ops) == 1
    if not isinstance(classes, ast.Tuple) or not (asks or among):
        return None
    start, end = view.module.extent(classes)
    names = [meant if item is node else dotted(item) for item in classes.elts]
    plain = all(names) and not re.search(rb"[#\r\n]", view.module.data[start:end])
    if not plain or names.count(meant) == 1:
        return None
    merged = list(dict.fromkeys(names))
    if len(merged) == 1:
        return start, end, merged[0] if asks else f"({merged[0]},)"
    return start, end, f"({', '.join(merged)})"


_REPLACEMENTS = frozenset({"str", "bytes", "int", "range", "input", "chr", "memoryview"})
