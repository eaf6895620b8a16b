"""Methods of the standard library's objects that are gone or going, from the reviewed list `methods.toml`."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from archaeologist_tools.source.library import beginnings, full_name, reached

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index


@dataclass(frozen=True)
class Method:
    """What the list says of a method.

    Attributes:
        owner: what makes the object, such as `threading.Thread`.
        name: the method.
        rename: another name of the same method; empty when there is none.
        attribute: what it reads or, with an argument, sets; empty when there is none.
        instead: what to use when nothing does exactly the same.
        removed: the first Python without it; empty for what is only deprecated.
    """

    owner: str
    name: str
    rename: str = ""
    attribute: str = ""
    instead: str = ""
    removed: str = ""

    @property
    def message(self) -> str:
        """What is wrong, and what to use."""
        words = f"is missing from Python {self.removed} on" if self.removed else "is deprecated"
        new = self.instead or self.rename or f"the attribute {self.attribute}"
        return f"{self.name} of {self.owner} {words}; use {new}"


@cache
def _methods() -> dict[tuple[str, str], Method]:
    data = tomllib.loads(resources.files(__package__).joinpath("methods.toml").read_text(encoding="utf-8"))
    return {
        (owner, name): Method(owner, name, **fields) for owner, names in data.items() for name, fields in names.items()
    }


@cache
def method_names() -> frozenset[str]:
    """The names of all methods on the list."""
    return frozenset(name for _, name in _methods())


@cache
def _by_beginning() -> dict[str, frozenset[str]]:
    return beginnings(_methods())


def methods_at_hand(index: Index) -> frozenset[str]:
    """The names of those methods on the list whose objects a module can make by its imports."""
    return reached(_by_beginning(), index)


def listed_method(node: ast.Attribute, view: View) -> Method | None:
    """What the list says of a method of an object that is surely what a certain call made."""
    if node.attr not in method_names() or not isinstance(node.ctx, ast.Load):
        return None
    makers = {full_name(call.func, view) for call in _made_by(node.value, view)}
    return _methods().get((makers.pop(), node.attr)) if len(makers) == 1 else None


def _made_by(node: ast.expr, view: View) -> list[ast.Call]:
    """The calls that an object comes from; none when there may be others."""
    if isinstance(node, ast.Call):
        return [node]
    # An attribute may be set by a class above or below, in another file.
    return _bound_to(node, view) if isinstance(node, ast.Name) else []


def _bound_to(node: ast.Name, view: View) -> list[ast.Call]:
    scopes = view.types.scopes
    found = scopes.lookup(node)
    if found is None or not scopes.are_all(found[0], found[1], node.id):
        return []
    plain = [isinstance(binding.node, ast.Assign) and not binding.path for binding in found[1]]
    calls = [binding.source for binding in found[1] if isinstance(binding.source, ast.Call)]
    return calls if all(plain) and len(calls) == len(plain) else []
