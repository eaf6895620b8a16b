"""Which values are surely no text, so that `int(x)` and `float(x)` take of them what `%d` and `%f` take.

`%d` is filled with whatever has a whole number to give: a float, a Decimal, an object with `__int__`. So does `int`,
which reads digits in a text besides, where `%d` raises TypeError. It is enough to know that a value is no text, and
what was computed with, or compared to a number, is none.
"""

from __future__ import annotations

import ast
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeGuard

from archaeologist_tools.inference.bindings import Kind
from archaeologist_tools.inference.mentions import key_of
from archaeologist_tools.inference.reaching import unconditional
from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.changes import Changes
    from archaeologist_tools.inference.scopes import Scope
    from archaeologist_tools.inference.values import Types

_NUMBERS = ("int", "float", "bool")
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MAKERS = frozenset({"len", "int", "float"})
_TAKING_NUMBERS = frozenset({"range", "chr"})
_CHOOSING = frozenset({"min", "max"})
# A text takes part in these three operations only.
_OF_TEXTS = (ast.Add, ast.Mult, ast.Mod)
_MAX_DEPTH = 8
_OPERATORS = ("sub", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "xor", "or", "add", "mul")
_CALCULATING = tuple(f"__{start}{name}__" for start in ("", "r") for name in _OPERATORS)
_COMPARING = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})
_TEXTS = frozenset({"str", "bytes", "bytearray"})


class Countable:
    """The values of one module that are surely no text.

    Args:
        types: what its values can be.
        changes: where attributes and items get other values.
    """

    def __init__(self, types: Types, changes: Changes) -> None:
        self._types = types
        self._changes = changes

    def is_no_text(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether an expression is neither text nor bytes where it stands, whenever it has a value."""
        if depth > _MAX_DEPTH:
            return False
        inferred = self._types.kinds(node)
        if inferred.types is not None:
            return inferred.only(*_NUMBERS)
        if self._calculates_itself:
            return False
        if isinstance(node, ast.BinOp):
            return self._is_computed(node.op, node.left, node.right, depth)
        if isinstance(node, ast.UnaryOp):
            return not isinstance(node.op, ast.Not)
        if isinstance(node, ast.IfExp):
            return self.is_no_text(node.body, depth + 1) and self.is_no_text(node.orelse, depth + 1)
        if isinstance(node, ast.Name):
            return self._is_name_computed(node, depth)
        return isinstance(node, (ast.Attribute, ast.Subscript)) and self._is_counted(
            node, partial(self._changes.of, node)
        )

    @cached_property
    def _calculates_itself(self) -> bool:
        """Whether a class of the module says what operators do with its objects, which may be texts."""
        return any(map(self._types.members.defines_method, _CALCULATING))

    @cached_property
    def _compares_itself(self) -> bool:
        """Whether a class of the module compares its objects with numbers, though they are texts."""
        texts = (node for node in self._types.index.of(ast.ClassDef) if _TEXTS & set(map(dotted, node.bases)))
        return any(getattr(member, "name", "") in _COMPARING for node in texts for member in node.body)

    def _is_computed(self, operator: ast.operator, left: ast.expr, right: ast.expr, depth: int) -> bool:
        """Whether an operation gives no text, as far as its operands are looked at."""
        if isinstance(operator, ast.Add):
            return any(self._types.kinds(part).exactly(*_NUMBERS) for part in (left, right))
        if isinstance(operator, ast.Mult):
            return self.is_no_text(left, depth + 1) and self.is_no_text(right, depth + 1)
        if isinstance(operator, ast.Mod):
            return self.is_no_text(left, depth + 1)
        return not isinstance(operator, ast.MatMult)

    def _is_name_computed(self, node: ast.Name, depth: int) -> bool:
        found = self._types.scopes.lookup(node)
        if found is None or node.id in self._types.scopes.declared:
            return False
        scope, bindings = found
        if not isinstance(scope, FUNCTIONS) or scope is not self._types.scopes.around(node):
            return False
        if self._is_counted(node, lambda: bindings):
            return True
        reaching = self._types.flow.reaching(node, bindings)
        return bool(reaching) and all(self._gives_no_text(binding, scope, depth) for binding in reaching)

    def _gives_no_text(self, binding: Binding, scope: Scope, depth: int) -> bool:
        known = self._types.variables.kinds(binding, scope)
        if known.types:
            return known.only(*_NUMBERS)
        if binding.kind is Kind.AUGMENTED and isinstance(binding.node, ast.AugAssign):
            operator, value = binding.node.op, binding.node.value
            summed = isinstance(operator, ast.Add) and self._types.kinds(value).exactly(*_NUMBERS)
            return summed or not isinstance(operator, (*_OF_TEXTS, ast.MatMult))
        plain = binding.kind is Kind.VALUE and binding.source is not None and not binding.path
        return plain and binding.source is not None and self.is_no_text(binding.source, depth + 1)

    def _is_counted(self, node: ast.expr, bindings: Callable[[], Sequence[Binding]]) -> bool:
        """Whether every way to a place computes with a value, or compares it, as only numbers can be."""
        key = key_of(node)
        if key is None:
            return False
        return any(
            key in map(key_of, self._refused(part))
            for test in self._types.guards.evaluated(node, bindings)
            for part in unconditional(test)
        )

    def _refused(self, node: ast.AST) -> Sequence[ast.expr]:
        """The operands of an operation that raises TypeError when they are text."""
        if isinstance(node, ast.BinOp) and not isinstance(node.op, (ast.Mult, ast.Mod, ast.MatMult)):
            return self._beside_number(node.left, node.right)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            # Text, and a list, is repeated a number of times.
            pairs = ((node.left, node.right), (node.right, node.left))
            return [part for part, other in pairs if isinstance(other, (ast.List, ast.JoinedStr)) or _is_text(other)]
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], _ORDERS) and not self._compares_itself:
            return self._beside_number(node.left, node.comparators[0])
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            return [node.operand]
        return node.args if self._is_call(node, _TAKING_NUMBERS) else ()

    def _beside_number(self, left: ast.expr, right: ast.expr) -> Sequence[ast.expr]:
        found = [part for part, other in ((left, right), (right, left)) if self._is_number(other)]
        # All arguments are compared to each other, and one of them to the number.
        several = (part.args for part in found if self._is_call(part, _CHOOSING) and len(part.args) > 1)
        return [*found, *(argument for arguments in several for argument in arguments)]

    def _is_call(self, node: ast.AST, names: AbstractSet[str]) -> TypeGuard[ast.Call]:
        """Whether a node calls one of these builtins with arguments by position alone."""
        if not isinstance(node, ast.Call) or node.keywords or not isinstance(node.func, ast.Name):
            return False
        return node.func.id in names and self._types.scopes.is_builtin(node.func)

    def _is_number(self, node: ast.expr) -> bool:
        """Whether an expression surely is a number, by what is written there."""
        if isinstance(node, ast.UnaryOp):
            return self._is_number(node.operand)
        if isinstance(node, ast.BinOp):
            return self._is_number(node.left) and self._is_number(node.right)
        if isinstance(node, ast.Call):
            return self._is_call(node, _MAKERS)
        return isinstance(node, ast.Constant) and isinstance(node.value, (int, float))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
