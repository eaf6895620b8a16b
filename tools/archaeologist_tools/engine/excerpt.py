"""The statements that edits touched, as rules see them that look no further; the file need not be read for that."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archaeologist_tools.engine.parts import heads, suites_after, with_body
from archaeologist_tools.engine.view import View
from archaeologist_tools.source.index import NAMED, children, name_of
from archaeologist_tools.source.module import Module

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.engine.parts import Part
    from archaeologist_tools.inference.values import Types
    from archaeologist_tools.source.index import Index


class OutOfSightError(Exception):
    """A rule asks for more than what edits touched."""


class Excerpt(View):
    """A file after edits, for rules that look at no more than the statements that these touched.

    What names mean is read off the file before, in which edits that keep values bind nothing.

    Args:
        before: the file before the edits; the new statements are put among its nodes' parents.
        after: the file after them; what is known of its text is not found out again.
        changed: what they changed.
        lines: the numbers of the lines that they touched, after them, in order.
    """

    def __init__(self, before: View, after: Module, changed: Sequence[Part], lines: Sequence[int]) -> None:
        module = _Text(after.path, after.data, after.encoding, after.grammar)
        vars(module).update({name: known for name, known in vars(after).items() if name not in {"tree", "index"}})
        super().__init__(module, before.target, before.facts)
        self._before = before
        self._changed = changed
        self._lines = lines

    @property
    def index(self) -> Index:
        """The index of the file before the edits."""
        return self._before.index

    @cached_property
    def types(self) -> Types:
        """Nothing: values come from anywhere in a file.

        Raises:
            OutOfSightError: always.
        """
        raise OutOfSightError

    def shows(self, rule: AnyRule) -> bool:
        """Whether a rule may find something on the touched lines."""
        try:
            return any(True for node in self._nodes(rule) for _ in rule.matches(node, self))
        except OutOfSightError:
            return True

    def _nodes(self, rule: AnyRule) -> Iterator[ast.AST]:
        for kind in rule.nodes:
            found = self._touched.get(kind, ())
            names = self._before.names_for(rule) if found and kind in NAMED else None
            yield from (node for node in found if names is None or name_of(node) in names)

    @cached_property
    def _touched(self) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
        """The nodes on the lines, and the statements around them, by type."""
        found: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        for node in self._around:
            found[node.__class__].append(node)
        pending: list[tuple[ast.AST, bool]] = [(node, False) for node in self._statements()]
        while pending:
            node, is_inside = pending.pop()
            if is_inside or self._is_touched(node):
                found[node.__class__].append(node)
                below = children(node)
                self.index.parents.update(dict.fromkeys(below, node))
                # Positions inside f-strings are wrong before Python 3.12.
                pending += [(child, is_inside or isinstance(node, ast.JoinedStr)) for child in below]
        return found

    def _is_touched(self, node: ast.AST) -> bool:
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", sys.maxsize)
        decorators = getattr(node, "decorator_list", None)
        place = bisect_left(self._lines, decorators[0].lineno if decorators else first)
        return place < len(self._lines) and self._lines[place] <= last

    def _statements(self) -> Iterator[ast.stmt]:
        """The statements that edits touched; of a class with another head, its head."""
        for part in self._changed:
            new = heads(part.new) if part.head_only else part.new
            self.index.parents.update(dict.fromkeys(new, part.around[-1].owner))
            yield from new

    @cached_property
    def _around(self) -> Sequence[ast.AST]:
        """The classes with another head, and what edits touched something in, with all that they did to it."""
        found: dict[ast.AST, Any] = {part.old[0]: part.new[0] for part in self._changed if part.head_only}
        after = dict(suites_after(self._changed))
        depths = {suite: depth for part in self._changed for depth, suite in enumerate(part.around) if depth}
        for suite in sorted(depths, key=depths.__getitem__, reverse=True):
            body = [found.get(node, node) for node in after.get(suite, suite.body)]
            found[suite.owner] = with_body(found.get(suite.owner, suite.owner), body, suite.field)
        self.index.parents.update((new, self.index.parents[old]) for old, new in found.items())
        return [*found.values()]


class _Text(Module):
    """A file of which nobody is to make a tree."""

    @cached_property
    def tree(self) -> ast.Module:
        raise OutOfSightError
