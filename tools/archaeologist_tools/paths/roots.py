"""The expressions that give the paths of a module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Hashable

    from archaeologist_tools.paths.scopes import Scope


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

    @property
    def keys(self) -> list[Hashable]:
        """What it shares with the other roots of its flow: the names of paths."""
        names = self.names | ({self.target} if self.target else set())
        return [(self.scope.owner(name), name) for name in sorted(names)] or [self]
