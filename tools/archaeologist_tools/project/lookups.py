"""The facts of a project as sets and mappings, made once: the facts themselves are plain sequences, to travel as JSON.

Every layer of every file asks them, and building the sets anew took longer than the answers.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.project.value_flow import Values
from archaeologist_tools.source.composed_names import fits

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts


class Lookups:
    """What is looked up in the facts of a project, by name; see `ProjectFacts` for what each says.

    Args:
        facts: the facts.
    """

    def __init__(self, facts: ProjectFacts) -> None:
        self._facts = facts

    @cached_property
    def plain(self) -> frozenset[str]:
        """Names of classes."""
        return frozenset(self._facts.plain)

    @cached_property
    def uses(self) -> dict[str, int]:
        """How many files use a private name; 2 stands for more."""
        return {**dict.fromkeys(self._facts.private, 1), **dict.fromkeys(self._facts.shared, 2)}

    @cached_property
    def results(self) -> dict[str, str]:
        """Descriptions of results by function or method."""
        return dict(self._facts.results)

    @cached_property
    def plain_values(self) -> Values:
        """Values, by key."""
        return Values(self._facts.plain_values)

    @cached_property
    def tuple_values(self) -> Values:
        """Values, by key."""
        return Values(self._facts.tuple_values)

    @cached_property
    def overridden(self) -> frozenset[str]:
        """Methods, with their classes."""
        return frozenset(self._facts.overridden)

    @cached_property
    def stored(self) -> frozenset[str]:
        """Attributes."""
        return frozenset(self._facts.stored)

    @cached_property
    def stored_by_many(self) -> frozenset[str]:
        """Attributes."""
        return frozenset(self._facts.stored_by_many)

    def is_composed(self, name: str) -> bool:
        """Whether some module may put a private name together, and look it up."""
        return any(fits(name, *known.split("*")) for known in self._facts.composed)

    def is_inspected(self, module: str, name: str) -> bool:
        """Whether a module that looks at annotations or signatures imports another one, or what has a name there."""
        return not {module, name}.isdisjoint(self._facts.inspected)

    @cached_property
    def tuple_fields(self) -> frozenset[str]:
        """Fields of named tuples."""
        return frozenset(self._facts.tuple_fields)
