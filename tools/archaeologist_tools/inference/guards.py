"""What the tests and uses on the way to a place say of a name: `isinstance`, comparisons, operations no tuple has.

Each gives evidence only when it is evaluated on every way to the place and the name is not bound again in between.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import BUILTIN_CLASSES
from archaeologist_tools.inference.mentions import key_of
from archaeologist_tools.inference.passed import Passed, kinds_of
from archaeologist_tools.inference.refusals import Refusals
from archaeologist_tools.inference.types import Inferred, Type, join, loose
from archaeologist_tools.source.index import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.mentions import Key
    from archaeologist_tools.inference.names import Names
    from archaeologist_tools.inference.passed import Outcome
    from archaeologist_tools.source.index import Index

# Code that asks what a value is may do one thing with a tuple and another with the rest.
_QUESTIONS = frozenset({"isinstance", "issubclass", "type", "hasattr", "callable", "getattr"})
_QUESTIONED = frozenset({"", "TypeError", "AttributeError", "Exception", "BaseException"})
# What is one of them may turn out to be something else without a question for its type.
_IN_DOUBT = frozenset({"tuple", "NoneType"})
_RESTED_ON = BUILTIN_CLASSES | {"isinstance", "callable"}


class Guards:
    """The evidence that guards give in one module.

    Args:
        index: the module's index.
        names: what can be read off its names.
        fields: attributes of the project's own named tuples.
    """

    def __init__(self, index: Index, names: Names, fields: frozenset[str]) -> None:
        self._index = index
        self._scopes = names.scopes
        self._mentions = names.mentions
        self._refusals = Refusals(index, fields)
        self._passed = Passed(index, names, self._refusals)
        self._used: dict[tuple[Key, ast.AST], bool] = {}
        self._telling: dict[Key, bool] = {}

    def narrowed(
        self, use: ast.expr, known: Inferred, bindings: Callable[[], Sequence[Binding]], *, evidence: bool
    ) -> Inferred:
        """What is known of a name or an attribute at a place, beside what its bindings tell.

        Args:
            use: the name or attribute, as it is read.
            known: what its bindings tell.
            bindings: gives all bindings of the name in its scope.
            evidence: it is asked whether a value of unknown type is surely no tuple.
        """
        text = key_of(use)
        if text is None or not self._may_narrow(text, known, evidence=evidence):
            return known
        if not (facts := self._passed.about(use, text)):
            return known
        changes: Sequence[Binding] | None = None
        for fact in facts:
            # That an operation was reached tells nothing of a type of which nothing is known.
            if fact.outcome is not None or evidence or known.types is not None:
                changes = bindings() if changes is None else changes
                if not self._passed.is_changed(use, fact, changes):
                    known = self._applied(known, text, fact.test, fact.outcome)
        return known

    def _may_narrow(self, text: Key, known: Inferred, *, evidence: bool) -> bool:
        """Whether guards can tell more of a value: of an object of a known class only a question for its type can."""
        settled = known.types and known.reason and not any(kind.name in _IN_DOUBT for kind in known.types)
        return not (settled or (known.types is None and not evidence)) or self._tells_type(text)

    def _tells_type(self, text: Key) -> bool:
        """Whether some test of the module may tell the type of a value of which nothing is known."""
        found = self._telling.get(text)
        if found is None:
            parents, mentions = self._index.parents, self._mentions.of(text)
            found = self._telling[text] = any(_asks_for_type(node, parents[node]) for node in mentions)
        return found

    def evaluated(self, use: ast.expr, bindings: Callable[[], Sequence[Binding]]) -> Iterator[ast.expr]:
        """The expressions about a name or an attribute that every way to a place evaluates.

        Args:
            use: the name or attribute, as it is read.
            bindings: gives all bindings of the name in its scope: what it was before one of them does not count.
        """
        text = key_of(use)
        facts = () if text is None else self._passed.about(use, text)
        changes = bindings() if facts else ()
        return (fact.test for fact in facts if not self._passed.is_changed(use, fact, changes))

    def used_otherwise(self, text: Key, scope: ast.AST) -> bool:
        """Whether a scope does with a value, somewhere, what no tuple can do, and nowhere asks what it is.

        Args:
            text: the key of the name or attribute.
            scope: the function or class to look at.
        """
        place = (text, scope)
        if place not in self._used:
            self._used[place] = scope not in self._doubtful and self._is_used(text, scope)
        return self._used[place]

    @cached_property
    def _doubtful(self) -> AbstractSet[ast.AST]:
        """All that has a handler inside which may be there for what a tuple does."""
        handlers = self._index.of(ast.ExceptHandler)
        return self._mentions.above(handler for handler in handlers if _QUESTIONED.intersection(_names(handler)))

    def _is_used(self, text: Key, scope: ast.AST) -> bool:
        parents, used = self._index.parents, False
        for node in self._mentions.of(text):
            parent = parents[node]
            asks = isinstance(parent, ast.Call) and node in parent.args[:1] and dotted(parent.func) in _QUESTIONS
            tells = asks or (not used and node in self._refusals.operands(parent))
            if tells and scope in self._index.ancestors(node):
                if asks:
                    return False
                used = True
        return used

    def _applied(self, known: Inferred, text: Key, test: ast.expr, outcome: Outcome) -> Inferred:
        while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, outcome = test.operand, None if outcome is None else not outcome
        if isinstance(test, ast.BoolOp):
            settled = outcome is isinstance(test.op, ast.And) and outcome is not None
            for value in test.values if settled else test.values[:1]:
                known = self._applied(known, text, value, outcome if settled else None)
            return known
        if outcome is not None and not self._is_shadowed(test):
            found = _tested(test, text, outcome, known)
            known = known if found is None else found
        if known.never("tuple") or not self._refusals.refuses(test, text):
            return known
        return known.without("tuple").because("an operation before it has no tuple")

    def _is_shadowed(self, test: ast.expr) -> bool:
        """Whether a test rests on a name that is no builtin here."""
        if not isinstance(test, ast.Call):
            return False
        names = [node for node in walk(test) if isinstance(node, ast.Name) and node.id in _RESTED_ON]
        return any(not self._scopes.is_builtin(name) for name in names)


def _names(handler: ast.ExceptHandler) -> set[str]:
    return {dotted(kind) for kind in kinds_of(handler.type)} if handler.type else {""}


def _asks_for_type(node: ast.AST, parent: ast.AST) -> bool:
    """Whether `_tested` may find out a type: by `isinstance(x, str)`, or by `x is None`."""
    if isinstance(parent, ast.Compare):
        return parent.left is node and isinstance(parent.ops[0], (ast.Is, ast.IsNot))
    return isinstance(parent, ast.Call) and node in parent.args[:1] and dotted(parent.func) == "isinstance"


def _tested(test: ast.expr, text: Key, outcome: bool, known: Inferred) -> Inferred | None:
    """What the outcome of one test tells of a name; None when it is about something else."""
    if isinstance(test, ast.Call) and dotted(test.func) == "isinstance" and len(test.args) == 2:  # noqa: PLR2004
        if key_of(test.args[0]) == text:
            return _instance(test.args[1], outcome, known)
    elif isinstance(test, ast.Call) and dotted(test.func) == "callable" and test.args:
        if outcome and key_of(test.args[0]) == text:
            return known.without("tuple").because("it is callable")
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test, text, outcome, known)
    elif key_of(test) == text and outcome:
        return known.without("NoneType") if known.types else None
    return None


def _instance(classes: ast.expr, outcome: bool, known: Inferred) -> Inferred:
    names = [dotted(kind) for kind in kinds_of(classes)]
    if not outcome:
        return known.without(*(name for name in names if name in BUILTIN_CLASSES))
    if names and all(name in BUILTIN_CLASSES for name in names):
        found = join(loose(name) for name in names)
        return Inferred(found.types, reason=f"isinstance tells {', '.join(names)}")
    return known


def _compared(test: ast.Compare, text: Key, outcome: bool, known: Inferred) -> Inferred | None:
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if key_of(left) != text:
        return None
    if isinstance(operator, (ast.Is, ast.IsNot)) and isinstance(right, ast.Constant) and right.value is None:
        if outcome is isinstance(operator, ast.Is):
            return Inferred(frozenset({Type("NoneType")}), reason="it is None here")
        return known.without("NoneType") if known.types else None
    among = isinstance(operator, (ast.In, ast.NotIn))
    equal = outcome is isinstance(operator, (ast.Eq, ast.In)) and (among or isinstance(operator, (ast.Eq, ast.NotEq)))
    values = right.elts if among and isinstance(right, (ast.Tuple, ast.List, ast.Set)) else [right]
    if equal and values and all(isinstance(value, ast.Constant) for value in values):
        return known.without("tuple").because("it equals a literal here")
    return None
