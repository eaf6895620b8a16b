"""Names of the standard library that are gone or going, from the reviewed list `library.toml`."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_PYTHON3 = "3.0"


@dataclass(frozen=True)
class Entry:
    """What the list says of a name.

    Attributes:
        name: the full name, such as `base64.encodestring`.
        instead: what to use.
        rename: another name in the same module for the very same thing; empty when there is none.
        moved: the name of the same thing in another module; empty when there is none.
        call: what does the same as a call with one argument, which stands for `{}`; empty when there is none.
        removed: the first Python without it; empty for what is only deprecated.
    """

    name: str
    instead: str
    rename: str
    moved: str
    call: str
    removed: str

    @property
    def message(self) -> str:
        """What is wrong, and what to use."""
        gone = {"": "is deprecated", "3.0": "is missing from Python 3"}
        words = gone.get(self.removed, f"is missing from Python {self.removed} on")
        return f"{self.name} {words}; use {self.instead}"


@cache
def _entries() -> dict[str, Entry]:
    data = tomllib.loads(resources.files(__package__).joinpath("library.toml").read_text(encoding="utf-8"))
    found = {}
    for name, fields in {**data["modules"], **data["names"]}.items():
        rename, moved, call = (fields.get(key, "") for key in ("rename", "moved", "call"))
        instead = fields.get("instead") or moved or call.replace("{}", "...") or f"{name.rpartition('.')[0]}.{rename}"
        found[name] = Entry(name, instead, rename, moved, call, fields.get("removed", ""))
    return found


@cache
def listed_names() -> frozenset[str]:
    """The last parts of all names on the list."""
    return frozenset(name.rpartition(".")[2] for name in _entries())


@cache
def _last_parts() -> dict[bytes, set[bytes]]:
    """The last parts of the names on the list by their first ones."""
    found: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for name in _entries():
        found[name.partition(".")[0].encode()].add(name.rpartition(".")[2].encode())
    return dict(found)


def first_parts() -> frozenset[str]:
    """The first parts of all names on the list."""
    return frozenset(name.decode() for name in _last_parts())


@lru_cache(maxsize=1)  # two rules ask one after the other
def is_any_written(module: Module) -> bool:
    """Whether a file may import the first part of a name on the list, and holds the last: else it cannot get at any."""
    lasts = _last_parts()
    firsts = [first for first in lasts.keys() & module.words if not lasts[first].isdisjoint(module.words)]
    return any(_imports(first).search(module.imports) for first in firsts)


@cache
def _imports(name: bytes) -> re.Pattern[bytes]:
    """What stands in the imports of a file that imports a module, among others."""
    return re.compile(rb"(?:\bimport|\bfrom|,)[\s;]*\b%s\b" % name)


def names_at_hand(index: Index) -> frozenset[str]:
    """The last parts of those names on the list that a module can get at by its imports, and the replaced ones."""
    return (reached(_by_beginning(), index) | _replaced(index)) & listed_names()


def beginnings(names: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """What can be got at from each beginning of some full names.

    Args:
        names: full names, each with what it is for.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, purpose in names:
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            found[".".join(parts[:count])].add(purpose)
    return {beginning: frozenset(purposes) for beginning, purposes in found.items()}


def reached(table: Mapping[str, frozenset[str]], index: Index) -> frozenset[str]:
    """What a module can get at by its imports, of a table that `beginnings` made."""
    origins = [(name, found[0]) for name, found in _imported(index).items() if found[0] in table]
    return frozenset().union(*(table[origin] for name, origin in origins if _origin(name, index) == origin))


@cache
def _by_beginning() -> dict[str, frozenset[str]]:
    return beginnings((name, name.rpartition(".")[2]) for name in _entries())


def full_name(node: ast.expr, view: View) -> str:
    """The full name of what an expression is by the imports of the module; empty when it is not certain."""
    base, _, rest = dotted(node).partition(".")
    origin = _origin(base, view.index)
    if not origin or origin.partition(".")[0] in view.facts.modules or view.index.writes_namespace:
        return ""
    return ".".join(filter(None, (origin, rest)))


def entries(node: ast.AST, view: View) -> Iterator[tuple[Entry, ast.expr | ast.alias]]:
    """What the list says of an import, of an attribute of an imported module, or of an imported name to be replaced."""
    if isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and node.id in _replaced(view.index)):
        entry = _entries().get(full_name(node, view))
        if entry is not None and isinstance(node.ctx, ast.Load):
            yield entry, node
    elif isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0):
        for alias in node.names:
            name = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            entry = _listed(name)
            known = entry is not None and name.partition(".")[0] not in view.facts.modules
            if known and entry is not None and not (entry.removed == _PYTHON3 and _is_tried(node, view)):
                yield entry, alias


def is_moved(attempt: ast.stmt, fallback: ast.stmt, own: Container[str]) -> bool:
    """Whether one import brings under the same names what another one does, from where the list says that it is now.

    Args:
        attempt: the import by the old names.
        fallback: the import by the new ones.
        own: modules of the project.
    """
    old, new = dict(_brought(attempt)), dict(_brought(fallback))
    hidden = any(name.partition(".")[0] in own for name in (*old.values(), *new.values()))
    known = bool(old) and all(new.values()) and not hidden
    return known and {bound: _new_name(name) for bound, name in old.items()} == new


def _brought(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the full name of what it is; empty for what comes from the package."""
    if isinstance(statement, ast.Import):
        yield from ((bound_by(alias), alias.name if alias.asname else bound_by(alias)) for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        for alias in statement.names:
            yield bound_by(alias), "" if statement.level else f"{statement.module}.{alias.name}"


def _new_name(name: str) -> str:
    entry = _entries().get(name)
    if entry is None:
        return ""
    return entry.moved or (f"{name.rpartition('.')[0]}.{entry.rename}" if entry.rename else "")


def _is_tried(node: ast.AST, view: View) -> bool:
    """Whether an import stands in a `try`: then the code knows that the module may be missing."""
    return any(isinstance(parent, ast.Try) for parent in view.index.ancestors(node))


def _listed(name: str) -> Entry | None:
    """The entry of a name, or of the package it is in."""
    while name:
        if name in _entries():
            return _entries()[name]
        name = name.rpartition(".")[0]
    return None


@lru_cache(maxsize=16)
def _replaced(index: Index) -> frozenset[str]:
    """The imported names whose calls are to be written anew."""
    listed = _entries()
    origins = [(name, found[0]) for name, found in _imported(index).items() if found[0] in listed]
    return frozenset(name for name, origin in origins if listed[origin].call and _origin(name, index) == origin)


def _origin(name: str, index: Index) -> str:
    """What a name means that imports bind, always in the same way; empty for any other."""
    found = _imported(index).get(name, [""])
    return found[0] if len(set(found)) == 1 and index.bound[name] == len(found) else ""


@lru_cache(maxsize=16)
def _imported(index: Index) -> dict[str, list[str]]:
    """What the imports of a name bring, one after the other; an empty text for what comes from the same package."""
    found: dict[str, list[str]] = {}
    for statement in (*index.of(ast.Import), *index.of(ast.ImportFrom)):
        for bound, name in _brought(statement):
            found.setdefault(bound, []).append(name)
    return found
