"""Following paths through a module: which flows close, and what is written for those.

A flow is a set of places that have to change together: where a path is built, the local names that hold it, and the
calls that take it. It is rewritten as a whole or not at all.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline
from archaeologist_tools.paths.bindings import scope_around, scopes_of
from archaeologist_tools.paths.borders import LEXICAL_PAYS, bordered, gone, unpaid
from archaeologist_tools.paths.building import is_builder, is_source, unsplit
from archaeologist_tools.paths.built import NotBuilt
from archaeologist_tools.paths.changes import Change, Flow, apart, linked
from archaeologist_tools.paths.layout import laid_out
from archaeologist_tools.paths.roots import Root
from archaeologist_tools.paths.takers import ASKERS, OPENERS
from archaeologist_tools.paths.uses import Use, Uses, answers, escape
from archaeologist_tools.project.patching import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning
    from archaeologist_tools.paths.scopes import Scope

IMPORT = "from pathlib import Path"
# More `Path(x)` of the same x than this in one function, and x should have been a Path all along.
_MOST_WRAPS = 3
_TYPE_COMMENT = re.compile(rb"#\s*type:")


class Tracing:
    """The flows of one module, with `os.path.abspath` written in one way.

    Args:
        view: the module.
        meaning: what its names stand for.
        lexical: how `os.path.abspath` is written, see `Builder`.

    Attributes:
        reasons: why what stays is left alone, by node.
    """

    def __init__(self, view: View, meaning: Meaning, *, lexical: bool) -> None:
        self._view = view
        self.meaning = meaning
        self._lexical = lexical
        self._uses = Uses(view, self.meaning)
        self.reasons: dict[ast.AST, Decline] = {}
        self._lost: dict[tuple[Scope, str], Decline] = {}

    @cached_property
    def builders(self) -> list[ast.expr]:
        """The calls that give a path."""
        kinds: list[ast.expr] = [*self._view.index.of(ast.Call), *self._view.index.of(ast.Subscript)]
        return [node for node in kinds if is_builder(node, self.meaning) or unsplit(node, self.meaning)]

    @cached_property
    def calls(self) -> frozenset[ast.AST]:
        """The calls of `os.path` that a flow is rewritten for."""
        asked = (node for node in self._view.index.of(ast.Call) if self.meaning.called(node) in ASKERS)
        return frozenset([*self.builders, *asked])

    @cached_property
    def closed(self) -> list[Flow]:
        """The flows that are rewritten, in the order of the source."""
        scopes = scopes_of(self._view, self.meaning, lexical=self._lexical)
        while True:
            changes = self._paid(_without_nested({root: self._attempt(root) for root in self._roots(scopes)}))
            failed = {root: result for root, result in changes.items() if isinstance(result, Decline)}
            lost = [root for root in failed if self._demote(root, failed[root])]
            if not lost:
                break
        for root, decline in failed.items():
            self._explain(root.node, decline)
        good = [(change, root.keys) for root, change in changes.items() if isinstance(change, Change)]
        return [flow for flow in apart(linked(good)) if any(site in self.calls for site in flow.sites)]

    def _paid(self, changes: dict[Root, Change | Decline]) -> dict[Root, Change | Decline]:
        """Decline what does not pay."""
        good = {root: change for root, change in changes.items() if isinstance(change, Change)}
        return changes | unpaid(good, LEXICAL_PAYS if self._lexical else 0)

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
            self.reasons.setdefault(node, decline)

    def _roots(self, scopes: list[Scope]) -> Iterator[Root]:
        by_node: dict[ast.AST, Scope] = {scope.node: scope for scope in scopes}
        for node in self.builders:
            if not self._is_inner(node):
                yield self._root(node, by_node)
        sources = (node for node in self._view.index.of(ast.Call) if is_source(node, self.meaning))
        yield from (root for node in sources if (root := self._root(node, by_node)).target)
        yield from self._asked_about(by_node)
        for scope in scopes:
            for name in sorted(scope.paths):
                for load in scope.loads.get(name, ()):
                    if not self._is_inner(load):
                        yield Root(load, scope, frozenset({name}), "")

    def _asked_about(self, by_node: dict[ast.AST, Scope]) -> Iterator[Root]:
        """What was not built here, but is known well enough for what `os.path` says of it."""
        for call in self._view.index.of(ast.Call):
            if self.meaning.called(call) in ASKERS and len(call.args) == 1 and not self._is_path(call.args[0], by_node):
                root = self._root(call.args[0], by_node)
                if answers(self.meaning.called(call), root.scope.text_of(root.node)):
                    yield root

    def _is_path(self, node: ast.expr, by_node: dict[ast.AST, Scope]) -> bool:
        """Whether an expression is a root, or part of one, anyway; a literal is none."""
        if isinstance(node, ast.Name):
            return node.id in self._scope(node, by_node).visible
        return (
            isinstance(node, (ast.Starred, ast.Constant))
            or is_builder(node, self.meaning)
            or bool(unsplit(node, self.meaning))
        )

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
        use = self._held(root) if root.target else self._asked(root)
        functions = {self.meaning.called(node) for node in ast.walk(root.node)} - {""} | {use.function}
        # Who replaces `open` to look at its arguments does not mean the files beside the code.
        own = use.text.own or not functions & OPENERS
        self._check(functions if own else functions | {SOMEWHERE}, use.code, root)
        start, end, code = laid_out(use.node, use.code, self._view, assigned=bool(root.target))
        if b"#" in self._view.module.data[start:end] and "#" not in code:
            raise NotBuilt("comment")
        return Change(use.node, start, end, code, gone(use, self.meaning), use.escapes)

    def _held(self, root: Root) -> Use:
        """Write a path that a local name holds."""
        if self._view.index.fstring_around(root.node):
            raise NotBuilt("inside-f-string")
        built = root.scope.builder.build(root.node)
        if not built.text.is_str:
            raise NotBuilt("bytes-possible")
        if _TYPE_COMMENT.search(self._view.module.line(root.node.end_lineno or root.node.lineno)):
            raise NotBuilt("type-comment")
        return Use(root.node, built.code, "", built.text)

    def _asked(self, root: Root) -> Use:
        """Write what takes a path, or the text of it."""
        parent = self._view.index.parents[root.node]
        failure = None if isinstance(parent, (ast.Call, ast.keyword)) else self._escaped(root, parent)
        if self._view.index.fstring_around(root.node):
            raise failure or NotBuilt("inside-f-string")
        try:
            built = root.scope.builder.build(root.node)
        except NotBuilt as error:
            raise failure or error from error
        try:
            if failure:
                raise failure
            return self._uses.taken(root.node, built)
        except NotBuilt as error:
            code = bordered(root.node, built, error, self._view, self.meaning)
            return Use(root.node, code, "", built.text, error.code)

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
        arguments = (node.args[0] for node in self.builders if isinstance(node, ast.Call))
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
