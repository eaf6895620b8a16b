"""The calls of a module that paths are built and asked with."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.paths.bindings import Bindings
from archaeologist_tools.paths.building import is_builder, is_source, unsplit
from archaeologist_tools.paths.takers import ASKERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.bindings import ScopeNode
    from archaeologist_tools.paths.meaning import Meaning


class Sites:
    """Where a module builds paths, and asks about them.

    Args:
        view: the module.
        meaning: what its names stand for.

    Attributes:
        bindings: how its names are bound.
    """

    def __init__(self, view: View, meaning: Meaning) -> None:
        self._index = view.index
        self._meaning = meaning
        self.bindings = Bindings(view, meaning)

    @cached_property
    def builders(self) -> list[ast.expr]:
        """The calls that give a path."""
        calls: list[ast.expr] = [call for call in self._meaning.calls if is_builder(call, self._meaning)]
        parents = (self._index.parents[call] for call in self._meaning.calls)
        parts = {parent for parent in parents if unsplit(parent, self._meaning)}
        return calls + [node for node in self._index.of(ast.Subscript) if node in parts] if parts else calls

    @cached_property
    def sources(self) -> list[ast.Call]:
        """The calls that give the text of a path."""
        return [call for call in self._meaning.calls if is_source(call, self._meaning)]

    @cached_property
    def askers(self) -> list[ast.Call]:
        """The calls that ask something about a path."""
        return [call for call, name in self._meaning.calls.items() if name in ASKERS]

    @cached_property
    def calls(self) -> frozenset[ast.AST]:
        """The calls of `os.path` that a flow is rewritten for."""
        return frozenset([*self.builders, *self.askers])

    @cached_property
    def built(self) -> Mapping[ScopeNode, set[str]]:
        """The names of each scope that a built path is assigned to."""
        return self._assigned(self.builders)

    @cached_property
    def made(self) -> Mapping[ScopeNode, set[str]]:
        """The names of each scope that a path is assigned to, built or not."""
        return self._assigned([*self.builders, *self.sources])

    def _assigned(self, values: Iterable[ast.expr]) -> Mapping[ScopeNode, set[str]]:
        found: defaultdict[ScopeNode, set[str]] = defaultdict(set)
        for value in values:
            if place := self.bindings.assigned(value):
                found[place[0]].add(place[1])
        return found
