"""What a gate says: which one it was, and what is wrong, for the model that has to do better."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gate(StrEnum):
    """The gates, in the order in which they are asked: the cheapest first."""

    PROTECTED = "protected"
    SYNTAX = "syntax"
    ELSEWHERE = "elsewhere"
    COMMENTS = "comments"
    DEFINITIONS = "definitions"
    INTERFACE = "interface"
    POWERS = "powers"
    VERSION = "version"
    NAMES = "names"
    LINT = "lint"


@dataclass(frozen=True)
class GateFailure:
    """One thing that an edit must not do.

    Attributes:
        gate: the gate that it did not pass.
        message: what is wrong and where, in one line.
    """

    gate: Gate
    message: str


@dataclass(frozen=True)
class Allowed:
    """What an edit says that it changes; nothing else may.

    Attributes:
        spans: the bytes of the file before it that it replaces; None where all may be others.
        definitions: the names of functions and classes whose inside it changes, as in `Stock.add`; None for any.
        added: names of classes and functions that it adds on purpose.
        removed: names at the top level of the file that it takes away on purpose.
        dropped: code that it takes out, the comments of which may go along.
        documents: it adds docstrings.
        by_rules: rules edited it, too, which look after definitions, names and imports themselves.
        same_code: nothing but docstrings is new, as somebody else has seen.
        unused_imports: what it imports is used by an edit that is still to come.
    """

    spans: tuple[tuple[int, int], ...] | None = None
    definitions: frozenset[str] | None = frozenset()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    dropped: tuple[str, ...] = ()
    documents: bool = False
    by_rules: bool = False
    same_code: bool = False
    unused_imports: bool = False

    def changes_inside(self, name: str) -> bool:
        """Whether the edit changes the inside of a function or class, or of one around it."""
        if self.definitions is None:
            return True
        return any(name == each or name.startswith(f"{each}.") for each in self.definitions)


NOTHING_MORE = Allowed()
"""An edit that changes no definition, comment or name."""
