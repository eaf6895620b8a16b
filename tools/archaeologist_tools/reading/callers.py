"""Who calls a function: surely, where an import or `self` says so, and perhaps, where only the name does."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.project.module_names import stem_of
from archaeologist_tools.reading.files import modules_of, python_of, with_word
from archaeologist_tools.reading.importing import names_of_module
from archaeologist_tools.reading.places import Place, Surroundings
from archaeologist_tools.reading.usages import MOST_FILES
from archaeologist_tools.source.index import bound_by, dotted
from archaeologist_tools.source.module import Module
from archaeologist_tools.source.scope import has_python_suffix
from archaeologist_tools.surgery.definitions import definition, definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.git.snapshot import Snapshot


@dataclass(frozen=True)
class Callers:
    """The callers of a function or class.

    Attributes:
        places: calls, and places that hand it on, those that are sure first; the kind says which.
        files: how many Python files hold its name.
        searched: how many of these were read.
        unreadable: files among them that do not parse, each with the reason.
    """

    places: tuple[Place, ...]
    files: int
    searched: int
    unreadable: tuple[str, ...]


def callers(snapshot: Snapshot, path: str, qualname: str) -> Callers:
    """Find the callers of a function or class.

    Args:
        snapshot: what to search.
        path: the file that defines it.
        qualname: its name, as in `Stock.add`.

    Raises:
        EditRefused: there is no such file, or it defines no such thing.
    """
    home = python_of(snapshot, path)
    # Definitions of one name, as those of a property, share their callers.
    same = (node for name, node in definitions(home.index) if name == qualname)
    node = next(same, None) or definition(home, qualname)
    owner = home.index.parents[node]
    paths = [each for each in with_word(snapshot, node.name) if has_python_suffix(each)]
    searched = sorted(paths, key=lambda each: each != path)[:MOST_FILES]
    found, unreadable = list[Place](), list[str]()
    for module in modules_of(snapshot, searched):
        if isinstance(module, Module):
            search = _Search(module, node.name, path)
            found += search.of_method(owner) if isinstance(owner, ast.ClassDef) else search.of_function()
        else:
            unreadable.append(f"{module.path}: {module.message}")
    found.sort(key=lambda place: ("perhaps" in place.kind, place.path, place.line))
    return Callers(tuple(found), len(paths), len(searched), tuple(unreadable))


class _Search:
    """Looks for the callers in one module."""

    def __init__(self, module: Module, name: str, path: str) -> None:
        self._index = module.index
        self._around = Surroundings(module)
        self._name, self._stem, self._packages = name, stem_of(path), path.split("/")[:-1]
        self._home = module.path == path
        self._called = {call.func for call in self._index.of(ast.Call)}

    def of_function(self) -> Iterator[Place]:
        """Uses of a function of the module level, or of one inside of another."""
        names, modules = self._imported(), names_of_module(self._index, self._stem)
        starred = any(self._is_home(node) for node in self._index.star_imports)
        if self._home or starred:
            names[self._name] = True
        for name, sure in sorted(names.items()):
            for node in self._index.names.get(name, ()):
                if isinstance(node.ctx, ast.Load):
                    yield self._place(node, sure=sure)
        for attribute in self._index.attributes.get(self._name, ()):
            if isinstance(attribute.ctx, ast.Load):
                yield self._place(attribute, sure=dotted(attribute.value) in modules)

    def of_method(self, owner: ast.ClassDef) -> Iterator[Place]:
        """Uses of a method: sure are those of `self` in its class, or of the class by its name."""
        if self._name == "__init__":
            yield from self._made(owner.name)
        for attribute in self._index.attributes.get(self._name, ()):
            if isinstance(attribute.ctx, ast.Load):
                base = getattr(attribute.value, "id", "")
                inside = self._around.of(attribute).startswith(f"{owner.name}.")
                sure = base == owner.name or (self._home and base in {"self", "cls"} and inside)
                yield self._place(attribute, sure=sure)

    def _made(self, name: str) -> Iterator[Place]:
        for call in self._index.calls.get(name, ()):
            yield self._around.place(call, "makes one")

    def _imported(self) -> dict[str, bool]:
        """Return what the function is called here by import statements, and whether that is sure."""
        return {
            bound_by(alias): self._is_home(node)
            for node in self._index.of(ast.ImportFrom)
            for alias in node.names
            if alias.name == self._name
        }

    def _is_home(self, node: ast.ImportFrom) -> bool:
        """Whether names are imported from the function's module, or from a package around it that may hand them on."""
        last = (node.module or "").rpartition(".")[2]
        return last in {self._stem, *self._packages} or not last

    def _place(self, node: ast.Name | ast.Attribute, *, sure: bool) -> Place:
        what = "calls" if node in self._called else "hands it on"
        return self._around.place(node, what if sure else f"perhaps {what}")
