"""Operations that raise an error when an operand is a tuple: that one was done shows that the operand is none."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import REFUSES_TUPLE, TUPLE_ATTRIBUTES
from archaeologist_tools.inference.mentions import key_of
from archaeologist_tools.inference.reaching import unconditional
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.inference.mentions import Key
    from archaeologist_tools.source.index import Index


class Refusals:
    """The operations of one module that refuse tuples.

    Args:
        index: the module's index.
        fields: attributes of the project's own named tuples.
    """

    def __init__(self, index: Index, fields: frozenset[str]) -> None:
        self._index = index
        self._fields = fields
        self._refusing: dict[ast.AST, frozenset[Key | None]] = {}

    def refuses(self, expression: ast.expr, text: Key) -> bool:
        """Whether evaluating an expression raises TypeError or AttributeError when the name holds a tuple."""
        if expression not in self._refusing:
            parts = (part for node in unconditional(expression) for part in self.operands(node))
            self._refusing[expression] = frozenset(map(key_of, parts))
        return text in self._refusing[expression]

    def operands(self, node: ast.AST) -> Sequence[ast.expr]:
        """The parts of an operation that may be no tuples."""
        if isinstance(node, ast.Attribute):
            known = node.attr in TUPLE_ATTRIBUTES or node.attr in self._fields
            return () if known else [node.value]
        if isinstance(node, ast.Call):
            position = self.argument(node)
            return [node.args[position]] if position is not None and len(node.args) > position else ()
        if isinstance(node, ast.BinOp):
            return _operands_that_are_no_tuples(node)
        if isinstance(node, ast.Compare):
            return _compared_to_no_tuple(node)
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            return [node.operand]
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and _is_plain(node.value):
            return [node.target]
        return [node.value] if isinstance(node, ast.Subscript) and _is_text(node.slice) else ()

    def argument(self, call: ast.Call) -> int | None:
        """Which argument of a call may be no tuple."""
        name = dotted(call.func)
        if name not in REFUSES_TUPLE:
            return None
        head = name.partition(".")[0]
        return REFUSES_TUPLE[name] if head in self._imported or not self._index.bound[head] else None

    @cached_property
    def _imported(self) -> frozenset[str]:
        """The names of modules that the module imports as a whole."""
        aliases = (alias for node in self._index.of(ast.Import) for alias in node.names)
        return frozenset(bound_by(alias) for alias in aliases)


def _operands_that_are_no_tuples(node: ast.BinOp) -> Sequence[ast.expr]:
    if isinstance(node.op, ast.Add):
        return [part for part, other in ((node.left, node.right), (node.right, node.left)) if _is_plain(other)]
    if isinstance(node.op, ast.Mod):
        return [node.left]
    return () if isinstance(node.op, (ast.Mult, ast.MatMult)) else (node.left, node.right)


def _compared_to_no_tuple(node: ast.Compare) -> Sequence[ast.expr]:
    # The rest of a chain is only looked at while what is before it is true.
    left, operator, right = node.left, node.ops[0], node.comparators[0]
    if isinstance(operator, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
        return [part for part, other in ((left, right), (right, left)) if _is_plain(other)]
    return [left] if isinstance(operator, (ast.In, ast.NotIn)) and _is_text(right) else ()


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression surely is text or a number: a literal, formatted text, or text joined."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Mod, ast.Add)) and _is_plain(node.left)
    if isinstance(node, ast.Call):
        joins = (
            isinstance(node.func, ast.Attribute) and node.func.attr in {"join", "format"} and _is_plain(node.func.value)
        )
        return joins or (isinstance(node.func, ast.Name) and node.func.id in {"str", "repr", "int", "float", "len"})
    plain = isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes, int, float))
    return plain or isinstance(node, ast.JoinedStr)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
