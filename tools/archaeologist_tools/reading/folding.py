"""Which lines of a module to leave out so that its own level can be seen: the bodies of its functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.source.module import first_line
from archaeologist_tools.surgery.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Definition

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WORTH_FOLDING = 2
"""Lines of a body; to leave out fewer saves nothing."""


def folds(module: Module) -> Mapping[int, int]:
    """The first and the last line of the body of each function that is not inside of another one."""
    outermost = (
        node
        for _, node in definitions(module.index)
        if not any(isinstance(around, _FUNCTIONS) for around in module.index.ancestors(node))
    )
    return dict(fold for node in outermost if (fold := fold_of(node)))


def fold_of(node: Definition) -> tuple[int, int] | None:
    """The first and the last line of a function's body; None for what is no function, or saves nothing."""
    if not isinstance(node, _FUNCTIONS):
        return None
    start, end = first_line(node.body[0]), node.end_lineno or node.lineno
    return (start, end) if start > node.lineno and end - start + 1 >= WORTH_FOLDING else None
