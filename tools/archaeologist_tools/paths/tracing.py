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
from archaeologist_tools.paths.borders import LEXICAL_PAYS, bordered, gone, unpaid
from archaeologist_tools.paths.building import is_builder, unsplit
from archaeologist_tools.paths.built import NotBuilt
from archaeologist_tools.paths.changes import Change, Flow, apart, linked
from archaeologist_tools.paths.layout import laid_out
from archaeologist_tools.paths.roots import Root
from archaeologist_tools.paths.scopes import Scopes
from archaeologist_tools.paths.takers import OPENERS
from archaeologist_tools.paths.uses import Use, Uses, answers, escape
from archaeologist_tools.project.patching import SOMEWHERE
from archaeologist_tools.source.index import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning
    from archaeologist_tools.paths.scopes import Scope
    from archaeologist_tools.paths.sites import Sites

IMPORT = "from pathlib import Path"
# More `Path(x)` of the same x than this in one function, and x should have been a Path all along.
_MOST_WRAPS = 3
_TYPE_COMMENT = re.compile(rb"#\s*type:")


class Tracing:
    """The flows of one module, with `os.path.abspath` written in one way.

    Args:
        view: the module.
        meaning: what its names stand for.
        sites: where it builds paths.
        lexical: how `os.path.abspath` is written, see `Builder`.

    Attributes:
        reasons: why what stays is left alone, by node.
    """

    def __init__(self, view: View, meaning: Meaning, sites: Sites, *, lexical: bool) -> None:
        self._view = view
        self.meaning = meaning
        self._sites = sites
        self._lexical = lexical
        self._uses = Uses(view, self.meaning)
        self.reasons: dict[ast.AST, Decline] = {}
        self._lost: dict[tuple[Scope, str], Decline] = {}
        self._attempts: dict[tuple[Root, tuple[int, int]], Change | Decline] = {}

    @cached_property
    def _scopes(self) -> Scopes:
        return Scopes(self._view, self.meaning, self._sites, lexical=self._lexical)

    @cached_property
    def closed(self) -> list[Flow]:
        """The flows that are rewritten, in the order of the source."""
        while True:
            changes = self._paid(_without_nested({root: self._tried(root) for root in self._roots()}))
            failed = {root: result for root, result in changes.items() if isinstance(result, Decline)}
            lost = [root for root in failed if self._demote(root, failed[root])]
            if not lost:
                break
        for root, decline in failed.items():
            self._explain(root.node, decline)
        good = [(change, root.keys) for root, change in changes.items() if isinstance(change, Change)]
        return [flow for flow in apart(linked(good)) if any(site in self._sites.calls for site in flow.sites)]

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
            held = owner.held(name)
            for part in (*held.values, *held.loads):
                self._explain(part, decline)
        return bool(names)

    def _explain(self, expression: ast.expr, decline: Decline) -> None:
        """Note a reason; the first one is why the others came."""
        for node in walk(expression):
            self.reasons.setdefault(node, decline)

    def _roots(self) -> Iterator[Root]:
        yield from (self._root(node) for node in self._sites.builders if not self._is_inner(node))
        yield from (root for node in self._sites.sources if (root := self._root(node)).target)
        yield from self._asked_about()
        for scope in self._scopes.with_paths():
            for name in sorted(scope.paths):
                for load in scope.held(name).loads:
                    if not self._is_inner(load):
                        yield Root(load, scope, frozenset({name}), "")

    def _asked_about(self) -> Iterator[Root]:
        """What was not built here, but is known well enough for what `os.path` says of it."""
        for call in self._sites.askers:
            if len(call.args) == 1 and not self._is_path(call.args[0]):
                root = self._root(call.args[0])
                if answers(self.meaning.called(call), root.scope.text_of(root.node)):
                    yield root

    def _is_path(self, node: ast.expr) -> bool:
        """Whether an expression is a root, or part of one, anyway; a literal is none."""
        if isinstance(node, ast.Name):
            return node.id in self._scopes.around(node).visible
        return (
            isinstance(node, (ast.Starred, ast.Constant))
            or is_builder(node, self.meaning)
            or bool(unsplit(node, self.meaning))
        )

    def _root(self, node: ast.expr) -> Root:
        around = self._scopes.around(node)
        parent = self._view.index.parents[node]
        targets = parent.targets if isinstance(parent, ast.Assign) else []
        names = [target.id for target in targets if isinstance(target, ast.Name) and target.id in around.paths]
        return Root(node, around, self._names_in(node, around), names[0] if len(targets) == len(names) == 1 else "")

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

    def _tried(self, root: Root) -> Change | Decline:
        """What a root is written as, or why not: the same while the same names hold Paths where it stands."""
        place = root, root.scope.left
        if place not in self._attempts:
            self._attempts[place] = self._attempt(root)
        return self._attempts[place]

    def _attempt(self, root: Root) -> Change | Decline:
        try:
            return self._change(root)
        except NotBuilt as failure:
            return Decline(failure.code, failure.detail)

    def _change(self, root: Root) -> Change:
        use = self._held(root) if root.target else self._asked(root)
        functions = {self.meaning.called(node) for node in walk(root.node)} - {""} | {use.function}
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
        if patched := functions.intersection(self._view.facts.patched):
            raise NotBuilt("patched", min(patched))
        if "Path" in code and not self._view.can_import(IMPORT):
            raise NotBuilt("name-taken")
        for wrapped in {part for part in code.split(" / ") if part.startswith("Path(") and "__file__" not in part}:
            if self._wraps(wrapped, root) > _MOST_WRAPS:
                raise NotBuilt("wrapped-often", wrapped)

    def _wraps(self, wrapped: str, root: Root) -> int:
        first = wrapped.removeprefix("Path(").partition(")")[0]
        arguments = (node.args[0] for node in self._sites.builders if isinstance(node, ast.Call))
        same = (node for node in arguments if isinstance(node, ast.Name) and node.id == first)
        return sum(root.scope.node in self._view.index.ancestors(node) for node in same)


def _without_nested(changes: dict[Root, Change | Decline]) -> dict[Root, Change | Decline]:
    """Leave out what holds another change: its turn comes when that one is done."""
    nodes = {change.node for change in changes.values() if isinstance(change, Change)}
    nested = Decline("hard-to-read", "another path is built inside")
    return {
        root: nested if isinstance(change, Change) and (set(walk(change.node)) & nodes) - {change.node} else change
        for root, change in changes.items()
    }
