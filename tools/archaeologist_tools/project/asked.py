"""What the files of a project may ask one another: of what nobody asks, or nobody answers, nothing need be gathered."""

from __future__ import annotations

import ast
from collections.abc import Container
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archaeologist_tools.source.index import Index


class _EveryName(Container[str]):
    def __contains__(self, _: object) -> bool:
        return True


EVERY_NAME: Container[str] = _EveryName()
"""Stands for the names that are asked about where it is not known which ones."""


@dataclass(frozen=True)
class Asked:
    """The names of some files.

    Attributes:
        borrowed: names that they import from modules, or call as attributes for what that gives: functions and
        constants of other files.
        untold: names of methods of which it is clear that nothing is known of what all of a name give.
        defined: names of their functions and classes: only these take arguments, and give results, that are followed.
    """

    borrowed: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)

    def add(self, index: Index, made: Iterable[str], untold: Iterable[str]) -> None:
        """Add the names of a file.

        Args:
            index: the file's index.
            made: names of classes that it makes by calls.
            untold: names of methods of which it makes clear that nothing is known.
        """
        self.untold.update(untold)
        self.borrowed.update(alias.name for source in index.of(ast.ImportFrom) for alias in source.names)
        self.borrowed.update(name for name, calls in index.calls.items() if _give_a_value(calls, index))
        self.defined.update(made, (node.name for node in index.definitions))

    def update(self, other: Asked) -> None:
        """Add the names of other files."""
        self.borrowed.update(other.borrowed)
        self.untold.update(other.untold)
        self.defined.update(other.defined)


def _give_a_value(calls: Iterable[ast.Call], index: Index) -> bool:
    """Whether one of some calls calls an attribute, and something is done with what it gives."""
    return any(isinstance(call.func, ast.Attribute) and not isinstance(index.parents[call], ast.Expr) for call in calls)
