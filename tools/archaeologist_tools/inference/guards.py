"""What the tests and uses on the way to a place say of a name: `isinstance`, comparisons, operations no tuple has.

Each gives evidence only when it is evaluated on every way to the place and the name is not bound again in between.
"""

from __future__ import annotations

import ast
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.inference.bindings import start_of
from archaeologist_tools.inference.known import BUILTIN_CLASSES, REFUSES_TUPLE, TUPLE_ATTRIBUTES
from archaeologist_tools.inference.mentions import Key, key_of
from archaeologist_tools.inference.reaching import unconditional
from archaeologist_tools.inference.types import Inferred, Type, join, loose
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.mentions import Mentions
    from archaeologist_tools.inference.reaching import Flow
    from archaeologist_tools.inference.scopes import Scopes
    from archaeologist_tools.source.index import Index

# A test that is known to be true, or false, or of which nothing more is known than that it was evaluated.
_Outcome: TypeAlias = bool | None
_Fact: TypeAlias = tuple[ast.expr, _Outcome, ast.AST]

# Code that asks what a value is may do one thing with a tuple and another with the rest.
_QUESTIONS = frozenset({"isinstance", "issubclass", "type", "hasattr", "callable", "getattr"})
_QUESTIONED = frozenset({"", "TypeError", "AttributeError", "Exception", "BaseException"})
_RESTED_ON = BUILTIN_CLASSES | {"isinstance", "callable"}
_TESTING = frozenset({ast.If, ast.While, ast.IfExp, ast.BoolOp, ast.For, ast.AsyncFor, ast.With})
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Guards:
    """The evidence that guards give in one module.

    Args:
        index: the module's index.
        flow: order and dominance in it.
        scopes: what its names belong to.
        mentions: where it mentions what.
        fields: attributes of the project's own named tuples.
    """

    def __init__(self, index: Index, flow: Flow, scopes: Scopes, mentions: Mentions, fields: frozenset[str]) -> None:
        self._index = index
        self._scopes = scopes
        self._flow = flow
        self._mentions = mentions
        self._fields = fields
        self._used: dict[tuple[Key, ast.AST], bool] = {}
        self._known_facts: dict[ast.AST, Sequence[_Fact]] = {}
        self._refusing: dict[ast.AST, frozenset[Key | None]] = {}

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
        if text is None or not (facts := self._facts_about(use, text)):
            return known
        changes: Sequence[Binding] | None = None
        for test, outcome, anchor in facts:
            # That an operation was reached tells nothing of a type of which nothing is known.
            if outcome is not None or evidence or known.types is not None:
                changes = bindings() if changes is None else changes
                if not self._is_changed(use, test, anchor, changes):
                    known = self._applied(known, text, test, outcome)
        return known

    def evaluated(self, use: ast.expr, bindings: Callable[[], Sequence[Binding]]) -> Iterator[ast.expr]:
        """The expressions about a name or an attribute that every way to a place evaluates.

        Args:
            use: the name or attribute, as it is read.
            bindings: gives all bindings of the name in its scope: what it was before one of them does not count.
        """
        text = key_of(use)
        facts = () if text is None else self._facts_about(use, text)
        changes = bindings() if facts else ()
        return (test for test, _, anchor in facts if not self._is_changed(use, test, anchor, changes))

    def _is_changed(self, use: ast.expr, test: ast.expr, anchor: ast.AST, changes: Sequence[Binding]) -> bool:
        """Whether a value may be another one by the time that it is used."""
        # From the start of the test: a walrus in it may bind the name behind the part that is about it.
        start = start_of(test)
        return any(self._flow.may_pass(anchor, start, binding, use) for binding in changes)

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
            if (asks or (not used and node in self._refused(parent))) and scope in self._index.ancestors(node):
                if asks:
                    return False
                used = True
        return used

    def _facts_about(self, use: ast.expr, key: Key) -> Sequence[_Fact]:
        """What is known at a place of what has a key, nearest first."""
        found = self._known_facts.get(use)
        if found is None:
            found = self._known_facts[use] = self._found_facts(use, key)
        return found

    def _found_facts(self, use: ast.expr, key: Key) -> Sequence[_Fact]:
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
        return [fact for fact in self._facts(way, around, met) if fact[0] in around]

    def _lines(self, way: Sequence[ast.AST], function: ast.AST | None) -> tuple[int, int]:
        """The lines that can tell something of a place: from the start of its function to the end of its statement."""
        if isinstance(function, ast.Lambda):
            whole = self._index.fstring_around(function) or function
            return whole.lineno, whole.end_lineno or 0
        statement = next((node for node in way if isinstance(node, ast.stmt)), None)
        return getattr(function, "lineno", 0), (statement and statement.end_lineno) or 0

    def _facts(
        self, way: Sequence[ast.AST], around: AbstractSet[ast.AST], met: AbstractSet[ast.AST | None]
    ) -> Iterator[_Fact]:
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

    def _inside(self, child: ast.AST, parent: ast.AST) -> Iterator[_Fact]:
        """What is evaluated in a node before one of its children."""
        if isinstance(parent, (ast.If, ast.While)) and child is not parent.test:
            inside = child in parent.body
            yield parent.test, True if inside else (False if isinstance(parent, ast.If) else None), parent
        elif isinstance(parent, ast.IfExp) and child is not parent.test:
            yield parent.test, child is parent.body, parent
        elif isinstance(parent, ast.BoolOp):
            for value in parent.values[: parent.values.index(child)]:  # type: ignore[arg-type]  # a child is a value
                yield value, isinstance(parent.op, ast.And), parent
        elif isinstance(parent, (ast.For, ast.AsyncFor)) and child in parent.body:
            yield parent.iter, None, parent
        elif isinstance(parent, ast.With) and child in parent.body:
            for item in parent.items:
                yield item.context_expr, None, parent

    def _failed(self, handler: ast.ExceptHandler) -> Iterator[_Fact]:
        """What a handler knows: `int(x)` raises ValueError for no tuple, but TypeError."""
        statement = self._index.parents[handler]
        names = {dotted(kind).rpartition(".")[2] for kind in _kinds(handler.type)}
        broad = {"", "TypeError", "Exception", "BaseException", "StandardError", "AttributeError", "error"}
        if not isinstance(statement, ast.Try) or handler.type is None or names & broad or len(statement.body) != 1:
            return
        (body,) = statement.body
        value = getattr(body, "value", None)
        if isinstance(body, (ast.Return, ast.Assign, ast.Expr)) and isinstance(value, ast.Call):
            simple = all(isinstance(argument, (ast.Name, ast.Constant, ast.Attribute)) for argument in value.args)
            if simple and not value.keywords and self._refused_argument(value) is not None:
                yield value, None, body

    def _applied(self, known: Inferred, text: Key, test: ast.expr, outcome: _Outcome) -> Inferred:
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
        if known.never("tuple") or not self._refuses_tuple(test, text):
            return known
        return known.without("tuple").because("an operation before it has no tuple")

    def _is_shadowed(self, test: ast.expr) -> bool:
        """Whether a test rests on a name that is no builtin here."""
        if not isinstance(test, ast.Call):
            return False
        names = [node for node in ast.walk(test) if isinstance(node, ast.Name) and node.id in _RESTED_ON]
        return any(not self._scopes.is_builtin(name) for name in names)

    def _refused_argument(self, call: ast.Call) -> int | None:
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

    def _refuses_tuple(self, expression: ast.expr, text: Key) -> bool:
        """Whether evaluating an expression raises TypeError or AttributeError when the name holds a tuple."""
        if expression not in self._refusing:
            parts = (part for node in unconditional(expression) for part in self._refused(node))
            self._refusing[expression] = frozenset(map(key_of, parts))
        return text in self._refusing[expression]

    def _refused(self, node: ast.AST) -> Sequence[ast.expr]:
        """The parts of an operation that may be no tuples."""
        if isinstance(node, ast.Attribute):
            known = node.attr in TUPLE_ATTRIBUTES or node.attr in self._fields
            return () if known else [node.value]
        if isinstance(node, ast.Call):
            position = self._refused_argument(node)
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


