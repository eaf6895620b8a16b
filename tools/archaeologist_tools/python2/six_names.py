"""What an expression or an import of six is on Python 3, from the reviewed list `six.toml`."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from archaeologist_tools.python2.standard import succeeds
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index

_MOVED_PACKAGES = {
    "six.moves.urllib.parse": "urllib.parse",
    "six.moves.urllib.request": "urllib.request",
    "six.moves.urllib.error": "urllib.error",
}


@cache
def table() -> dict[str, Any]:
    """The list, one table for each kind of name."""
    return tomllib.loads(resources.files(__package__).joinpath("six.toml").read_text(encoding="utf-8"))


def name_in_six(node: ast.expr, view: View) -> str:
    """The name of six that an expression is, such as `text_type` or `moves.range`; empty for any other."""
    bases = _bases(view.index)
    if not bases:
        return ""
    base, _, rest = dotted(node).partition(".")
    if base not in bases or "six" in view.facts.modules or view.index.writes_namespace:
        return ""
    name = bases[base]
    return ".".join(filter(None, (name, rest)))


def names_of_six(index: Index) -> frozenset[str]:
    """The names under which a module has six, or something of it."""
    return frozenset(_bases(index))


@lru_cache(maxsize=16)
def _bases(index: Index) -> dict[str, str]:
    """The names that are six, with an empty text, or a name in it, by one import at the top of the module."""
    found: dict[str, str] = {}
    for statement in index.tree.body:
        if isinstance(statement, ast.Import):
            found.update({alias.asname or "six": "" for alias in statement.names if alias.name == "six"})
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if statement.module == "six" and not statement.level:
                    found[alias.asname or alias.name] = alias.name
                elif alias.name == "six":
                    # A copy of six that a package carries along.
                    found[alias.asname or "six"] = ""
    return {base: name for base, name in found.items() if index.bound[base] == 1}


@dataclass(frozen=True)
class Moved:
    """What a name of six is called in the standard library.

    Attributes:
        text: the name there, with its module.
        module: the module, which has to be imported.
        rest: how many attributes are read from it.
    """

    text: str
    module: str
    rest: int


def moved(name: str) -> Moved | None:
    """What a name of six, such as `moves.cPickle.dumps`, is on Python 3; None for what is no name of a module."""
    match name.split("."):
        case ["moves", "urllib", module, *rest] if there := table()["urllib"].get(module):
            return Moved(there, there, len(rest))
        case ["moves", module, *rest] if there := table()["modules"].get(module):
            return Moved(there, there, len(rest))
        case ["moves", item, *rest] if there := table()["names"].get(item):
            return Moved(there, there.rpartition(".")[0], len(rest))
        case [item, *rest] if there := table()["objects"].get(item):
            return Moved(there, there.rpartition(".")[0], len(rest))
    return None


def plain_imports(statement: ast.ImportFrom, target: tuple[int, int], index: Index) -> list[str] | None:
    """The imports of the standard library that bind the same names to the same objects.

    Args:
        statement: an import from `six.moves` or below.
        target: the lowest Python.
        index: the index of the module.

    Returns:
        Statements; None when one of the names is not known.
    """
    if statement.module in _MOVED_PACKAGES:
        module = _MOVED_PACKAGES[statement.module]
        same = ast.ImportFrom(module, statement.names, 0)
        return [ast.unparse(same)] if succeeds(same, target, ()) else None
    if statement.module == "six.moves.urllib":
        known = all(alias.name in table()["urllib"] for alias in statement.names)
        return [ast.unparse(ast.ImportFrom("urllib", statement.names, 0))] if known else None
    found = [_plain_imports(alias, index) for alias in statement.names]
    return None if not all(found) else [text for texts in found for text in texts]


def _plain_imports(alias: ast.alias, index: Index) -> list[str]:
    bound = alias.asname or alias.name
    if module := table()["modules"].get(alias.name):
        return [f"import {module}" if module == bound else f"import {module} as {bound}"]
    if full := table()["names"].get(alias.name):
        module, _, name = full.rpartition(".")
        return [f"from {module} import {name}" if name == bound else f"from {module} import {name} as {bound}"]
    return _urllib(index) if alias.name == bound == "urllib" else []


def _urllib(index: Index) -> list[str]:
    """The imports of the modules of urllib that a module uses; none when it does more with the package."""
    uses = index.names.get("urllib", [])
    used = [parent for use in uses if isinstance(parent := index.parents[use], ast.Attribute)]
    known = {table()["urllib"].get(parent.attr, "") for parent in used}
    plain = len(used) == len(uses) and "" not in known and index.bound["urllib"] == 1
    return [f"import {module}" for module in sorted(known)] if plain else []
