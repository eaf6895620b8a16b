"""What the other files of the project say about the names of one module."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.source.type_facts import foreign_stores

if TYPE_CHECKING:
    from archaeologist_tools.source.facts import ProjectFacts
    from archaeologist_tools.source.index import Index


class Neighbours:
    """The facts of a project, seen from one of its modules.

    Args:
        facts: what is known of the project.
        index: the module's index.
    """

    def __init__(self, facts: ProjectFacts, index: Index) -> None:
        self._facts = facts
        self._index = index

    @cached_property
    def _own_stores(self) -> frozenset[str]:
        return frozenset(foreign_stores(self._index))

    @cached_property
    def _plain(self) -> frozenset[str]:
        return frozenset(self._facts.plain)

    @cached_property
    def _uses(self) -> dict[str, int]:
        return {**dict.fromkeys(self._facts.private, 1), **dict.fromkeys(self._facts.shared, 2)}

    @cached_property
    def _results(self) -> dict[str, str]:
        return dict(self._facts.results)

    @cached_property
    def _plain_values(self) -> frozenset[str]:
        return frozenset(self._facts.plain_values)

    @cached_property
    def _tuple_values(self) -> frozenset[str]:
        return frozenset(self._facts.tuple_values)

    @cached_property
    def _overridden(self) -> frozenset[str]:
        return frozenset(self._facts.overridden)

    def uses_of(self, name: str) -> int:
        """How many files read a private name as an attribute, or import it; 2 stands for more."""
        return self._uses.get(name, 0)

    def may_be_tuple(self, name: str) -> bool:
        """Whether a class of the project may make tuples."""
        return name in self._facts.tuples

    def is_no_tuple(self, name: str) -> bool:
        """Whether all classes of that name in the project surely make no tuples."""
        return name in self._plain

    def is_stored_elsewhere(self, attribute: str) -> bool:
        """Whether another file assigns to an attribute of that name."""
        if attribute in self._facts.stored_by_many:
            return True
        return attribute in self._facts.stored and attribute not in self._own_stores

    def is_defined_elsewhere(self, owner: str, method: str) -> bool:
        """Whether a class in another file that is derived from this one defines a method again."""
        return f"{owner}.{method}" in self._overridden

    def result_of(self, name: str) -> str:
        """What a function of the project gives, as a description: `module.function`, or `.method` of all classes."""
        return self._results.get(name, "")

    def hints_at_tuple(self, *keys: str) -> bool:
        """Whether some place of the project shows that one of these values may be a tuple."""
        return any(key in self._tuple_values for key in keys)

    def hints_at_no_tuple(self, *keys: str) -> bool:
        """Whether some place of the project shows that one of these values is no tuple."""
        return any(key in self._plain_values for key in keys)

    @property
    def is_project(self) -> bool:
        """Whether more than one file is known: what they agree on is evidence, what one file says alone is little."""
        return bool(self._facts.plain_values)

    @property
    def tuple_fields(self) -> frozenset[str]:
        """The fields of the project's named tuples."""
        return frozenset(self._facts.tuple_fields)