def _after(statement: ast.stmt) -> Iterator[_Fact]:
    """What is known behind a statement that ended normally."""
    if isinstance(statement, ast.Assert):
        yield statement.test, None, statement  # with -O it is not even evaluated, but then nobody asked for safety
        yield statement.test, True, statement
    elif isinstance(statement, ast.If):
        left, stayed = _ends(statement.body), _ends(statement.orelse)
        yield statement.test, False if left else (True if stayed else None), statement
    elif isinstance(statement, (ast.For, ast.AsyncFor)):
        yield statement.iter, None, statement
    elif isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        yield statement.value, None, statement
    elif isinstance(statement, ast.With):
        for item in statement.items:
            yield item.context_expr, None, statement
    elif isinstance(statement, ast.Try) and all(_ends(handler.body) for handler in statement.handlers):
        for inner in statement.body:
            yield from _after(inner)


def _names(handler: ast.ExceptHandler) -> set[str]:
    return {dotted(kind) for kind in _kinds(handler.type)} if handler.type else {""}


def _ends(block: Sequence[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], _LEAVES)


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
    names = [dotted(kind) for kind in _kinds(classes)]
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


def _kinds(node: ast.expr | None) -> list[ast.expr]:
    if isinstance(node, ast.Tuple):
        return node.elts
    return [node] if node is not None else []


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
