"""What the functions of one file give back, told to the other files.

Asked before anything is known of the others, so only what the file shows by itself counts.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

from archaeologist_tools.inference.annotations import description
from archaeologist_tools.inference.members import is_open
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.inference.values import Types
from archaeologist_tools.project.asked import EVERY_NAME

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from archaeologist_tools.source.index import Index
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


def results(
    module: Module, names: Container[str] = EVERY_NAME, methods: set[str] | None = None
) -> Iterator[tuple[str, str]]:
    """The functions at the top of a file and of its classes with what they give, and its constants with what they are.

    Args:
        module: the file.
        names: those of constants and functions that somebody may ask about.
        methods: those of methods that somebody may ask about, every one when None. It loses those of whose results
            nothing is known in this file: so nothing is in any other.

    Returns:
        Pairs of a name, or `Class.method`, and the description of its results; an empty one where nothing is
        known. No method of whose name one class gives what is not known, or may be a tuple.
    """
    index = module.index
    types = Types(index, Strangers(), names_of(module))
    for statement in index.tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        is_asked = isinstance(target, ast.Name) and target.id in names and index.bound[target.id] == 1
        if is_asked and isinstance(target, ast.Name) and isinstance(statement, ast.Assign):
            yield target.id, description(types.whole(statement.value))
    for function in index.of(ast.FunctionDef):
        is_asked = function.name in names and not function.name.startswith("__")
        if is_asked and types.scopes.around(function) is index.tree:
            yield f"{function.name}()", _given(function, types) if _is_only(function, types) else ""
    for name, defined in _methods(index).items():
        if methods is not None and name not in methods:
            continue
        known = list(_known(defined, types))
        if len(known) == len(defined):
            yield from ((f"{owner}.{name}", text) for owner, texts in known for text in texts)
        elif methods is not None:
            methods.remove(name)


def _is_only(function: ast.FunctionDef, types: Types) -> bool:
    """Whether a function at the top of a module is all that its name ever means there."""
    tree = types.scopes.around(function)
    bindings = types.scopes.bindings(tree, function.name)
    return len(bindings) == 1 and types.scopes.are_all(tree, bindings, function.name)


def untold_methods(index: Index) -> Iterator[str]:
    """The names of methods of which nothing is known in one class of a file, as their heads show, and so in none."""
    for name, defined in _methods(index).items():
        if any(all(map(_is_untold, functions)) for functions in defined.values()):
            yield name


def _methods(index: Index) -> Mapping[str, Mapping[str, Sequence[ast.FunctionDef]]]:
    """The methods by their names and those of their classes."""
    found = defaultdict[str, dict[str, list[ast.FunctionDef]]](lambda: defaultdict(list))
    for function in index.of(ast.FunctionDef):
        owner = index.parents[function]
        if isinstance(owner, ast.ClassDef) and not function.name.startswith("__"):
            found[function.name][owner.name].append(function)
    return found


def _known(defined: Mapping[str, Sequence[ast.FunctionDef]], types: Types) -> Iterator[tuple[str, Sequence[str]]]:
    """What the methods of one name give, class by class, up to the first class where it is not known of each.

    Two classes may have one name, and are one class here. Behind the first one nobody asks: what a method gives counts
    where it is known of every class that has it.
    """
    for owner, functions in defined.items():
        texts = [_given_by_method(function, types) for function in functions]
        if not all(texts):
            return
        yield owner, texts


def _given(function: ast.FunctionDef, types: Types) -> str:
    """The description of what a function gives; empty where nothing is known."""
    return "" if _is_untold(function) else description(types.result(function))


def _given_by_method(function: ast.FunctionDef, types: Types) -> str:
    """The description of what a method gives; empty where that may be a tuple, as nobody asks for more than that."""
    if _is_untold(function) or _gives_tuple(function, types):
        return ""
    given = types.result(function)
    return description(given) if given.never("tuple") else ""


def _gives_tuple(function: ast.FunctionDef, types: Types) -> bool:
    """Whether one of the values that a function returns is written as a tuple."""
    nodes = types.scopes.nodes
    returned = any(isinstance(node.value, ast.Tuple) for node in nodes(ast.Return, function))
    return returned and not any(nodes(kind, function) for kind in (ast.Yield, ast.YieldFrom))


def _is_untold(function: ast.FunctionDef) -> bool:
    """Whether nothing is known of what a function gives, without a look at it: long ones are not looked into."""
    return (function.end_lineno or 0) - function.lineno > _LONGEST or is_open(function)
