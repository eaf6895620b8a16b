"""What the functions of one file give back, told to the other files.

Asked before anything is known of the others, so only what the file shows by itself counts.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import description
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.inference.values import Types

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.source.module import Module

# Longer functions give back what they were given, or decide among too many things.
_LONGEST = 60


class Strangers:
    """Neighbours of whom nothing is known, and everything is feared."""

    tuple_fields: frozenset[str] = frozenset()
    is_project = False

    def uses_of(self, _name: str) -> int:
        """Everybody uses everything."""
        return 2

    def is_composed(self, _name: str) -> bool:
        """Every name is put together."""
        return True

    def may_be_tuple(self, _name: str) -> bool:
        """Any class may make tuples."""
        return True

    def is_no_tuple(self, _name: str) -> bool:
        """No class is known."""
        return False

    def is_stored_elsewhere(self, _attribute: str) -> bool:
        """Everybody assigns to everything."""
        return True

    def is_defined_elsewhere(self, _owner: str, _name: str) -> bool:
        """Everything is defined again."""
        return True

    def hints_at_tuple(self, *_keys: str) -> bool:
        """Any value may be a tuple."""
        return True

    def defines_method(self, _name: str) -> bool:
        """Every method is somebody's own."""
        return True

    def hints_at_no_tuple(self, *_keys: str) -> bool:
        """Nothing is known of values."""
        return False

    def result_of(self, _name: str) -> str:
        """Nothing is known of other files' functions."""
        return ""


def results(module: Module) -> Iterator[tuple[str, str]]:
    """The functions at the top of a file and of its classes with what they give, and its constants with what they are.

    Returns:
        Pairs of a name, or `Class.method`, and the description of its results; an empty one where nothing is
        known.
    """
    index = module.index
    types = Types(index, Strangers(), names_of(module))
    for statement in index.tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and index.bound[target.id] == 1 and isinstance(statement, ast.Assign):
            yield target.id, description(types.of(statement.value))
    for function in index.of(ast.FunctionDef):
        owner = index.parents[function]
        if isinstance(owner, (ast.Module, ast.ClassDef)) and not function.name.startswith("__"):
            short = (function.end_lineno or 0) - function.lineno <= _LONGEST
            text = description(types.members.result(function)) if short else ""
            if isinstance(owner, ast.ClassDef) and text:
                yield f"{owner.name}.{function.name}", text
            elif isinstance(owner, ast.Module):
                yield f"{function.name}()", text
