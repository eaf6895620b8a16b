"""The tests and expressions that every way to a place passes, and what came out of them.

What is known of a name there rests on them, unless the name is bound again in between.
"""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from archaeologist_tools.inference.bindings import start_of
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.mentions import Key
    from archaeologist_tools.inference.names import Names
    from archaeologist_tools.inference.refusals import Refusals
    from archaeologist_tools.source.index import Index

Outcome: TypeAlias = bool | None
"""True, false, or nothing more than that something was evaluated."""

_TESTING = frozenset({ast.If, ast.While, ast.IfExp, ast.BoolOp, ast.For, ast.AsyncFor, ast.With})
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_BROAD = frozenset({"", "TypeError", "Exception", "BaseException", "StandardError", "AttributeError", "error"})


class Fact(NamedTuple):
    """Something that was evaluated.

    Attributes:
        test: the expression.
        outcome: what came out of it.
        anchor: the statement or expression that evaluates it, which every way passes.
    """

    test: ast.expr
    outcome: Outcome
    anchor: ast.AST


class Passed:
    """What is passed on the ways through one module.

    Args:
        index: the module's index.
        names: what can be read off its names.
        refusals: its operations that refuse tuples.
    """

    def __init__(self, index: Index, names: Names, refusals: Refusals) -> None:
        self._index = index
        self._flow = names.flow
        self._mentions = names.mentions
        self._refusals = refusals
        self._known: dict[ast.AST, Sequence[Fact]] = {}

    def about(self, use: ast.expr, key: Key) -> Sequence[Fact]:
        """What is known at a place of what has a key, nearest first."""
        found = self._known.get(use)
        if found is None:
            found = self._known[use] = self._found_facts(use, key)
        return found

    def _found_facts(self, use: ast.expr, key: Key) -> Sequence[Fact]:
        parents = self._index.parents
        way = [use, *self._flow.around(use)]
        function = parents.get(way[-1])
        reads = self._mentions.reads(key, *self._lines(way, function))
        if not any(read is not use for read in reads):
            return ()
        way += [function] if function else []
        passed = set(way)
        around, met = set[ast.AST](), set[ast.AST | None]()
        for read in reads:
            step: ast.AST | None = read
            while step is not None and step not in passed and step not in around:
                around.add(step)
                step = parents.get(step)
            met.add(step)
        return [fact for fact in self._facts(way, around, met) if fact.test in around]

    def _lines(self, way: Sequence[ast.AST], function: ast.AST | None) -> tuple[int, int]:
        """The lines that can tell something of a place: from the start of its function to the end of its statement."""
        if isinstance(function, ast.Lambda):
            whole = self._index.fstring_around(function) or function
            return whole.lineno, whole.end_lineno or 0
        statement = next((node for node in way if isinstance(node, ast.stmt)), None)
        return getattr(function, "lineno", 0), (statement and statement.end_lineno) or 0

    def _facts(
        self, way: Sequence[ast.AST], around: AbstractSet[ast.AST], met: AbstractSet[ast.AST | None]
    ) -> Iterator[Fact]:
        """The tests and expressions evaluated on every way to a place, nearest first, with some that tell nothing.

        Args:
            way: the place and what is around it, up to the function it is in.
            around: the nodes off that way that hold what is looked for.
            met: the nodes of the way, or of `around`, that these are right below of.
        """
        for child, parent in pairwise(way):
            if parent in met:
                if parent.__class__ in _TESTING:
                    yield from self._inside(child, parent)
                block = self._index.block_of(child)
                for earlier in reversed(block[: block.index(child)] if block else []):  # type: ignore[arg-type]  # a statement
                    if earlier in around:
                        yield from _after(earlier)
            if (
                isinstance(parent, ast.ExceptHandler)
                and self._index.parents[parent] in met
                and isinstance(child, ast.stmt)
            ):
                yield from self._failed(parent)

    def _inside(self, child: ast.AST, parent: ast.AST) -> Iterator[Fact]:
        """What is evaluated in a node before one of its children."""
        if isinstance(parent, (ast.If, ast.While)) and child is not parent.test:
            inside = child in parent.body
            yield Fact(parent.test, True if inside else (False if isinstance(parent, ast.If) else None), parent)
        elif isinstance(parent, ast.IfExp) and child is not parent.test:
            yield Fact(parent.test, child is parent.body, parent)
        elif isinstance(parent, ast.BoolOp):
            for value in parent.values[: parent.values.index(child)]:  # type: ignore[arg-type]  # a child is a value
                yield Fact(value, isinstance(parent.op, ast.And), parent)
        elif isinstance(parent, (ast.For, ast.AsyncFor)) and child in parent.body:
            yield Fact(parent.iter, None, parent)
        elif isinstance(parent, ast.With) and child in parent.body:
            for item in parent.items:
                yield Fact(item.context_expr, None, parent)

    def _failed(self, handler: ast.ExceptHandler) -> Iterator[Fact]:
        """What a handler knows: `int(x)` raises ValueError for no tuple, but TypeError."""
        statement = self._index.parents[handler]
        names = {dotted(kind).rpartition(".")[2] for kind in kinds_of(handler.type)}
        if not isinstance(statement, ast.Try) or handler.type is None or names & _BROAD or len(statement.body) != 1:
            return
        (body,) = statement.body
        value = getattr(body, "value", None)
        if isinstance(body, (ast.Return, ast.Assign, ast.Expr)) and isinstance(value, ast.Call):
            simple = all(isinstance(argument, (ast.Name, ast.Constant, ast.Attribute)) for argument in value.args)
            if simple and not value.keywords and self._refusals.argument(value) is not None:
                yield Fact(value, None, body)

    def is_changed(self, use: ast.expr, fact: Fact, changes: Sequence[Binding]) -> bool:
        """Whether a value may be another one by the time that it is used."""
        # From the start of the test: a walrus in it may bind the name behind the part that is about it.
        start = start_of(fact.test)
        return any(self._flow.may_pass(fact.anchor, start, binding, use) for binding in changes)


def _after(statement: ast.stmt) -> Iterator[Fact]:
    """What is known behind a statement that ended normally."""
    if isinstance(statement, ast.Assert):
        # With -O it is not even evaluated, but then nobody asked for safety.
        yield Fact(statement.test, None, statement)
        yield Fact(statement.test, outcome=True, anchor=statement)
    elif isinstance(statement, ast.If):
        left, stayed = _ends(statement.body), _ends(statement.orelse)
        yield Fact(statement.test, False if left else (True if stayed else None), statement)
    elif isinstance(statement, (ast.For, ast.AsyncFor)):
        yield Fact(statement.iter, None, statement)
    elif isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        yield Fact(statement.value, None, statement)
    elif isinstance(statement, ast.With):
        for item in statement.items:
            yield Fact(item.context_expr, None, statement)
    elif isinstance(statement, ast.Try) and all(_ends(handler.body) for handler in statement.handlers):
        for inner in statement.body:
            yield from _after(inner)


def _ends(block: Sequence[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], _LEAVES)


def kinds_of(node: ast.expr | None) -> list[ast.expr]:
    """The classes that a handler or a call of `isinstance` names."""
    if isinstance(node, ast.Tuple):
        return node.elts
    return [node] if node is not None else []
