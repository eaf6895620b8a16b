"""Whether a class is made with the cell `__class__`, on which `super()` without arguments rests.

The compiler hands the cell to the metaclass under `__classcell__` in the namespace of the class body. A metaclass that
makes the class from another dictionary drops it, and `super()` then fails at run time.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.engine.view import View

# They build another class from the methods of the body.
_REBUILT = frozenset({"NamedTuple", "TypedDict"})


# A class has many methods that ask for it.
@lru_cache(maxsize=16)
def metaclass_keeps_cell(owner: ast.ClassDef, view: View) -> bool:
    """Whether no base may bring a metaclass that drops the cell.

    A metaclass of another package is taken to work with `super()`, as everybody else's classes need it. One of the
    project is known to the project's facts when it is at risk; names are compared without their modules, so a doubt
    counts as a risk.
    """
    tainted = _tainted(view)
    names = {name for base in owner.bases for name in _names(base)}
    originals = {original for name in names for original in _originals(name, view)}
    if (names | originals) & tainted or owner.name in tainted:
        return False
    return not view.facts.own_metaclasses or all(_is_plain(base) for base in owner.bases)


@lru_cache(maxsize=1)
def _tainted(view: View) -> frozenset[str]:
    return frozenset(view.facts.tainted) | _REBUILT


def _is_plain(base: ast.expr) -> bool:
    """Whether the names in a base tell what it is: `A`, `a.A`, `A[int]`, but not what a call returns."""
    if isinstance(base, ast.Subscript):
        base = base.value
    return isinstance(base, (ast.Name, ast.Attribute))


def _names(node: ast.expr) -> set[str]:
    return {
        inner.id if isinstance(inner, ast.Name) else inner.attr
        for inner in walk(node)
        if isinstance(inner, (ast.Name, ast.Attribute))
    }


def _originals(name: str, view: View) -> set[str]:
    """What a name is called where it comes from: `M` after `from models import Model as M` is `Model`."""
    imported, assigned = _sources(view)
    return imported.get(name, set()).union(*(_names(value) for value in assigned.get(name, ())))


@lru_cache(maxsize=1)
def _sources(view: View) -> tuple[Mapping[str, set[str]], Mapping[str, list[ast.expr]]]:
    """What is imported under other names, and what is assigned to each name."""
    imported: defaultdict[str, set[str]] = defaultdict(set)
    for alias in view.index.of(ast.alias):
        if alias.asname:
            imported[alias.asname].add(alias.name)
    assigned: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for node in view.index.of(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                assigned[target.id].append(node.value)
    return imported, assigned
