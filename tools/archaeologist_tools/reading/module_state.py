"""Variables of a module that are written after it was imported: by its functions, and by other modules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.inference.known import CHANGING_METHODS
from archaeologist_tools.inference.scopes import FUNCTIONS, Scopes
from archaeologist_tools.project.module_names import stem_of
from archaeologist_tools.reading.files import modules_of, with_word
from archaeologist_tools.reading.importing import names_of_module
from archaeologist_tools.reading.places import Place, Surroundings
from archaeologist_tools.reading.usages import MOST_FILES
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.module import Module
from archaeologist_tools.source.scope import has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.git.snapshot import Snapshot

MUTATORS = CHANGING_METHODS | {
    "add", "append", "appendleft", "extend", "extendleft", "insert", "popleft", "rotate", "setdefault", "update",
    "difference_update", "intersection_update", "symmetric_difference_update",
}  # fmt: skip
"""Methods of the standard library's containers that change them."""


class Variable(NamedTuple):
    """A variable of a module that changes.

    Attributes:
        name: its name.
        line: where the module binds it first; 0 when only functions do.
        writers: where it is bound or changed in functions and in other modules.
        readers: how many functions of the module read it.
    """

    name: str
    line: int
    writers: tuple[Place, ...]
    readers: int


def written_globals(snapshot: Snapshot, module: Module) -> list[Variable]:
    """Find the variables of a module that change after its import, those with the most writers first."""
    from_outside: dict[str, list[Place]] = {}
    for name, place in _outside(snapshot, module):
        from_outside.setdefault(name, []).append(place)
    own = _Own(module)
    names = [*own.bound, *(name for name in sorted(module.index.declared_global) if name not in own.bound)]
    variables = [
        Variable(name, own.bound.get(name, 0), (*own.writers(name), *from_outside.get(name, ())), own.readers(name))
        for name in names
    ]
    return sorted((each for each in variables if each.writers), key=lambda each: -len(each.writers))


class _Own:
    """What the functions of a module do to its variables."""

    def __init__(self, module: Module) -> None:
        self._index = module.index
        self._tree = module.tree
        self._scopes = Scopes(module.index)
        self._around = Surroundings(module)
        self.bound: dict[str, int] = {}
        for node in module.index.of(ast.Name):
            if not isinstance(node.ctx, ast.Load) and self._scopes.around(node) is module.tree:
                self.bound.setdefault(node.id, node.lineno)

    def writers(self, name: str) -> Iterator[Place]:
        """Places in functions that bind the variable or change what it holds."""
        for node in self._index.names.get(name, ()):
            if self._is_global(node) and (how := _written(node, self._index.parents)):
                yield self._around.place(node, how)

    def readers(self, name: str) -> int:
        """How many functions read it."""
        nodes = (node for node in self._index.names.get(name, ()) if isinstance(node.ctx, ast.Load))
        return len({self._around.of(node) for node in nodes if self._is_global(node)})

    def _is_global(self, node: ast.Name) -> bool:
        """Whether a name in a function stands for the module's variable."""
        scope = self._scopes.around(node)
        if not any(isinstance(each, FUNCTIONS) for each in (scope, *self._index.ancestors(scope))):
            return False
        found = self._scopes.lookup(node)
        return found[0] is self._tree if found else node.id in self._index.declared_global


def _written(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> str:
    """How a variable is written at a place; empty when it is only read."""
    if not isinstance(getattr(node, "ctx", None), ast.Load):
        return "binds"
    parent = parents[node]
    if isinstance(parent, ast.Subscript) and parent.value is node and not isinstance(parent.ctx, ast.Load):
        return "changes"
    if isinstance(parent, ast.Attribute):
        if not isinstance(parent.ctx, ast.Load):
            return "changes"
        grandparent = parents[parent]
        called = isinstance(grandparent, ast.Call) and grandparent.func is parent
        return "changes" if called and parent.attr in MUTATORS else ""
    return ""


def _outside(snapshot: Snapshot, module: Module) -> Iterator[tuple[str, Place]]:
    """Yield where other modules write an attribute of the module, or of one with the same name."""
    stem = stem_of(module.path)
    if not stem.isidentifier():
        return
    paths = [path for path in with_word(snapshot, stem) if has_python_suffix(path) and path != module.path]
    for other in modules_of(snapshot, paths[:MOST_FILES]):
        if isinstance(other, Module):
            around = Surroundings(other)
            names = names_of_module(other.index, stem)
            for node in other.index.of(ast.Attribute) if names else ():
                if dotted(node.value) in names and (how := _written(node, other.index.parents)):
                    yield node.attr, around.place(node, how)
