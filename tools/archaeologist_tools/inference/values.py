"""What an expression can be: the entry point of inference.

Evaluated on demand and backwards, from a use to what it comes from, because few expressions of a file are ever asked
about. A value that depends on itself, through a loop, is what its other sources are.
"""

from __future__ import annotations

import ast
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING
from weakref import proxy

from archaeologist_tools.inference.callers import Callers
from archaeologist_tools.inference.calls import Calls
from archaeologist_tools.inference.changes import Changes
from archaeologist_tools.inference.countable import Countable
from archaeologist_tools.inference.guards import Guards
from archaeologist_tools.inference.members import Members
from archaeologist_tools.inference.names import Names
from archaeologist_tools.inference.operators import arithmetic, subscripted
from archaeologist_tools.inference.project_evidence import ProjectEvidence
from archaeologist_tools.inference.questions import MAX_STEPS, Questions, Search
from archaeologist_tools.inference.types import (
    EMPTY,
    NO_TUPLE,
    NOTHING,
    UNKNOWN,
    Inferred,
    container,
    exact,
    join,
    tuple_of,
)  # fmt: skip
from archaeologist_tools.inference.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.neighbours import Neighbours
    from archaeologist_tools.inference.questions import Question
    from archaeologist_tools.inference.results import Strangers
    from archaeologist_tools.source.index import Index
_MAX_DEPTH = 25


class _Methods(dict[type[ast.expr], str]):
    """What the method is called that evaluates a type of expression."""

    def __missing__(self, kind: type[ast.expr]) -> str:
        self[kind] = f"_{kind.__name__.lower()}"
        return self[kind]


_METHODS = _Methods()


