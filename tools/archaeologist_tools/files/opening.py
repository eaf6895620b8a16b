"""`f = open(...)` as a statement of a block, and the statement that closes the file again."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.files.handles import scope_of
from archaeologist_tools.files.openers import Opener, opener_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View


@dataclass(frozen=True)
class Opening:
    """`f = open(...)` as a statement of a block.

    Attributes:
        statement: the assignment.
        name: the variable.
        opener: the call.
        block: the statements of the block around it.
        place: its place in the block.
        owner: the function or module whose variable it is.
    """

    statement: ast.Assign
    name: str
    opener: Opener
    block: Sequence[ast.stmt]
    place: int
    owner: ast.AST


def opening_of(call: ast.Call, view: View) -> Opening | str:
    """What a call opens into a variable, or why it does not, as a reason code."""
    statement = view.index.parents[call]
    if not isinstance(statement, ast.Assign) or statement.value is not call:
        return "stored"
    if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        return "stored"
    opener = opener_of(call, view)
    if opener is None:
        return "rebound"
    owner, block = scope_of(statement, view), view.index.block_of(statement)
    if isinstance(owner, ast.ClassDef):
        return "no-statement"
    return Opening(statement, statement.targets[0].id, opener, block, block.index(statement), owner)


def closed_name(statement: ast.stmt) -> str:
    """The variable that a statement `f.close()` closes."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="close"), args=[], keywords=[])):
            return name
    return ""
