"""Taking a decision whose outcome is known out of an expression: the value that counts stays."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.python2.branches import Undecided
from archaeologist_tools.python2.dead import shapes_scope

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Dict)
# What needs parentheses where a conditional expression needs none.
_LOOSE = (ast.Lambda, ast.IfExp, ast.Yield, ast.YieldFrom, ast.NamedExpr)
# Their parentheses are no part of the expression inside.
_PARENTHESES = (ast.Call, ast.ClassDef)
_WORD = re.compile(rb"[\w)\]]$")
_OPERATOR_BEHIND = re.compile(rb"\s*\b(?:and|or)\b\s*")
_OPERATOR_BEFORE = re.compile(rb"\s*\b(?:and|or)\b\s*$")
_FILTER = re.compile(rb"\s*\bif\b\s*$")


def kept_value(node: ast.IfExp | ast.BoolOp, part: ast.expr, view: View, *, taken: bool) -> tuple[int, int, str]:
    """What a conditional expression, or `and` and `or`, is without a decision.

    Args:
        node: the expression.
        part: the condition, or the operand, that decides.
        view: the file.
        taken: whether it is true.

    Returns:
        The bytes to replace and the new text.

    Raises:
        Undecided: it has to stay.
    """
    start, end = view.module.extent(node)
    if b"#" in view.module.data[start:end]:
        raise Undecided("comment")
    if isinstance(node, ast.BoolOp):
        return _kept_operands(node, part, view, taken=taken)
    alive, dead = (node.body, node.orelse) if taken else (node.orelse, node.body)
    if shapes_scope([node.test, dead], view.index):
        raise Undecided("scope")
    return _alone(node, alive, view)


def _kept_operands(node: ast.BoolOp, part: ast.expr, view: View, *, taken: bool) -> tuple[int, int, str]:
    place = node.values.index(part)
    last = place == len(node.values) - 1
    if taken is not isinstance(node.op, ast.And) or (last and not _is_condition(node, view)):
        raise Undecided("open")
    if shapes_scope([part], view.index):
        raise Undecided("scope")
    beside = node.values[place - 1 if last else place + 1]
    if len(node.values) == len((part, beside)) and _is_framed(node, beside, view):
        return _alone(node, beside, view)
    other, (part_start, part_end) = view.module.extent(beside), _with_parentheses(part, view)
    data = view.module.data
    if last:
        match = _OPERATOR_BEFORE.search(data[other[1] : part_start])
        spot = (other[1] + match.start(), part_end) if match else None
    else:
        match = _OPERATOR_BEHIND.match(data[part_end : other[0]])
        spot = (part_start, part_end + match.end()) if match else None
    if spot is None:
        raise Undecided("layout")
    return (*spot, "")


def _with_parentheses(node: ast.expr, view: View) -> tuple[int, int]:
    """The place of an operand with all parentheses of its own."""
    (start, end), data = view.module.extent(node), view.module.data
    while data[start - 1 : start] == b"(" and data[end : end + 1] == b")":
        start, end = start - 1, end + 1
    return start, end


def without_filter(node: ast.comprehension, part: ast.expr, view: View, *, taken: bool) -> tuple[int, int, str]:
    """The place of a condition of a comprehension that always holds, with its `if`.

    Raises:
        Undecided: it has to stay.
    """
    if not taken:
        raise Undecided("loop")
    before = [node.iter, *node.ifs][node.ifs.index(part)]
    behind, (start, end) = view.module.extent(before)[1], view.module.extent(part)
    between = view.module.data[behind:start]
    match = _FILTER.search(between)
    if match is None or b"#" in between:
        raise Undecided("layout")
    return behind + match.start(), end, ""


def _alone(node: ast.expr, alive: ast.expr, view: View) -> tuple[int, int, str]:
    """A value in the place of an expression, without the parentheses it no longer needs."""
    start, end = view.module.extent(node)
    if _is_framed(node, alive, view):
        return start - 1, end + 1, view.module.segment(alive)
    text = view.module.segment(alive)
    if isinstance(alive, _LOOSE) or ("\n" in text and not _is_in_parentheses(node, view)):
        text = f"({text})"
    return start, end, text


def _is_framed(node: ast.expr, alive: ast.expr, view: View) -> bool:
    """Whether an expression stands in parentheses of its own, which a value in its place needs no more."""
    own = _is_in_parentheses(node, view) and not isinstance(view.index.parents[node], _PARENTHESES)
    before = view.module.data[: view.module.extent(node)[0] - 1][-1:]
    return own and isinstance(alive, _ATOMS) and "\n" not in view.module.segment(alive) and not _WORD.search(before)


def _is_in_parentheses(node: ast.expr, view: View) -> bool:
    (start, end), data = view.module.extent(node), view.module.data
    return data[start - 1 : start] == b"(" and data[end : end + 1] == b")"


def _is_condition(node: ast.expr, view: View) -> bool:
    """Whether only the truth of a value is asked for."""
    parent = view.index.parents[node]
    if isinstance(parent, ast.comprehension):
        return node in parent.ifs
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    return isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)) and parent.test is node
