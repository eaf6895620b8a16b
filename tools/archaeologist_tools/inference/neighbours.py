"""What the other files of the project say about the names of one module."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.project.type_facts import foreign_stores

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.index import Index


class Neighbours:
    """The facts of a project, seen from one of its modules.

    Args:
        facts: what is known of the project.
        index: the module's index.
    """

    def __init__(self, facts: ProjectFacts, index: Index) -> None:
        self._facts = facts
        self._known = facts.lookups
        self._index = index

    @cached_property
    def _own_stores(self) -> frozenset[str]:
        return frozenset(foreign_stores(self._index))

    def uses_of(self, name: str) -> int:
        """How many files read a private name as an attribute, or import it; 2 stands for more."""
        return self._known.uses.get(name, 0)

    def is_composed(self, name: str) -> bool:
        """Whether some file may put a private name together, and look it up."""
        return self._known.is_composed(name)

    def may_be_tuple(self, name: str) -> bool:
        """Whether a class of the project may make tuples."""
        return name in self._facts.tuples

    def is_no_tuple(self, name: str) -> bool:
        """Whether all classes of that name in the project surely make no tuples."""
        return name in self._known.plain

    def is_stored_elsewhere(self, attribute: str) -> bool:
        """Whether another file assigns to an attribute of that name."""
        if attribute in self._known.stored_by_many:
            return True
        return attribute in self._known.stored and attribute not in self._own_stores

    def is_defined_elsewhere(self, owner: str, name: str) -> bool:
        """Whether a class in another file that is derived from this one defines a method or value again."""
        return f"{owner}.{name}" in self._known.overridden

    def defines_method(self, name: str) -> bool:
        """Whether a class of the project has a method named as one of text."""
        return name in self._facts.text_methods

    def result_of(self, name: str) -> str:
        """What a function of the project gives, as a description: `module.function`, or `.method` of all classes."""
        return self._known.results.get(name, "")

    def hints_at_tuple(self, *keys: str) -> bool:
        """Whether some place of the project shows that one of these values may be a tuple."""
        return any(key in self._known.tuple_values for key in keys)

    def hints_at_no_tuple(self, *keys: str) -> bool:
        """Whether some place of the project shows that one of these values is no tuple."""
        return any(key in self._known.plain_values for key in keys)

    @property
    def is_project(self) -> bool:
        """Whether more than one file is known: what they agree on is evidence, what one file says alone is little."""
        return bool(self._facts.plain_values)

    @property
    def tuple_fields(self) -> frozenset[str]:
        """The fields of the project's named tuples."""
        return self._known.tuple_fields