class Types:
    """What values of one module can be.

    Args:
        index: the module's index.
        facts: what the other files of the project say of the names in it.
        names: what was read off its names before.

    Attributes:
        asked: how much the one who asks wants to know.
    """

    def __init__(self, index: Index, facts: Neighbours | Strangers, names: Names | None = None) -> None:
        self.index = index
        self.facts = facts
        self.names = names = names or Names(index)
        self.scopes, self.flow, self.mentions = names.scopes, names.flow, names.mentions
        self.guards = Guards(index, names, self.facts.tuple_fields)
        self._questions = Questions()
        self.asked = self._questions.plain
        self.search = Search()
        # Without a cycle, what is known of a module is freed as soon as nobody needs it: trees are large.
        own = proxy(self)
        self.members = Members(own)
        self.callers = Callers(own)
        self.variables = Variables(own)
        self._calls = Calls(own)
        self._evidence = ProjectEvidence(own)
        self._changes = Changes(own)
        self.countable = Countable(own, self._changes)

    def of(self, node: ast.expr) -> Inferred:
        """What an expression can be where it stands, as far as it is asked: what it holds is not, from outside."""
        known = self.asked.answer(node)
        return self._found(node) if known is None else known

    def kinds(self, node: ast.expr) -> Inferred:
        """What types an expression can have; nothing else is said of it."""
        return self._answered(node, self._questions.kinds)

    def holding(self, node: ast.expr) -> Inferred:
        """What types an expression can have, and what it holds."""
        return self._answered(node, self._questions.holding)

    def whole(self, node: ast.expr) -> Inferred:
        """What an expression can be, and what it holds."""
        return self._answered(node, self._questions.whole)

    def operand(self, node: ast.expr) -> Inferred:
        """What types an expression can have, and what it holds if that is asked."""
        return self._answered(node, self._questions.holding if self.asked.contents else self._questions.kinds)

    def asking_kinds(self, find: Callable[[], Inferred]) -> Inferred:
        """What is found when nothing but types is asked."""
        return self._asking(self._questions.kinds, find)

    def result(self, function: ast.FunctionDef) -> Inferred:
        """What a function gives back, and what that holds."""
        return self._asking(self._questions.whole, partial(self.members.result, function))

    def _answered(self, node: ast.expr, question: Question) -> Inferred:
        known = question.answer(node)
        if known is not None:
            return known
        before, self.asked = self.asked, question
        try:
            return self._found(node)
        finally:
            self.asked = before

    def _asking(self, question: Question, find: Callable[[], Inferred]) -> Inferred:
        before, self.asked = self.asked, question
        try:
            return find()
        finally:
            self.asked = before

    def _found(self, node: ast.expr) -> Inferred:
        search, asked = self.search, self.asked
        if node in search.open:
            search.cuts += 1
            return NOTHING
        outermost = not search.open
        search.steps = 0 if outermost else search.steps + 1
        if len(search.open) > _MAX_DEPTH or search.steps > MAX_STEPS:
            search.cuts += 1
            return UNKNOWN
        cuts = search.cuts
        search.open.add(node)
        try:
            evaluate: Callable[[ast.expr], Inferred] | None = getattr(self, _METHODS[node.__class__], None)
            found = evaluate(node) if evaluate else UNKNOWN
            if asked.evidence and found.types is None and not found.tuple_free:
                found = self._evidence.hinted(node)
        finally:
            search.open.discard(node)
        if outermost and found.types == EMPTY:
            found = UNKNOWN
        # What was found inside of a cycle is only part of the truth, so only whole answers are kept.
        if outermost or search.cuts == cuts:
            asked.known[node] = found
        return found

    def joined(self, parts: Iterable[Inferred]) -> Inferred:
        """What a value can be that comes about in one of several ways, as far as it is asked."""
        return join(parts, evidence=self.asked.evidence)

    def _constant(self, node: ast.Constant) -> Inferred:
        return exact(node.value.__class__.__name__, "a literal")

    def _joinedstr(self, _: ast.JoinedStr) -> Inferred:
        return exact("str", "a literal")

    def _list(self, node: ast.List) -> Inferred:
        return self._container("list", node.elts)

    def _set(self, node: ast.Set) -> Inferred:
        return self._container("set", node.elts)

    def _container(self, name: str, items: Sequence[ast.expr]) -> Inferred:
        if not self.asked.contents:
            return exact(name)
        starred = any(isinstance(item, ast.Starred) for item in items)
        return container(name, UNKNOWN if starred else join(map(self.whole, items)))

    def _tuple(self, node: ast.Tuple) -> Inferred:
        if not self.asked.contents or any(isinstance(item, ast.Starred) for item in node.elts):
            return exact("tuple")
        return tuple_of(*map(self.whole, node.elts))

    def _dict(self, node: ast.Dict) -> Inferred:
        if not self.asked.contents or any(key is None for key in node.keys):
            return exact("dict")
        keys = join(self.whole(key) for key in node.keys if key)
        return container("dict", keys, join(map(self.whole, node.values)))

    def _listcomp(self, node: ast.ListComp) -> Inferred:
        return self._container("list", [node.elt])

    def _setcomp(self, node: ast.SetComp) -> Inferred:
        return self._container("set", [node.elt])

    def _generatorexp(self, node: ast.GeneratorExp) -> Inferred:
        return self._container("iterator", [node.elt])

    def _dictcomp(self, node: ast.DictComp) -> Inferred:
        return container("dict", self.whole(node.key), self.whole(node.value)) if self.asked.contents else exact("dict")

    def _lambda(self, _: ast.Lambda) -> Inferred:
        return exact("function")

    def _namedexpr(self, node: ast.NamedExpr) -> Inferred:
        return self.of(node.value)

    def _ifexp(self, node: ast.IfExp) -> Inferred:
        return self.joined(map(self.of, (node.body, node.orelse)))

    def _boolop(self, node: ast.BoolOp) -> Inferred:
        *first, last = node.values
        ruled_out = ("NoneType",) if isinstance(node.op, ast.Or) else ()
        values = (self.of(value).without(*ruled_out) for value in first)
        return self.joined(chain(values, map(self.of, (last,))))

    def _compare(self, node: ast.Compare) -> Inferred:
        plain = all(isinstance(operator, (ast.In, ast.NotIn, ast.Is, ast.IsNot)) for operator in node.ops)
        return exact("bool") if plain else NO_TUPLE

    def _unaryop(self, node: ast.UnaryOp) -> Inferred:
        if isinstance(node.op, ast.Not):
            return exact("bool")
        operand = self.kinds(node.operand)
        return operand if operand.exactly("int", "float") else NO_TUPLE

    def _binop(self, node: ast.BinOp) -> Inferred:
        return arithmetic(node.op, self.operand(node.left), self.operand(node.right))

    def _subscript(self, node: ast.Subscript) -> Inferred:
        return self.narrowed(node, subscripted(self.holding(node.value), node.slice), partial(self._changes.of, node))

    def _call(self, node: ast.Call) -> Inferred:
        return self._calls.result(node)

    def _attribute(self, node: ast.Attribute) -> Inferred:
        known = self.narrowed(node, self.members.attribute(node), partial(self._changes.of, node))
        if known.types is None and isinstance(node.value, ast.Name) and node.value.id == "self":
            owner = next((parent for parent in self.index.ancestors(node) if isinstance(parent, ast.ClassDef)), None)
            return self._evidence.used(node, known, owner)
        return known

    def _name(self, node: ast.Name) -> Inferred:
        known, scope = self.variables.of(node)
        return known if scope is None else self._evidence.used(node, known, scope)

    def narrowed(self, node: ast.expr, known: Inferred, bindings: Callable[[], Sequence[Binding]]) -> Inferred:
        """What is known of a value, with what tests and uses before it show."""
        if known.exactly("str", "int", "float", "bytes"):
            return known
        return self.guards.narrowed(node, known, bindings, evidence=self.asked.evidence)
