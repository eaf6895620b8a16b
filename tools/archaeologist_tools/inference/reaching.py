"""Which bindings of a name a use can see.

Reaching definitions, read off the text: a binding that every way to the use passes hides the ones before it, unless a
loop leads back to one of them. See Aho, Lam, Sethi, Ullman, "Compilers", section 9.2.4, for the general problem.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.bindings import Kind, start_of
from archaeologist_tools.inference.scopes import COMPREHENSIONS, FUNCTIONS
from archaeologist_tools.source.index import children

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.inference.bindings import Binding, Position
    from archaeologist_tools.source.index import Index

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = frozenset(FUNCTIONS)


class Flow:
    """Order and dominance of places in one module.

    Args:
        index: the module's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known_around: dict[ast.AST, list[ast.AST]] = {}
        self._known_loops: dict[ast.AST, list[ast.AST]] = {}

    def reaching(self, use: ast.AST, bindings: Sequence[Binding]) -> Sequence[Binding]:
        """The bindings that a use in the same scope can see.

        Args:
            use: the place.
            bindings: all bindings of the name in the scope, in order of effect.
        """
        if len(bindings) == 1:
            return bindings
        position = start_of(use)
        hiding = [binding for binding in bindings if binding.effect <= position and self._dominates(binding, use)]
        if not hiding:
            return bindings
        last = hiding[-1]
        others = [binding for binding in bindings if binding is not last]
        return [last, *(other for other in others if self.may_pass(last.node, last.effect, other, use))]

    def is_bound(self, name: str, use: ast.AST, bindings: Sequence[Binding]) -> bool:
        """Whether a name surely has a value at a place of the same scope: it is bound before, and never unbound.

        Args:
            name: the name.
            use: the place.
            bindings: all bindings of the name in the scope.
        """
        position = start_of(use)
        deleted = any(isinstance(node.ctx, ast.Del) for node in self._index.names.get(name, ()))
        if deleted or any(isinstance(binding.node, ast.ExceptHandler) for binding in bindings):
            return False
        return any(binding.effect <= position and self._dominates(binding, use) for binding in bindings)

    def may_pass(self, anchor: ast.AST, effect: Position, binding: Binding, use: ast.AST) -> bool:
        """Whether a binding can happen between an anchor, which dominates a use, and the use."""
        if effect < binding.effect <= start_of(use) or effect == binding.effect:
            return True
        loops = self._loops(use)
        return bool(loops) and any(
            loop not in self._loops(anchor) and (loop is binding.node or loop in self._loops(binding.node))
            for loop in loops
        )

    def around(self, node: ast.AST) -> Sequence[ast.AST]:
        """The ancestors of a node, up to the function it is in, which is not one of them."""
        found = self._known_around.get(node)
        if found is None:
            found = self._known_around[node] = []
            parents, step = self._index.parents, node
            while (parent := parents.get(step)) is not None and parent.__class__ not in _FUNCTIONS:
                found.append(parent)
                step = parent
        return found

    def _loops(self, node: ast.AST) -> list[ast.AST]:
        if node not in self._known_loops:
            self._known_loops[node] = [parent for parent in self.around(node) if isinstance(parent, _LOOPS)]
        return self._known_loops[node]

    def _dominates(self, binding: Binding, use: ast.AST) -> bool:
        if isinstance(binding.node, ast.NamedExpr):
            return False
        if binding.kind is Kind.PARAMETER or isinstance(binding.node, ast.expr):
            return True
        statement = self._index.parents[binding.node] if isinstance(binding.node, ast.alias) else binding.node
        chain = [use, *self.around(use)]
        if statement in chain:
            return self._in_body(statement, chain)
        if isinstance(statement, (*_LOOPS, ast.ExceptHandler)):
            return False
        block: list[ast.AST] = [*self._index.block_of(statement)]
        return statement in block and any(later in chain for later in block[block.index(statement) + 1 :])

    @staticmethod
    def _in_body(statement: ast.AST, chain: Sequence[ast.AST]) -> bool:
        """Whether a use is in the body of the compound statement that binds: behind the binding on every way."""
        body = getattr(statement, "body", None)
        return isinstance(body, list) and any(inner in chain for inner in body)


def unconditional(expression: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression or simple statement that are evaluated whenever it is."""
    pending: list[ast.AST] = [expression]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.BoolOp):
            pending.append(node.values[0])
        elif isinstance(node, ast.IfExp):
            pending.append(node.test)
        elif isinstance(node, ast.Compare):
            pending.extend((node.left, node.comparators[0]))
        elif isinstance(node, COMPREHENSIONS):
            pending.append(node.generators[0].iter)
        elif not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            pending += children(node)
