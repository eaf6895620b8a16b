"""The flows of paths through a module: which of them close, and what is written for those.

A flow is a set of places that have to change together: where a path is built, the local names that hold it, and the
calls that take it. It is rewritten as a whole or not at all.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline
from archaeologist_tools.paths.bindings import scope_around, scopes_of
from archaeologist_tools.paths.building import NotBuilt, is_builder, is_source, unsplit
from archaeologist_tools.paths.changes import Change, Flow, grouped
from archaeologist_tools.paths.layout import laid_out
from archaeologist_tools.paths.meaning import Meaning
from archaeologist_tools.paths.uses import OPENERS, Uses, escape
from archaeologist_tools.project.patching import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.scopes import Scope

IMPORT = "from pathlib import Path"
# More `Path(x)` of the same x than this in one function, and x should have been a Path all along.
_MOST_WRAPS = 3
_TYPE_COMMENT = re.compile(rb"#\s*type:")


@dataclass(frozen=True)
class Root:
    """A whole expression that gives a path: a builder, or a local name that holds one.

    Attributes:
        node: the expression.
        scope: where its names are looked up; None inside a class body or a lambda.
        names: the local names that hold paths in it.
        target: the local name it is assigned to, empty when it is used directly.
    """

    node: ast.expr
    scope: Scope
    names: frozenset[str]
    target: str


class Flows:
    """The flows of one module.

    Args:
        view: the module.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self.meaning = Meaning(view)
        self._uses = Uses(view, self.meaning)
        self._reasons: dict[ast.AST, Decline] = {}
        self._lost: dict[tuple[Scope, str], Decline] = {}

    @cached_property
    def _builders(self) -> list[ast.expr]:
        kinds: list[ast.expr] = [*self._view.index.of(ast.Call), *self._view.index.of(ast.Subscript)]
        return [node for node in kinds if is_builder(node, self.meaning) or unsplit(node, self.meaning)]

    @cached_property
    def closed(self) -> list[Flow]:
        """The flows that are rewritten, in the order of the source."""
        if not self._builders:
            return []
        scopes = scopes_of(self._view, self.meaning)
        while True:
            changes = _without_nested({root: self._attempt(root) for root in self._roots(scopes)})
            failed = {root: result for root, result in changes.items() if isinstance(result, Decline)}
            lost = [root for root in failed if self._demote(root, failed[root])]
            if not lost:
                break
        for root, decline in failed.items():
            self._explain(root.node, decline)
        good = [(change, self._keys(root)) for root, change in changes.items() if isinstance(change, Change)]
        return [flow for flow in grouped(good) if any(site in self._builders for site in flow.sites)]

    def around(self, node: ast.Call) -> Flow | None:
        """The flow that a call is rewritten with."""
        return next((flow for flow in self.closed if any(site is node for site in flow.sites)), None)

    def reason(self, node: ast.Call) -> Decline | None:
        """Why a call is left alone, when it is part of a flow that does not close or takes a path of one."""
        _ = self.closed
        return next((decline for part in (node, *node.args) if (decline := self._reasons.get(part))), None)

    @staticmethod
    def _keys(root: Root) -> list[Hashable]:
        """The names by which a root belongs to others."""
        names = root.names | ({root.target} if root.target else set())
        return [(root.scope.owner(name), name) for name in sorted(names)] or [root]

    def _demote(self, root: Root, decline: Decline) -> bool:
        """Take a flow's names out of those that become Paths; whether there were any."""
        names = (root.names | {root.target}) & root.scope.visible
        if names:
            self._explain(root.node, decline)
        for name in names:
            owner = root.scope.owner(name)
            owner.paths.discard(name)
            self._lost[owner, name] = decline
            for part in (*owner.values[name], *owner.loads.get(name, ())):
                self._explain(part, decline)
        return bool(names)

    def _explain(self, expression: ast.expr, decline: Decline) -> None:
        """Note a reason; the first one is why the others came."""
        for node in ast.walk(expression):
            self._reasons.setdefault(node, decline)

    def _roots(self, scopes: list[Scope]) -> Iterator[Root]:
        by_node: dict[ast.AST, Scope] = {scope.node: scope for scope in scopes}
        for node in self._builders:
            if not self._is_inner(node):
                yield self._root(node, by_node)
        sources = (node for node in self._view.index.of(ast.Call) if is_source(node, self.meaning))
        yield from (root for node in sources if (root := self._root(node, by_node)).target)
        for scope in scopes:
            for name in sorted(scope.paths):
                for load in scope.loads.get(name, ()):
                    if not self._is_inner(load):
                        yield Root(load, scope, frozenset({name}), "")

    def _root(self, node: ast.expr, by_node: dict[ast.AST, Scope]) -> Root:
        around = self._scope(node, by_node)
        parent = self._view.index.parents[node]
        targets = parent.targets if isinstance(parent, ast.Assign) else []
        names = [target.id for target in targets if isinstance(target, ast.Name) and target.id in around.paths]
        return Root(node, around, self._names_in(node, around), names[0] if len(targets) == len(names) == 1 else "")

    def _scope(self, node: ast.AST, by_node: dict[ast.AST, Scope]) -> Scope:
        around = scope_around(node, self._view)
        while around not in by_node:
            around = scope_around(around, self._view)
        return by_node[around]

    def _is_inner(self, node: ast.expr) -> bool:
        parent = self._view.index.parents[node]
        if isinstance(parent, ast.Call) and node in parent.args:
            outer = self._view.index.parents[parent]
            return is_builder(parent, self.meaning) or unsplit(outer, self.meaning) is node
        return False

    def _names_in(self, node: ast.expr, scope: Scope) -> frozenset[str]:
        """The local names that hold paths in a builder."""
        inner = unsplit(node, self.meaning)
        arguments = [inner] if inner else node.args if is_builder(node, self.meaning) else []  # type: ignore[attr-defined]  # a call
        found = {part.id for part in arguments if isinstance(part, ast.Name) and part.id in scope.visible}
        return frozenset(found.union(*(self._names_in(part, scope) for part in arguments)))

    def _attempt(self, root: Root) -> Change | Decline:
        try:
            return self._change(root)
        except NotBuilt as failure:
            return Decline(failure.code, failure.detail)

    def _change(self, root: Root) -> Change:
        parent = self._view.index.parents[root.node]
        if not root.target and not isinstance(parent, (ast.Call, ast.keyword)):
            raise self._escaped(root, parent)
        if self._view.index.fstring_around(root.node):
            raise NotBuilt("inside-f-string")
        built = root.scope.builder.build(root.node)
        functions = {self.meaning.called(node) for node in ast.walk(root.node)} - {""}
        if root.target:
            if not built.text.is_str:
                raise NotBuilt("bytes-possible")
            if _TYPE_COMMENT.search(self._view.module.line(root.node.end_lineno or root.node.lineno)):
                raise NotBuilt("type-comment")
            node, code = root.node, built.code
        else:
            use = self._uses.taken(root.node, built)
            node, code = use.node, use.code
            functions.add(use.function)
        # Who replaces `open` to look at its arguments does not mean the files beside the code.
        looked_at = functions if built.text.own or not functions & OPENERS else functions | {SOMEWHERE}
        self._check(looked_at, code, root)
        start, end, code = laid_out(node, code, self._view, assigned=bool(root.target))
        if b"#" in self._view.module.data[start:end] and "#" not in code:
            raise NotBuilt("comment")
        return Change(node, start, end, code)

    def _escaped(self, root: Root, parent: ast.AST) -> NotBuilt:
        """Why a path that no call takes stays text."""
        target = parent.targets[0] if isinstance(parent, ast.Assign) else None
        lost = self._lost.get((root.scope, target.id)) if isinstance(target, ast.Name) else None
        return NotBuilt(lost.code, lost.detail) if lost else NotBuilt(escape(root.node, parent))

    def _check(self, functions: set[str], code: str, root: Root) -> None:
        if patched := functions & set(self._view.facts.patched):
            raise NotBuilt("patched", min(patched))
        if "Path" in code and not self._view.can_import(IMPORT):
            raise NotBuilt("name-taken")
        for wrapped in {part for part in code.split(" / ") if part.startswith("Path(") and "__file__" not in part}:
            if self._wraps(wrapped, root) > _MOST_WRAPS:
                raise NotBuilt("wrapped-often", wrapped)

    def _wraps(self, wrapped: str, root: Root) -> int:
        first = wrapped.removeprefix("Path(").partition(")")[0]
        arguments = (node.args[0] for node in self._builders if isinstance(node, ast.Call))
        inside = set(ast.walk(root.scope.node))
        return sum(node in inside and isinstance(node, ast.Name) and node.id == first for node in arguments)


def _without_nested(changes: dict[Root, Change | Decline]) -> dict[Root, Change | Decline]:
    """Leave out what holds another change: its turn comes when that one is done."""
    nodes = {change.node for change in changes.values() if isinstance(change, Change)}
    nested = Decline("hard-to-read", "another path is built inside")
    return {
        root: nested if isinstance(change, Change) and (set(ast.walk(change.node)) & nodes) - {change.node} else change
        for root, change in changes.items()
    }


@lru_cache(maxsize=1)
def flows_of(view: View) -> Flows:
    """The flows of a module; rules ask for those of one module many times, and then for the next one's."""
    return Flows(view)
